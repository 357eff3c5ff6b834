import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../store/starting-together.test.ts');
