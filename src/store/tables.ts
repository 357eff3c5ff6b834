import type { Db } from './database.ts';

/** A table of ours with its columns. */
export interface Table {
  name: string;
  columns: string[];
}

/** Tables of later versions of ours may share the schema; other programs' schemas, such as a queue's, are not ours. */
const OURS = [undefined, 'public'];

/** All tables, by name, those of other parts and later versions too. */
export async function tablesOf(db: Db): Promise<Table[]> {
  const tables = await db.introspection.getTables();
  return tables
    .filter(({ schema, isView }) => OURS.includes(schema) && !isView)
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
