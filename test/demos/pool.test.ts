import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { errorReply, type UserError } from '../../src/core/errors.ts';
import { loadStrings } from '../../src/core/i18n.ts';
import { toText } from '../../src/core/reply.ts';
import { createLog } from '../../src/create-services.ts';
import { createCache } from '../../src/demos/cache.ts';
import { createDemos, type Lab, type LabOptions } from '../../src/demos/create.ts';
import { failureCode } from '../../src/demos/executor.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'pool-'));
const open: Lab[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((lab) => lab.close()));
});

function createLab(options: Partial<LabOptions> = {}, cacheDir = folder()): Lab {
  const config = { ...readConfig({ TF_BACKEND: 'wasm' }, 'no.env'), cacheDir };
  const lab = createDemos({ config, log: createLog('silent'), ...options });
  open.push(lab);
  return lab;
}

/** A run long enough to be interrupted, and the moment when it is under way. */
function longRun(lab: Lab, owner: string, seed = 1, steps = 600) {
  let underWay = () => {};
  const started = new Promise<void>((resolve) => {
    underWay = resolve;
  });
  const places: number[] = [];
  const run = lab.run('bert-layers', { steps }, seed, {
    owner,
    onProgress: ({ place, fraction }) => {
      if (places.at(-1) !== place) places.push(place);
      if (fraction > 0) underWay();
    },
  });
  return { run, started, places };
}

const quick = (lab: Lab, seed: number, owner = 'other') => lab.run('gradient-descent', {}, seed, { owner });

describe('a worker that is a process', () => {
  it('computes the same as a thread, of a run that diverges too, and is replaced when it is killed', { timeout: 90_000 }, async () => {
    const lab = createLab({ runtime: 'child_process', workers: 1 });
    const params = { rates: '3', curvature: '1000', steps: '1000' };
    const [process, thread] = await Promise.all(
      [lab, createLab({ workers: 1 })].map((one) => one.run('gradient-descent', params, 1, { owner: 'a' })),
    );
    expect(process!.outcome).toEqual(thread!.outcome);
    expect(process!.outcome.diverged).toEqual([{ name: 'η = 3', step: 1 }]);

    const { run, started } = longRun(lab, 'a');
    const failed = expect(run).rejects.toMatchObject({ code: 'worker-died' });
    await started;
    const [before] = lab.processIds();
    globalThis.process.kill(before!, 'SIGKILL');
    await failed;
    expect((await quick(lab, 2)).outcome.checks).toHaveLength(3);
    expect(lab.processIds()).not.toContain(before);
  });

  it('may die while idle without harm', { timeout: 60_000 }, async () => {
    const lab = createLab({ runtime: 'child_process', workers: 1 });
    await quick(lab, 1);
    process.kill(lab.processIds()[0]!, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await quick(lab, 2)).cached).toBe(false);
  });
});

describe('a worker that is a thread', () => {
  it('is replaced when it runs out of heap, and the run says so', { timeout: 60_000 }, async () => {
    const lab = createLab({ workers: 1, heapMb: 40 });
    const run = lab.run('bagging-variance', { trees: 200, datasets: 500 }, 1, { owner: 'a' });
    const error: unknown = await run.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'run-too-large' });
    const said = (['en', 'zh'] as const).map((locale) => toText(errorReply(error as UserError, loadStrings()(locale))));
    expect(said).toEqual([
      expect.stringMatching(/bagging-variance needs more memory[\s\S]*smaller parameters/),
      expect.stringMatching(/bagging-variance 需要的内存[\s\S]*请减小参数/),
    ]);
    expect((await quick(lab, 1)).outcome.checks).toHaveLength(3);
  });

  it('tells an array that cannot be had from a fault of the experiment', () => {
    const code = (run: () => unknown) => {
      try {
        return run();
      } catch (error) {
        return failureCode(error);
      }
    };
    expect(code(() => new Float64Array(2 ** 42))).toBe('run-too-large');
    expect(code(() => new Float64Array(-1))).toBe('run-failed');
  });

  it('stops a run whose tensors take too much', { timeout: 60_000 }, async () => {
    const lab = createLab({ workers: 1, tensorMb: 0.01 });
    await expect(lab.run('training-plateau', { seeds: 1 }, 1, { owner: 'a' })).rejects.toMatchObject({ code: 'run-too-large' });
  });
});

