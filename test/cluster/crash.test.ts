import { afterAll, beforeAll, expect, it } from 'vitest';
import { STEPS } from '../helpers/crash-steps.ts';
import { killTable, playKills } from '../helpers/kill-matrix.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';

/**
 * One of each kind: in a transaction of somebody's answer, between it and the receipt, in one of the clock's, between a
 * message and the note of it. All of them are run by `npm run bench -- cluster --only kills`.
 */
const HERE = ['after q0', 'reply b1', 'store deadline 1', 'after podium'];

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

it('goes on in another process within 5 s, whatever step the one that shows the quiz is killed at', { timeout: 240_000 }, async () => {
  const wanted = STEPS.filter(([, step]) => HERE.includes(step));
  const { kills, ending } = await playKills(await server.withTables(), wanted);
  process.stdout.write(`\n${killTable(kills)}\n`);
  expect(kills.map(({ step }) => step)).toEqual(wanted);
  for (const { step, lost, twice, takeover } of kills) {
    expect({ lost, twice }, step[0]).toEqual({ lost: 0, twice: 0 });
    expect(takeover ?? 0, step[0]).toBeLessThan(5_000);
  }
  expect(kills.some(({ takeover }) => takeover !== undefined)).toBe(true);
  expect(ending).toEqual({
    ...{ receipts: 5, stored: 5, twice: 0, graded: 4, posted: [1, 1, 1, 1, 1, 1], ended: true, reviews: 4 },
    scores: [
      { name: 'ana', correct: 2, answered: 2 },
      { name: 'ben', correct: 1, answered: 1 },
      { name: 'eve', correct: 0, answered: 1 },
    ],
  });
});
