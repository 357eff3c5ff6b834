// `npm run bench -- demos`: every demo with its defaults on each backend, in a program of its own: the first run and
// chart of a fresh program (cold), the next with another seed (warm), the same again (cached), and peak memory.
// Plain CPU is given a minute for all three. `--leaks` runs small demos 200 times in one worker instead and watches memory;
// a leaked tensor fails a run anyway.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nativeAvailable } from '../src/demos/backend.ts';
import { demos } from '../src/experiments/index.ts';
import type { DemoFigures } from './lib/demo-program.ts';

const { values, positionals } = parseArgs({
  args: process.argv.slice(3),
  options: {
    backends: { type: 'string', default: nativeAvailable() ? 'wasm,native,cpu' : 'wasm,cpu' },
    leaks: { type: 'boolean', default: false },
    runs: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

/** For plain CPU, which takes minutes for the long experiments: what matters there is only how many times slower it is. */
const PLAIN_WITHIN = 60_000;

const program = (timeout: number | undefined, ...args: string[]) => {
  const file = join(import.meta.dirname, 'lib', 'demo-program.ts');
  const run = { encoding: 'utf8', ...(timeout && { timeout }) } as const;
  const { stdout, stderr, status, signal, error } = spawnSync(process.execPath, ['--no-deprecation', file, ...args], run);
  if (status === 0) return JSON.parse(stdout.trim().split('\n').at(-1)!) as DemoFigures & { rss: number[] };
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') return { failed: `more than ${PLAIN_WITHIN / 1000} s` };
  // A deadline that a slow backend does not meet is a result too.
  return { failed: /UserError: (\S+)/.exec(stderr)?.[1] ?? `${signal ?? status}: ${stderr.trim().slice(-300)}` };
};

if (values.help) process.stdout.write('npm run bench -- demos [DEMO … --backends wasm,native,cpu] | --leaks [--runs N]\n');
else if (values.leaks) benchLeaks();
else benchSpeed();

function benchLeaks(): void {
  for (const backend of values.backends.split(',').filter((name) => name !== 'cpu')) {
    const figures = program(undefined, '--leaks', backend, values.runs);
    const rss = 'failed' in figures ? [figures.failed] : figures.rss;
    process.stdout.write(`${backend}: resident memory in MB after each tenth of ${values.runs} runs: ${rss.join(' ')}\n`);
  }
}

function benchSpeed(): void {
  const backends = values.backends.split(',');
  process.stdout.write(`load ${loadavg()[0]!.toFixed(1)}; times in ms, with drawing; memory in MB\n`);
  process.stdout.write('| demo | backend | cold | warm | cached | memory | run | plain CPU ÷ this |\n|---|---|---|---|---|---|---|---|\n');
  for (const { name } of demos) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const figures = backends.map((backend) => ({ backend, result: program(backend === 'cpu' ? PLAIN_WITHIN : undefined, backend, name) }));
    const plain = figures.find(({ backend }) => backend === 'cpu')?.result;
    for (const { backend, result } of figures) {
      if ('failed' in result) process.stdout.write(`| ${[name, backend, result.failed, '', '', '', '', ''].join(' | ')} |\n`);
      else {
        const { cold, warm, cached, memory, run } = result;
        const ratio = plain && !('failed' in plain) ? (plain.run / Math.max(1, run)).toFixed(1) : '';
        process.stdout.write(`| ${[name, backend, cold, warm, cached, memory, run, ratio].join(' | ')} |\n`);
      }
    }
  }
}
