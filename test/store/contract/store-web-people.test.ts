import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../adapters/web/people.test.ts');
