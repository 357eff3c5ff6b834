import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../quiz/scores.test.ts');
