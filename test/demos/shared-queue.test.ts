import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCluster } from '../../src/cluster/create.ts';
import { createLog } from '../../src/create-services.ts';
import type { Outcome } from '../../src/demos/demo.ts';
import { openSharedLab, type SharedLab } from '../../src/demos/shared/lab.ts';
import { keyOf } from '../../src/demos/shared/ledger.ts';
import { demos } from '../../src/experiments/index.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { createBoss, RUNS } from '../../src/store/postgres/queue.ts';
import { rowsOf } from '../helpers/cluster.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { createHeld, describeQueue } from './queue-contract.ts';

let server: TestPostgres;
const open: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  for (const close of open.reverse()) await close();
  await server.close();
});

const [demo] = demos;
const OUTCOME: Outcome = { series: [], measures: { held: 1 }, checks: [] };
/** A run that is told from others by its seed. */
const taskOf = (seed: number) => ({ demo: demo!.name, version: demo!.version, params: {}, seed, parts: 1, seconds: 30 });

async function openLab(url: string, limits = { queued: 20, perOwner: 5 }): Promise<SharedLab> {
  const log = createLog('silent');
  const store = await openPostgres(url);
  const cluster = (await createCluster(store, new Set(['lab']), log))!;
  await cluster.start();
  const lab = await openSharedLab({ store, cluster, log, limits, supervise: true });
  open.push(async () => {
    await lab.runs.close();
    await lab.close();
    await cluster.stop();
    await store.close();
  });
  return lab;
}

describeQueue('the queue that processes share', async ({ atOnce, ...limits }) => {
  const url = await server.withTables();
  const lab = await openLab(url, limits);
  const held = createHeld();
  const names: string[] = [];
  await lab.serve(atOnce, async (_, { seed }) => {
    await held.run(names[seed]!);
    return { outcome: OUTCOME, backend: 'held', ms: 1 };
  });
  return {
    ...held,
    async status() {
      const [row] = await rowsOf<{ running: number; queued: number }>(
        url,
        'select count(worker)::int as running, (count(*) - count(worker))::int as queued from lab.runs',
      );
      return row!;
    },
    ask(name, { owner, signal, onPlace }) {
      names.push(name);
      return lab.runs.ask(taskOf(names.length - 1), {
        owner,
        ...(signal && { signal }),
        ...(onPlace && { onProgress: ({ place }) => onPlace(place) }),
      });
    },
  };
});

it('computes a run once that two processes ask for, and answers both; later from what is stored', { timeout: 60_000 }, async () => {
  const url = await server.withTables();
  const labs = await Promise.all([openLab(url), openLab(url)]);
  let times = 0;
  const held = createHeld();
  for (const lab of labs)
    await lab.serve(2, async () => {
      times++;
      await held.run('it');
      return { outcome: { ...OUTCOME, measures: { diverged: Number.NaN } }, backend: 'held', ms: 1 };
    });
  const asked = labs.map((lab, i) => lab.runs.ask(taskOf(1), { owner: `${i}` }));
  await vi.waitFor(async () => expect(await rowsOf(url, 'select 1 from lab.asks where outcome is null')).toHaveLength(2), 20_000);
  held.finish('it');
  const found = await Promise.all(asked);
  expect(found).toEqual(
    Array(2).fill(expect.objectContaining({ cached: false, outcome: expect.objectContaining({ measures: { diverged: Number.NaN } }) })),
  );
  expect(await labs[1]!.runs.ask(taskOf(1), { owner: 'x' })).toMatchObject({ cached: true });
  expect(times).toBe(1);
});

it('gives a newcomer the next turn where ten thousand runs of somebody else wait, and is not held up by them', {
  timeout: 120_000,
}, async () => {
  const url = await server.withTables();
  const lab = await openLab(url, { queued: 20_000, perOwner: 5 });
  const store = await openPostgres(url);
  open.push(() => store.close());
  const boss = createBoss(store.pool, { supervise: false });
  await boss.start();
  for (let from = 0; from < 10_000; from += 2_000) {
    const some = Array.from({ length: 2_000 }, (_, i) => {
      const task = taskOf(from + i);
      return { id: randomUUID(), key: keyOf(task), task, turn: from + i };
    });
    await boss.insert(
      RUNS,
      some.map(({ id, key, task, turn }) => ({ id, data: { key, task }, singletonKey: key, priority: -turn })),
    );
    const waiting = { parts: 1, worker: null, attempt: null, until: null };
    await store.db
      .insertInto('lab.runs')
      .values(some.map(({ id, key, task, turn }) => ({ key, job: id, task: JSON.stringify(task), turn, ...waiting })))
      .execute();
  }
  await boss.stop({ graceful: false, close: false });

  const places: number[] = [];
  const from = performance.now();
  const asked = lab.runs.ask(taskOf(20_000), { owner: 'newcomer', onProgress: ({ place }) => places.push(place) });
  await vi.waitFor(() => expect(places).not.toEqual([]), 60_000);
  const waited = performance.now() - from;
  // After the one whose turn it is.
  expect(places[0]).toBe(2);
  const begun: number[] = [];
  await lab.serve(1, async (_, { seed }) => {
    begun.push(seed);
    return { outcome: OUTCOME, backend: 'held', ms: 1 };
  });
  expect(await asked).toMatchObject({ cached: false });
  expect(begun.slice(0, 2)).toEqual([0, 20_000]);
  process.stdout.write(`\n10,000 runs wait: a place in line after ${waited.toFixed(0)} ms\n`);
});
