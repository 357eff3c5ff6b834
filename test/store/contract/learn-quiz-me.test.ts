import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../learn/quiz-me.test.ts');
