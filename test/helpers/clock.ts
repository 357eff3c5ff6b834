import type { Clock } from '../../src/core/clock.ts';

export interface ManualClock extends Clock {
  /** Turns the clock on; what falls due runs in order, with the rest of the program between. */
  advance(ms: number): Promise<void>;
  /** Turns the hands without letting anything fall due. */
  set(at: number): void;
  /** What to wait for each time before the clock is turned on. */
  idle: () => Promise<void>;
}

/** A clock that stands still until it is turned. */
export function createManualClock(start = Date.UTC(2026, 10, 24, 12)): ManualClock {
  let time = start;
  let timers: { at: number; run: () => void }[] = [];
  const settle = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.idle();
  };
  const clock: ManualClock = {
    idle: async () => {},
    set(at) {
      time = at;
    },
    now: () => time,
    schedule(at, run) {
      const timer = { at, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const until = time + ms;
      await settle();
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.run();
        await settle();
      }
      time = until;
    },
  };
  return clock;
}

/** A clock that runs `times` as fast as the machine's, for programs that wait between attempts. */
export function createHastyClock(times: number): Clock {
  const began = Date.now();
  return {
    now: () => Math.floor(began + (Date.now() - began) * times),
    schedule(at, run) {
      const timer = setTimeout(run, Math.max(0, (at - this.now()) / times));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** The machine's time, some milliseconds ahead, which can be set on: timers that are passed over run at once. */
export function createMovableClock(ahead: number): Clock & { move(to: number): void } {
  let moved = ahead;
  const timers = new Map<object, () => void>();
  return {
    now: () => Date.now() + moved,
    schedule(at, run) {
      const key = {};
      let timer: NodeJS.Timeout;
      const arm = () => {
        clearTimeout(timer);
        timer = setTimeout(
          () => {
            if (at > this.now()) return arm();
            timers.delete(key);
            run();
          },
          Math.max(0, at - this.now()),
        );
      };
      timers.set(key, arm);
      arm();
      return () => {
        clearTimeout(timer);
        timers.delete(key);
      };
    },
    move(to) {
      moved = to;
      for (const arm of [...timers.values()]) arm();
    },
  };
}
