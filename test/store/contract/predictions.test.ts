import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../predictions/predictions.test.ts');
