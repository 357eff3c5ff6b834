import { killTable, playAllKills } from '../../../test/helpers/kill-matrix.ts';
import type { TestPostgres } from '../../../test/helpers/postgres.ts';

/** The kill matrix over Postgres, all steps; the one over a SQLite file is printed by test/quiz/crash.test.ts. */
export async function benchKills(server: TestPostgres): Promise<{ text: string; ok: boolean }> {
  const databases = await Promise.all([server.withTables(), server.withTables(), server.withTables()]);
  const { kills, endings } = await playAllKills(databases as [string, string, string]);
  const worst = Math.max(...kills.map(({ takeover }) => takeover ?? 0));
  const bad = kills.filter(({ lost, twice }) => lost + twice > 0).length;
  const whole = endings.filter(
    ({ ended, receipts, stored, graded, posted }) =>
      ended && receipts === 5 && stored === 5 && graded === 4 && posted.join() === '1,1,1,1,1,1',
  );
  const others = endings.filter((ending) => !whole.includes(ending)).map((ending) => `\n${JSON.stringify(ending)}`);
  const text = `${killTable(kills)}\n${kills.length} kills, ${bad} with something lost or twice, slowest takeover ${(worst / 1000).toFixed(2)} s, ${whole.length} of ${endings.length} quizzes came to their right end${others.join('')}`;
  return { text, ok: bad === 0 && worst <= 5_000 && whole.length === endings.length };
}
