import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../store/spaces.test.ts');