describe('a run in parts', () => {
  const small = { remedies: 'relu-he', depth: 2, width: 8, steps: 20 };

  it('gives the same on one worker as on two, also with fewer nets than parts', { timeout: 60_000 }, async () => {
    const labs = [1, 2].map((workers) => createLab({ workers }));
    for (const seeds of [1, 3]) {
      const [one, two] = await Promise.all(labs.map((lab) => lab.run('training-plateau', { ...small, seeds }, 1, { owner: 'a' })));
      expect(one!.outcome.series[0]!.y).toHaveLength(21);
      expect(two!.outcome).toEqual(one!.outcome);
    }
  });

  it('ends as a whole when the worker of one part is killed', { timeout: 90_000 }, async () => {
    const lab = createLab({ runtime: 'child_process', workers: 2 });
    const fractions: number[] = [];
    let underWay = () => {};
    const started = new Promise<void>((resolve) => {
      underWay = resolve;
    });
    const run = lab.run('batchnorm-grid', {}, 1, {
      owner: 'a',
      onProgress({ fraction }) {
        fractions.push(fraction);
        if (lab.processIds().length === 2 && fraction > 0) underWay();
      },
    });
    const failed = expect(run).rejects.toMatchObject({ code: 'worker-died' });
    await started;
    process.kill(lab.processIds()[1]!, 'SIGKILL');
    await failed;
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(lab.status()).toMatchObject({ running: 0, queued: 0 });
    expect((await quick(lab, 2)).outcome.checks).toHaveLength(3);
  });
});

describe('training gives way to who waits for an answer', { timeout: 60_000 }, () => {
  it('in a process', async () => {
    const lab = createLab({ runtime: 'child_process', workers: 1 });
    await quick(lab, 1);
    expect(getPriority(lab.processIds()[0]!)).toBe(Math.min(19, getPriority() + 5));
  });

  // Elsewhere a thread has no priority of its own.
  it.runIf(process.platform === 'linux')('in a thread, and the program itself does not', async () => {
    const lab = createLab({ workers: 1 });
    const before = getPriority();
    await quick(lab, 1);
    const threads = readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)));
    expect(threads).toContain(Math.min(19, before + 5));
    expect(getPriority(process.pid)).toBe(before);
  });
});

describe('the queue before the workers', () => {
  it('serves others while one person asks for fifty runs at once', { timeout: 120_000 }, async () => {
    const lab = createLab({ workers: 1 });
    const first = longRun(lab, 'greedy', 1, 100);
    await first.started;
    const order: string[] = [];
    const greedy = Array.from({ length: 49 }, (_, i) => quick(lab, 100 + i, 'greedy').then(() => order.push('greedy')));
    const settled = Promise.allSettled(greedy);
    const polite = quick(lab, 1, 'polite').then(() => order.push('polite'));
    await Promise.all([first.run, polite, settled]);
    // Twelve of the greedy person's runs are taken, the long one among them; the polite one overtakes all that wait.
    expect(order).toEqual(['polite', ...Array(11).fill('greedy')]);
    const refused = (await settled).filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(38);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too-many-runs', params: { limit: 12 } });
  });

  it('tells the place, and draws while all workers are busy', { timeout: 60_000 }, async () => {
    const lab = createLab({ workers: 1 });
    const finished = await quick(lab, 1);
    const first = longRun(lab, 'a', 1);
    await first.started;
    const second = longRun(lab, 'b', 2);
    await vi.waitFor(() => expect(second.places).toEqual([1]));
    const third = longRun(lab, 'c', 3);
    await vi.waitFor(() => expect(third.places).toEqual([2]));
    const ended = Promise.allSettled([first.run, second.run, third.run]);
    expect((await lab.draw(finished, 'en')).width).toBeGreaterThan(1000);
    expect(await lab.cancel('a')).toBe(1);
    await second.started;
    expect([second.places, third.places]).toEqual([
      [1, 0],
      [2, 1],
    ]);
    await lab.cancel('c');
    await lab.cancel('b');
    for (const result of await ended) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'run-cancelled' } });
    expect(lab.status()).toMatchObject({ running: 0, queued: 0 });
  });
});

