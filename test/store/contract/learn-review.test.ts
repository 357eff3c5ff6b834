import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../learn/review.test.ts');
