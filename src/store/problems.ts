import type Database from 'better-sqlite3';

/** Every page of a database that is not whole and every row that points at nothing, in words for the host. */
export function problemsOf(sqlite: Database.Database): string[] {
  return [
    ...(sqlite.pragma('integrity_check') as { integrity_check: string }[]).map((row) => row.integrity_check),
    ...(sqlite.pragma('foreign_key_check') as { table: string; parent: string }[]).map(
      ({ table, parent }) => `a row of ${table} points at a missing row of ${parent}`,
    ),
  ].filter((line) => line !== 'ok');
}