it('does not mind a clock that jumps', { timeout: 60_000 }, async () => {
  const lab = createLab({ workers: 1 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  try {
    const { run, started } = longRun(lab, 'a', 1, 40);
    await started;
    for (const year of [2040, 1999]) vi.setSystemTime(Date.UTC(year, 0, 1));
    expect((await run).outcome.measures['hidden-states']).toBe(4);
    expect((await lab.run('bert-layers', { steps: 40 }, 1, { owner: 'a' })).cached).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

describe('the cache', () => {
  it('stays within its bound and keeps what was used last', async () => {
    const at = folder();
    const cache = createCache(at, 10_000);
    for (let i = 0; i < 9; i++) await cache.set(`${i}`, 'x'.repeat(1_000));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await cache.get('0')).toHaveLength(1_000);
    await cache.set('9', 'x'.repeat(1_500));
    const kept = readdirSync(at);
    expect(kept.reduce((sum, name) => sum + statSync(join(at, name)).size, 0)).toBeLessThanOrEqual(7_500);
    expect(kept).toEqual(expect.arrayContaining(['0', '9']));
    expect(cache.bytes()).toBeLessThanOrEqual(7_500);
  });

  it('gives the same run and picture again, and does without a file that is damaged', { timeout: 60_000 }, async () => {
    const at = folder();
    const lab = createLab({ workers: 1 }, at);
    const first = await quick(lab, 1);
    const drawn = await lab.draw(first, 'en');
    const again = await quick(lab, 1);
    expect(again.cached).toBe(true);
    expect(again.outcome).toEqual(first.outcome);
    expect(Buffer.from((await lab.draw(again, 'en')).png).equals(drawn.png)).toBe(true);
    for (const name of readdirSync(join(at, 'runs'))) writeFileSync(join(at, 'runs', name), '{"cut');
    expect((await quick(lab, 1)).cached).toBe(false);
    expect((await lab.draw(first, 'en')).png.length).toBe(drawn.png.length);
  });

  it('draws a chart that is asked about without what it shows', { timeout: 60_000 }, async () => {
    const lab = createLab({ workers: 1 });
    const run = await quick(lab, 1);
    const pictures = await Promise.all([lab.draw(run, 'en'), lab.draw(run, 'en', { asked: true })]);
    expect(pictures[0].png.length).toBeGreaterThan(5_000);
    expect(Buffer.from(pictures[0].png).equals(pictures[1].png)).toBe(false);
  });

  it('costs no result when its folder cannot be had', { timeout: 60_000 }, async () => {
    const file = join(folder(), 'a-file');
    writeFileSync(file, '');
    const lab = createLab({ workers: 1 }, file);
    const run = await quick(lab, 1);
    expect((await lab.draw(run, 'en')).png.length).toBeGreaterThan(5_000);
  });

  it('leaves nothing behind when the disk is full', () => {
    const at = folder();
    // A limit on the size of files makes writes fail half way, as a full disk does, without being root.
    const script = `
      import { createCache } from ${JSON.stringify(join(import.meta.dirname, '../../src/demos/cache.ts'))};
      const cache = createCache(${JSON.stringify(at)}, 1e9);
      const code = await cache.set('large', 'x'.repeat(200_000)).then(() => 'written', (error) => error.code);
      await cache.set('small', 'x');
      console.log(code, (await cache.get('small')).length, cache.bytes());`;
    const said = execFileSync('bash', ['-c', `ulimit -f 64; exec "$0" --input-type=module -e "$1"`, process.execPath, script], {
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('EFBIG 1 1');
    expect(readdirSync(at)).toEqual(['small']);
    expect(existsSync(join(at, 'large'))).toBe(false);
  });
});
