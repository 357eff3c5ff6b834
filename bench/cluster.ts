// `npm run bench -- cluster`: several real processes over one Postgres, which the bench starts itself, before a pretended
// Discord with four shards and a pretended Slack. Prints tables; ends with 1 where something was lost, twice or too late.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS, type Part, runParts } from './lib/cluster/parts.ts';
import { type Figures, reckoning } from './lib/cluster/reckon.ts';

const HELP = `npm run bench -- cluster [options]
  --quick        small, for a look whether all of it runs
  --only PARTS   of ${PARTS.join(', ')}, with commas
  --open N       open quizzes whose deadlines are watched (10000)
  --save FILE    keep what was measured
  --reckon FILE  no measuring: the reckoning from what was kept
`;
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS.join(',') },
    open: { type: 'string' },
    save: { type: 'string' },
    reckon: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
if (values.help) process.stdout.write(HELP);
else if (values.reckon !== undefined) say(reckoning(JSON.parse(readFileSync(values.reckon, 'utf8')) as Figures));
else {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  // Where root runs it, Postgres does not run as root, and has to get into its own folder.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  const only = values.only.split(',').filter((name): name is Part => (PARTS as readonly string[]).includes(name));
  const load = loadavg()[0]!;
  try {
    const { figures, wrong } = await runParts(only, {
      folder,
      quick: values.quick,
      open: Number(values.open ?? (values.quick ? 200 : 10_000)),
      say,
    });
    if (figures) {
      const whole: Figures = { measured: new Date().toISOString().slice(0, 10), load, processors: availableParallelism(), ...figures };
      if (values.save !== undefined) writeFileSync(values.save, `${JSON.stringify(whole, null, 2)}\n`);
      say(`\n${reckoning(whole)}`);
    }
    say(wrong.length === 0 ? '\nNothing lost, nothing twice, nothing too late.' : `\nNot as it should be: ${wrong.join('; ')}`);
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
