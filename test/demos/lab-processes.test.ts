import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCluster } from '../../src/cluster/create.ts';
import { createLog } from '../../src/create-services.ts';
import { openSharedLab, type SharedLab } from '../../src/demos/shared/lab.ts';
import { demos } from '../../src/experiments/index.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { rowsOf } from '../helpers/cluster.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';

/** A process that computes; see lab-process.ts. */
interface Member {
  child: ChildProcess;
  /** Seeds of the runs that it has begun. */
  began: number[];
}

const PATIENCE = { timeout: 30_000, interval: 20 };
let server: TestPostgres;
let url: string;
/** Asks, and computes nothing. */
let asker: SharedLab;
let close: () => Promise<void>;
const members: Member[] = [];
beforeAll(async () => {
  server = await startPostgres();
  url = await server.withTables();
  const log = createLog('silent');
  const store = await openPostgres(url);
  const cluster = (await createCluster(store, new Set(['web'] as const), log))!;
  await cluster.start();
  asker = await openSharedLab({ store, cluster, log, limits: { queued: 20, perOwner: 5 }, supervise: false });
  close = async () => {
    await asker.runs.close();
    await asker.close();
    await cluster.stop();
    await store.close();
  };
  await Promise.all([startMember(), startMember()]);
}, 60_000);
afterAll(async () => {
  for (const { child } of members) child.kill('SIGKILL');
  await close();
  await server.close();
});

async function startMember(): Promise<Member> {
  const child = fork(join(import.meta.dirname, 'lab-process.ts'), [url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const member: Member = { child, began: [] };
  members.push(member);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the process ended')));
    child.on('message', (message: { ready?: true; began?: number }) => {
      if (message.ready) resolve();
      if (message.began !== undefined) member.began.push(message.began);
    });
  });
  return member;
}

const [demo] = demos;
const ask = (ms: number, owner = 'a', onProgress?: (state: { place: number; fraction: number }) => void) =>
  asker.runs.ask(
    { demo: demo!.name, version: demo!.version, params: {}, seed: ms, parts: 1, seconds: 30 },
    { owner, ...(onProgress && { onProgress }) },
  );
const alive = () => members.filter(({ child }) => child.exitCode === null && child.signalCode === null);
const whoRuns = (seed: number, but?: Member) =>
  vi.waitFor(() => {
    const member = alive().find((one) => one !== but && one.began.includes(seed));
    expect(member).toBeDefined();
    return member!;
  }, PATIENCE);

it('a run whose process is killed is computed by another within seconds', { timeout: 40_000 }, async () => {
  const fractions: number[] = [];
  const run = ask(1_500, 'a', ({ fraction }) => fractions.push(fraction));
  const first = await whoRuns(1_500);
  await vi.waitFor(() => expect(fractions).toContain(0.5), PATIENCE);
  const from = performance.now();
  first.child.kill('SIGKILL');
  const second = await whoRuns(1_500, first);
  // Three seconds of silence, a second between two looks; a slow machine may take as long again.
  expect(performance.now() - from).toBeLessThan(10_000);
  expect(await run).toMatchObject({ cached: false, outcome: { measures: { pid: second.child.pid } } });
  await startMember();
});

it('a process that is held up past its time stores nothing over what another has found', { timeout: 40_000 }, async () => {
  const run = ask(1_600);
  const first = await whoRuns(1_600);
  first.child.kill('SIGSTOP');
  const found = await run;
  const second = await whoRuns(1_600, first);
  expect(found.outcome.measures.pid).toBe(second.child.pid);
  const stored = () => rowsOf(url, 'select key, made_at, report from lab.results order by key');
  const before = await stored();
  first.child.kill('SIGCONT');
  await sleep(2_500);
  expect(await stored()).toEqual(before);
  expect(await rowsOf(url, 'select 1 from lab.runs')).toEqual([]);
  expect(alive()).toContain(first);
});

it('a run is cancelled in the process that is at it, which is free for the next', { timeout: 40_000 }, async () => {
  const runs = Promise.allSettled([ask(500_001, 'c'), ask(500_002, 'c'), ask(500_003, 'c'), ask(500_004, 'c')]);
  for (const seed of [500_001, 500_002, 500_003, 500_004]) await whoRuns(seed);
  expect(await asker.runs.cancel('someone else')).toBe(0);
  expect(await asker.runs.cancel('c')).toBe(4);
  for (const result of await runs) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'run-cancelled' } });
  expect(await ask(5, 'c')).toMatchObject({ cached: false });
});

it('a process that is stopped hands back what it is at, which counts as no try', { timeout: 40_000 }, async () => {
  const run = ask(1_700);
  const first = await whoRuns(1_700);
  first.child.send('stop');
  const second = await whoRuns(1_700, first);
  const [row] = await rowsOf<{ attempt: number }>(url, 'select attempt::int from lab.runs');
  expect(row).toEqual({ attempt: 0 });
  expect((await run).outcome.measures.pid).toBe(second.child.pid);
});

it('a run that kills every process that tries is put aside after three tries, until the host decides', { timeout: 60_000 }, async () => {
  await Promise.all(Array.from({ length: 4 - alive().length }, startMember));
  const poisoned = ask(666, 'p');
  const failed = expect(poisoned).rejects.toMatchObject({ code: 'run-set-aside', params: { demo: demo!.name } });
  const beside = ask(8_000, 'q');
  await failed;
  expect(members.filter(({ began }) => began.includes(666))).toHaveLength(3);
  expect(alive().length).toBeGreaterThan(0);
  // What ran beside it is not lost.
  expect(await beside).toMatchObject({ outcome: { measures: { pid: expect.any(Number) } } });
  await expect(ask(666, 'p')).rejects.toMatchObject({ code: 'run-set-aside' });
  const dead = await asker.runs.dead();
  expect(dead).toEqual([expect.objectContaining({ demo: demo!.name, seed: 666, reason: 'process-died' })]);

  expect(await asker.runs.settleDead(dead[0]!.id, 'delete')).toBe(true);
  expect(await asker.runs.settleDead(dead[0]!.id, 'delete')).toBe(false);
  expect(await asker.runs.dead()).toEqual([]);
});
