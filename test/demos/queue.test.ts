import { describe, expect, it } from 'vitest';
import { createFairQueue } from '../../src/demos/queue.ts';

function job(log: string[], name: string, owner: string) {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const start = async () => {
    log.push(name);
    await done;
  };
  return { owner, start, signal: new AbortController().signal, finish: () => finish() };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue', () => {
  it('serves the person with the fewest running jobs first', async () => {
    const queue = createFairQueue({ atOnce: 2, queued: 10, perOwner: 5 });
    const log: string[] = [];
    const jobs = ['a1', 'a2', 'a3', 'b1'].map((name) => job(log, name, name[0]!));
    const all = jobs.map((one) => queue.add(one));
    await tick();
    expect(log).toEqual(['a1', 'a2']);
    jobs[0]!.finish();
    await tick();
    expect(log).toEqual(['a1', 'a2', 'b1']);
    for (const one of jobs) one.finish();
    await Promise.all(all);
    expect(log).toEqual(['a1', 'a2', 'b1', 'a3']);
    expect(queue.status()).toEqual({ running: 0, queued: 0 });
  });

  it('takes turns between people when only one job runs at a time', async () => {
    const queue = createFairQueue({ atOnce: 1, queued: 10, perOwner: 5 });
    const log: string[] = [];
    const jobs = ['a1', 'a2', 'a3', 'b1', 'b2'].map((name) => job(log, name, name[0]!));
    const all = jobs.map((one) => queue.add(one));
    for (const one of jobs) one.finish();
    await Promise.all(all);
    expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('tells each its place, and says when it is full', async () => {
    const queue = createFairQueue({ atOnce: 1, queued: 1, perOwner: 5 });
    const [first, second, third] = ['a', 'b', 'c'].map((owner) => job([], owner, owner)) as [
      ReturnType<typeof job>,
      ReturnType<typeof job>,
      ReturnType<typeof job>,
    ];
    const places: number[] = [];
    const running = queue.add(first);
    const waiting = queue.add({ ...second, onPlace: (place) => places.push(place) });
    await tick();
    await expect(queue.add(third)).rejects.toMatchObject({ code: 'queue-full' });
    first.finish();
    second.finish();
    await Promise.all([running, waiting]);
    expect(places[0]).toBe(1);
    expect(places.at(-1)).toBe(0);
  });

  it('drops a waiting job that is cancelled', async () => {
    const queue = createFairQueue({ atOnce: 1, queued: 5, perOwner: 5 });
    const log: string[] = [];
    const [first, second] = [job(log, 'a', 'a'), job(log, 'b', 'b')];
    const cancel = new AbortController();
    const running = queue.add(first);
    const waiting = queue.add({ ...second, signal: cancel.signal });
    const failed = expect(waiting).rejects.toMatchObject({ code: 'run-cancelled' });
    cancel.abort();
    await failed;
    first.finish();
    await running;
    expect(log).toEqual(['a']);
  });
});
