// `npm run demos:table`: every check of every demo, measured beside predicted, on each backend over fresh seeds.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/create-services.ts';
import { nativeAvailable } from '../src/demos/backend.ts';
import { compare, predictionText } from '../src/demos/checks.ts';
import { createDemos } from '../src/demos/create.ts';
import { num } from '../src/demos/lib/format.ts';
import { formatParams } from '../src/demos/params.ts';

/** Set-ups beside the defaults that theory or the papers give numbers for. */
const MORE: Record<string, Record<string, string>[]> = {
  'gradient-norms': [
    { activations: 'relu,relu-bn', depth: '20' },
    { activations: 'sigmoid,tanh,linear', depth: '20' },
  ],
  'gradient-descent': [{ momentum: '0.4444444', rates: '0.1111111,0.0769231', steps: '400' }],
  saturation: [{ weight: '0.6', bias: '0.9' }],
  'training-plateau': [{ remedies: 'sigmoid', rate: '1' }, { remedies: 'linear,relu-residual' }],
  'batchnorm-statistics': [{ momentum: '0.9' }],
  'boosting-residuals': [{ rates: '1,1.9,2.1' }],
};

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '101,202,303' },
    backends: { type: 'string', default: nativeAvailable() ? 'wasm,native' : 'wasm' },
    out: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write('npm run demos:table [-- DEMO … --seeds 101,202,303 --backends wasm,native --out FILE]\n');
  process.exit(0);
}

const seeds = values.seeds.split(',').map(Number);
const backends = values.backends.split(',') as ('wasm' | 'native' | 'cpu')[];
const rows = new Map<string, { head: string[]; cells: Map<string, string>; ok: boolean }>();
const log = createLog('error');
let failed = 0;
for (const backend of backends) {
  const lab = createDemos({
    config: { ...readConfig(process.env), tfBackend: backend, cacheDir: mkdtempSync(join(tmpdir(), 'table-')) },
    log,
  });
  for (const demo of lab.list()) {
    if (positionals.length > 0 && !positionals.includes(demo.name)) continue;
    for (const params of [{}, ...(MORE[demo.name] ?? [])]) {
      for (const seed of seeds) {
        const run = await lab.run(demo.name, params, seed, { owner: 'table' });
        for (const check of compare(run.outcome.checks, run.outcome.measures, 'en')) {
          const key = [demo.name, formatParams(params), check.id].join(' ');
          const head = [`\`${demo.name}\` ${formatParams(params)}`.trim(), check.claim, predictionText(check)];
          const row = rows.get(key) ?? { head, cells: new Map(), ok: true };
          row.cells.set(backend, [row.cells.get(backend), num(check.measured, 4)].filter(Boolean).join(' / '));
          if (!check.ok) {
            row.ok = false;
            failed++;
          }
          rows.set(key, row);
        }
      }
      process.stderr.write(`${backend} ${demo.name} ${formatParams(params)}\n`);
    }
  }
  await lab.close();
}
const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const text = [
  '# Checks of the demos',
  '',
  'Written by `npm run demos:table -- --out docs/lab-checks.md`.',
  '',
  `Seeds ${seeds.join(', ')}. Measured values in that order; *ok* holds for all of them on every backend.`,
  '',
  line(['demo', 'check', 'predicted', ...backends.map((backend) => `measured, ${backend}`), 'ok']),
  line(Array(4 + backends.length).fill('---')),
  ...[...rows.values()].map(({ head, cells, ok }) =>
    line([...head, ...backends.map((backend) => cells.get(backend) ?? ''), ok ? 'yes' : '**no**']),
  ),
  '',
].join('\n');
if (values.out) writeFileSync(values.out, text);
else process.stdout.write(text);
process.stderr.write(`${rows.size} checks, ${failed} values outside their tolerance\n`);
process.exitCode = failed > 0 ? 1 : 0;
