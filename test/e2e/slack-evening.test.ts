import { expect, it } from 'vitest';
import { playEvening } from '../helpers/slack/evening.ts';

// The whole of it, with figures: npm run bench -- slack-evening
it('two workspaces play a quiz through a lost connection and kill -9, and no answer is lost', { timeout: 240_000 }, async () => {
  const figures = await playEvening({ players: 3, questions: 3, load: 1 });
  expect(figures).toMatchObject({ lost: [], askedTwice: [], violations: [], podiums: 2, kills: 1, exitCode: 0 });
  expect(figures.confirmed).toBe(2 * 3 * 3);
  expect(figures.connections).toBeGreaterThanOrEqual(3);
  expect(figures.edits.closest).toBeGreaterThanOrEqual(5_000);
  expect(figures.edits.perMinute).toBeLessThanOrEqual(50);
});
