import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { QueueLimits } from '../../src/demos/fairness.ts';

/** A queue of runs under test; each run lasts until the test lets it end. */
export interface TestQueue {
  /** Resolves once the run has ended. */
  ask(name: string, options: { owner: string; signal?: AbortSignal; onPlace?: (place: number) => void }): Promise<unknown>;
  /** The run ends as soon as it has begun. */
  finish(name: string): void;
  /** Names, in the order in which they were begun. */
  begun: readonly string[];
  status(): Promise<{ running: number; queued: number }>;
}

export type OpenQueue = (limits: QueueLimits & { atOnce: number }) => Promise<TestQueue>;

/** Begun runs of a test, and the moments when they may end. */
export function createHeld(): { begun: string[]; finish(name: string): void; run(name: string): Promise<void> } {
  const begun: string[] = [];
  const may = new Map<string, PromiseWithResolvers<void>>();
  const of = (name: string) => {
    const held = may.get(name) ?? Promise.withResolvers<void>();
    may.set(name, held);
    return held;
  };
  return {
    begun,
    finish: (name) => of(name).resolve(),
    async run(name) {
      begun.push(name);
      await of(name).promise;
    },
  };
}

/** What both queues do alike: that of one process, and that which processes share. */
export function describeQueue(title: string, open: OpenQueue): void {
  const patience = { timeout: 20_000, interval: 10 };
  /** Asks in this order, each once the one before has its place. */
  async function askAll(queue: TestQueue, names: readonly string[]): Promise<Promise<unknown>[]> {
    const all: Promise<unknown>[] = [];
    for (const [i, name] of names.entries()) {
      all.push(queue.ask(name, { owner: name[0]! }));
      await vi.waitFor(async () => {
        const { running, queued } = await queue.status();
        expect(running + queued).toBe(i + 1);
      }, patience);
    }
    return all;
  }
  const begun = (queue: TestQueue, names: readonly string[]) => vi.waitFor(() => expect(queue.begun).toEqual(names), patience);

  describe(title, { timeout: 60_000 }, () => {
    it('serves the person with the fewest running runs first', async () => {
      const queue = await open({ atOnce: 2, queued: 10, perOwner: 5 });
      const all = [...(await askAll(queue, ['a1', 'a2'])), Promise.resolve()];
      await begun(queue, ['a1', 'a2']);
      all.push(queue.ask('a3', { owner: 'a' }));
      await vi.waitFor(async () => expect((await queue.status()).queued).toBe(1), patience);
      all.push(queue.ask('b1', { owner: 'b' }));
      await vi.waitFor(async () => expect((await queue.status()).queued).toBe(2), patience);
      queue.finish('a1');
      await begun(queue, ['a1', 'a2', 'b1']);
      for (const name of ['a2', 'b1', 'a3']) queue.finish(name);
      await Promise.all(all);
      expect(queue.begun).toEqual(['a1', 'a2', 'b1', 'a3']);
      expect(await queue.status()).toEqual({ running: 0, queued: 0 });
    });

    it('takes turns between people when only one run is computed at a time', async () => {
      const queue = await open({ atOnce: 1, queued: 10, perOwner: 5 });
      const names = ['a1', 'a2', 'a3', 'b1', 'b2'];
      const all = await askAll(queue, names);
      for (const name of names) queue.finish(name);
      await Promise.all(all);
      expect(queue.begun).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    });

    it('does not let twenty runs of one person delay the first of another, who comes later', async () => {
      const queue = await open({ atOnce: 1, queued: 40, perOwner: 30 });
      const greedy = Array.from({ length: 20 }, (_, i) => `a${i}`);
      const all = await askAll(queue, greedy);
      for (const name of greedy.slice(0, 10)) queue.finish(name);
      await begun(queue, greedy.slice(0, 11));
      all.push(queue.ask('b', { owner: 'b' }));
      await vi.waitFor(async () => expect((await queue.status()).queued).toBe(10), patience);
      for (const name of [...greedy, 'b']) queue.finish(name);
      await Promise.all(all);
      expect(queue.begun.indexOf('b')).toBe(11);
    });

    it('tells each its place, and says when it is full or one person asks too much', async () => {
      const queue = await open({ atOnce: 1, queued: 2, perOwner: 2 });
      const places: number[] = [];
      const all = await askAll(queue, ['a', 'b']);
      all.push(queue.ask('c', { owner: 'c', onPlace: (place) => places.push(place) }));
      await vi.waitFor(() => expect(places).toEqual([2]), patience);
      await expect(queue.ask('d', { owner: 'd' })).rejects.toMatchObject({ code: 'queue-full', params: { queued: 2 } });
      queue.finish('a');
      await vi.waitFor(() => expect(places).toEqual([2, 1]), patience);
      all.push(queue.ask('c2', { owner: 'c' }));
      await vi.waitFor(async () => expect((await queue.status()).queued).toBe(2), patience);
      await expect(queue.ask('c3', { owner: 'c' })).rejects.toMatchObject({ code: 'too-many-runs', params: { limit: 2 } });
      for (const name of ['b', 'c', 'c2']) queue.finish(name);
      await Promise.all(all);
      expect(places.filter((place, i) => place !== places[i - 1])).toEqual([2, 1, 0]);
    });

    it('drops a waiting run that is cancelled', async () => {
      const queue = await open({ atOnce: 1, queued: 5, perOwner: 5 });
      const cancel = new AbortController();
      const [running] = await askAll(queue, ['a']);
      const waiting = queue.ask('b', { owner: 'b', signal: cancel.signal });
      const failed = expect(waiting).rejects.toMatchObject({ code: 'run-cancelled' });
      await vi.waitFor(async () => expect((await queue.status()).queued).toBe(1), patience);
      cancel.abort();
      await failed;
      queue.finish('a');
      await running;
      await sleep(50);
      expect(queue.begun).toEqual(['a']);
    });
  });
}
