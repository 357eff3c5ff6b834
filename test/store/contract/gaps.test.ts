import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../gaps/gaps.test.ts');
