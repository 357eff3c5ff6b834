import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEvening } from '../helpers/discord/evening.ts';

// The long one, with its figures: npm run bench -- discord-evening
it('an evening on Discord with npm start: killed in mid-question, reconnected, held up, and nothing is lost', {
  timeout: 300_000,
}, async () => {
  const report = await runEvening({ folder: mkdtempSync(join(tmpdir(), 'evening-')), questions: 2, training: 2, chatter: 3, seed: 6 });
  expect(report.failed).toEqual([]);
  expect(report.invalid).toEqual([]);
  // Two quizzes of two questions with ten players each: every answer has its receipt, the ones after the kill too.
  expect(report.receipts).toBe(40);
  expect(Object.values(report.boards)).toEqual([1, 1, 1, 1]);
  expect(report.podiums).toBe(2);
  expect(report.charts).toBeGreaterThan(0);
  expect(report.rateLimited).toBeGreaterThan(0);
  expect(report.gateway).toMatchObject({ identifies: 2, resumes: 1 });
  expect(report.stopMs).toBeLessThan(10_000);
});
