import type { Kysely } from 'kysely';

/** Codes with which people come into the room of a quiz on the page. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quiz_codes')
    .addColumn('code', 'text', (column) => column.primaryKey())
    .addColumn('quiz_id', 'text', (column) => column.notNull().unique().references('quizzes.id').onDelete('cascade'))
    .execute();
}
