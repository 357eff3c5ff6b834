import { onPostgres } from '../../helpers/postgres.ts';

await onPostgres();
await import('../../learn/reminders.test.ts');
