import { expect, it } from 'vitest';
import { createSystemClock } from '../../src/core/clock.ts';

it('goes on when the machine’s time is set back an hour, and follows when it is set forward', () => {
  let [wall, steady] = [1_000_000_000, 5_000];
  const clock = createSystemClock(
    () => wall,
    () => steady,
  );
  const pass = (ms: number, set = 0) => {
    wall += ms + set;
    steady += ms;
    return clock.now();
  };
  expect(clock.now()).toBe(1_000_000_000);
  expect(pass(10_000)).toBe(1_000_010_000);
  expect(pass(1_000, -3_600_000)).toBe(1_000_011_000);
  expect(pass(1_000)).toBe(1_000_012_000);
  expect(pass(0, 7_200_000)).toBe(1_000_012_000 + 3_600_000);
  expect(pass(500)).toBe(1_000_012_500 + 3_600_000);
});

it('calls back by the time that has really passed', async () => {
  let set = 0;
  const clock = createSystemClock(() => Date.now() + set);
  const called = new Promise((resolve) => clock.schedule(clock.now() + 30, () => resolve('called')));
  set = -3_600_000;
  expect(await called).toBe('called');
});
