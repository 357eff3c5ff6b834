import { WebAPIRateLimitedError } from '@slack/web-api';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createEdits } from '../../../src/adapters/slack/edits.ts';
import { createManualClock } from '../../helpers/clock.ts';

const log = pino({ level: 'silent' });

/** Edits of messages under a clock that is turned by hand; `made` says when each took place. */
function bench() {
  const clock = createManualClock(0);
  const made: { message: string; text: string; at: number }[] = [];
  const edit =
    (message: string, text: string, took = 0) =>
    async () => {
      if (took > 0) await new Promise<void>((resolve) => void clock.schedule(clock.now() + took, resolve));
      made.push({ message, text, at: clock.now() });
    };
  /** Milliseconds between the edits of one message. */
  const gaps = (message: string) => {
    const times = made.filter((one) => one.message === message).map(({ at }) => at);
    return times.slice(1).map((at, i) => at - times[i]!);
  };
  return { clock, made, edit, gaps };
}

it('edits one message at most every five seconds, with the newest edit, and another in the meantime', async () => {
  const { clock, made, edit, gaps } = bench();
  const edits = createEdits(clock, log);
  await clock.advance(10_000);
  for (let i = 0; i <= 60; i++) {
    edits.set('T', 'a', edit('a', `a${i}`, i % 3 === 0 ? 400 : 0));
    if (i % 20 === 0) edits.set('T', 'b', edit('b', `b${i}`));
    await clock.advance(250);
  }
  await clock.advance(10_000);
  expect(Math.min(...gaps('a'))).toBeGreaterThanOrEqual(5_000);
  expect(gaps('a')).toHaveLength(3);
  expect(made.findLast(({ message }) => message === 'a')!.text).toBe('a60');
  expect(made.filter(({ message }) => message === 'b').map(({ text }) => text)).toEqual(['b0', 'b20', 'b40', 'b60']);
});

it('keeps the distance to an edit of the process before, which may have been killed a moment ago', async () => {
  const { clock, made, edit, gaps } = bench();
  const before = createEdits(clock, log);
  await clock.advance(6_000);
  before.set('T', 'board', edit('board', 'before'));
  await clock.advance(100);
  const after = createEdits(clock, log);
  after.set('T', 'board', edit('board', 'after'));
  await clock.advance(4_900);
  expect(made.map(({ text }) => text)).toEqual(['before']);
  await clock.advance(200);
  expect(made.map(({ text }) => text)).toEqual(['before', 'after']);
  expect(gaps('board')[0]).toBeGreaterThanOrEqual(5_000);
});

it('keeps it for the last word on a message and at the end of the program too', async () => {
  const { clock, made, edit, gaps } = bench();
  const edits = createEdits(clock, log);
  await clock.advance(10_000);
  edits.set('T', 'run', edit('run', '40 %'));
  edits.set('T', 'board', edit('board', '1 answered'));
  await clock.advance(1_000);
  edits.set('T', 'run', edit('run', '60 %'));
  edits.set('T', 'board', edit('board', '2 answered'));
  const finished = edits.finish('T', 'run', edit('run', 'done'));
  const flushed = edits.flush();
  await clock.advance(10_000);
  await Promise.all([finished, flushed]);
  expect(made.map(({ text }) => text).sort()).toEqual(['1 answered', '2 answered', '40 %', 'done']);
  expect([...gaps('run'), ...gaps('board')]).toEqual([5_000, 5_000]);
  // A run that nobody has edited yet is finished at once, also just after the start.
  await createEdits(clock, log).finish('T', 'quick', edit('quick', 'done'));
  expect(made.at(-1)!.text).toBe('done');
});

it('waits as long as Slack asks, and loses nothing', async () => {
  const { clock, made, edit, gaps } = bench();
  const edits = createEdits(clock, log);
  await clock.advance(10_000);
  const began = clock.now();
  let refused = false;
  edits.set('T', 'board', async () => {
    if (refused) return edit('board', 'late')();
    refused = true;
    throw new WebAPIRateLimitedError(30);
  });
  await clock.advance(29_000);
  expect(made).toEqual([]);
  await clock.advance(2_000);
  expect(made).toEqual([{ message: 'board', text: 'late', at: began + 30_000 }]);
  expect(gaps('board')).toEqual([]);
});
