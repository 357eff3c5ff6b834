import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../own-notes/store.test.ts');
