// `npm run demos:sweep`: every experiment at the ends of its parameters and at random ones; what it says is held against what came out.
import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/create-services.ts';
import { createDemos } from '../src/demos/create.ts';
import { demos } from '../src/experiments/index.ts';
import { sentencesOf } from '../test/demos/sweep/examine.ts';
import { sweep } from '../test/demos/sweep/run.ts';

const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    sentences: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write('npm run demos:sweep [-- DEMO … --count 50 --seed 1 --sentences FILE]\n');
  process.exit(0);
}
// Words of what is no number throw (src/demos/lib/format.ts), in the workers that draw too.
process.env.NODE_ENV = 'test';
const lab = createDemos({
  config: { ...readConfig({ ...process.env, TF_BACKEND: 'wasm' }), cacheDir: mkdtempSync(join(tmpdir(), 'sweep-')) },
  log: createLog('silent'),
});
let total = 0;
for (const demo of demos) {
  if (positionals.length > 0 && !positionals.includes(demo.name)) continue;
  const counts = { ran: 0, refused: 0, faulty: 0, slowest: 0 };
  for await (const { setting, seed, end, ms, faults, run } of sweep(lab, demo, {
    count: Number(values.count),
    seed: Number(values.seed),
  })) {
    counts[end === 'ran' ? 'ran' : 'refused']++;
    counts.slowest = Math.max(counts.slowest, ms);
    if (faults.length > 0) counts.faulty++;
    for (const fault of faults) process.stdout.write(`  ${demo.name} ${JSON.stringify(setting.given)} seed:${seed}: ${fault}\n`);
    if (run && values.sentences) for (const sentence of sentencesOf(run)) appendFileSync(values.sentences, `${demo.name}\t${sentence}\n`);
  }
  total += counts.faulty;
  process.stdout.write(
    `${demo.name}: ${counts.ran} ran (slowest ${(counts.slowest / 1000).toFixed(1)} s of ${demo.deadline / 1000}), ${counts.refused} refused before they started, ${counts.faulty} with faults\n`,
  );
}
await lab.close();
process.exitCode = total > 0 ? 1 : 0;
