// One program of bench/demos.ts: `demo-program.ts BACKEND DEMO` or `demo-program.ts --leaks BACKEND RUNS`.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/create-services.ts';
import { createDemos, type Lab } from '../../src/demos/create.ts';

export interface DemoFigures {
  /** Milliseconds: first run and chart of the program, the next with another seed, the same again. */
  cold: number;
  warm: number;
  cached: number;
  /** Of the warm run alone. */
  run: number;
  /** Peak megabytes of the program and, where there is one, its worker process. */
  memory: number;
}

/** Small, and between them every kind of tensor work. */
const SMALL: readonly [string, Record<string, string>][] = [
  ['gradient-norms', { depth: '4', width: '16', seeds: '2' }],
  ['training-plateau', { depth: '2', width: '8', steps: '20', seeds: '1' }],
  ['equal-epochs', { batches: '64', epochs: '1', seeds: '2' }],
  ['bert-layers', { steps: '2', layers: '1' }],
  ['batchnorm-statistics', {}],
  ['residual-depth', { depths: '5', width: '16', seeds: '2' }],
];

function statusOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${field}:\\s+(\\d+)`));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}

const pids = (lab: Lab) => [process.pid, ...lab.processIds()];
const total = (lab: Lab, field: 'VmHWM' | 'VmRSS') => pids(lab).reduce((sum, pid) => sum + statusOf(pid, field), 0);

function open(backend: string, workers?: number): Lab {
  const config = readConfig({ TF_BACKEND: backend, CACHE_DIR: mkdtempSync(join(tmpdir(), 'bench-')) }, 'no.env');
  return createDemos({ config, log: createLog('error'), ...(workers && { workers }) });
}

async function speed(backend: string, demo: string): Promise<DemoFigures> {
  const lab = open(backend);
  const once = async (seed: number) => {
    const started = performance.now();
    const run = await lab.run(demo, {}, seed, { owner: 'bench' });
    await lab.draw(run, 'en');
    return { ms: Math.round(performance.now() - started), run: run.ms };
  };
  const cold = await once(1);
  const warm = await once(2);
  const cached = await once(2);
  const memory = total(lab, 'VmHWM');
  await lab.close();
  return { cold: cold.ms, warm: warm.ms, cached: cached.ms, run: warm.run, memory };
}

async function leaks(backend: string, runs: number): Promise<{ rss: number[] }> {
  const lab = open(backend, 1);
  const rss: number[] = [];
  for (let i = 1; i <= runs; i++) {
    const [demo, params] = SMALL[i % SMALL.length]!;
    // Another seed each time, so that nothing comes from the cache.
    await lab.run(demo, params, i, { owner: 'bench' });
    if (i % Math.ceil(runs / 10) === 0) rss.push(total(lab, 'VmRSS'));
  }
  await lab.close();
  return { rss };
}

const [first = '', second = '', third = '200'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(first === '--leaks' ? await leaks(second, Number(third)) : await speed(first, second))}\n`);
