import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULTS } from '../../commands/quiz.ts';
import { FIRST_BOARD, REVEAL_SECONDS, TALK_SECONDS } from '../../src/quiz/create.ts';
import { VOTES_WITHIN } from '../../src/quiz/drawing.ts';
import { REFUSED_WAITS, WAITS } from '../../src/quiz/failures.ts';
import { LAST_CHANGE, MAX_IDLE, MAX_PAUSE, PRESENT } from '../../src/quiz/reducer.ts';
import { REFRESH_EVERY, STORE_AGAIN } from '../../src/quiz/runner.ts';
import { RUN_AGAIN } from '../../src/quiz/showing.ts';
import { HELD_LATE, HOLD_AGAIN } from '../../src/quiz/timetable/create.ts';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it('docs/quiz.md states the waits that the code has', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/quiz.md'), 'utf8');
  const table = text.slice(text.indexOf('**Waits**'), text.indexOf('**Durable.**'));
  const told = [...table.matchAll(/\| ([\d.]+) (s|min|questions) \|$/gm)].map(([, count, unit]) =>
    unit === 'questions' ? Number(count) : Number(count) * (unit === 's' ? 1_000 : 60_000),
  );
  expect(told).toEqual([
    ...[DEFAULTS.lobbySeconds * 1_000, DEFAULTS.seconds * 1_000, REVEAL_SECONDS * 1_000, TALK_SECONDS * 1_000, LAST_CHANGE, PRESENT],
    ...[MAX_IDLE, MAX_PAUSE, REFRESH_EVERY, VOTES_WITHIN, RUN_AGAIN, STORE_AGAIN],
    ...[sum(WAITS), sum(REFUSED_WAITS), HELD_LATE, HOLD_AGAIN, FIRST_BOARD],
  ]);
});
