// `npm run content:check`: what is wrong in content/, with file and line. `-- --run` also runs every claim, with each
// of `--seeds`, on the backend of TF_BACKEND.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/create-services.ts';
import { compare } from '../src/demos/checks.ts';
import { createDemos } from '../src/demos/create.ts';
import { claimCheck } from '../src/demos/present.ts';
import { demos } from '../src/experiments/index.ts';
import { checkContent } from '../src/notes/check.ts';
import type { Problem } from '../src/notes/content.ts';
import { loadContent } from '../src/notes/load.ts';

const { values } = parseArgs({
  options: {
    content: { type: 'string' },
    run: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '7' },
    help: { type: 'boolean' },
  },
});
const config = readConfig({ ...process.env, ...(values.content && { CONTENT_DIR: values.content }) });

function describe({ severity, file, line, message }: Problem): string {
  return `${relative(process.cwd(), file)}${line === undefined ? '' : `:${line}`}: ${severity}: ${message}`;
}

const usage = 'npm run content:check [-- --run [--seeds 7,8,9]] [--content DIR]\n';
const seeds = values.seeds.split(',').map(Number);

async function runClaims(): Promise<number> {
  const lab = createDemos({
    config: { ...config, cacheDir: mkdtempSync(join(tmpdir(), 'claims-')) },
    log: createLog('error'),
  });
  let failed = 0;
  for (const topic of content.topics.values()) {
    for (const claim of topic.claims) {
      for (const seed of seeds) {
        const run = await lab.run(claim.demo, claim.params, seed, { owner: 'content-check' });
        const [check] = compare([claimCheck(claim)], run.outcome.measures, 'en');
        if (!check!.ok) failed++;
        process.stdout.write(
          `${check!.ok ? 'ok  ' : 'FAIL'} ${topic.id}/${claim.id}, seed ${seed}, ${run.backend}: measured ${check!.measured}, predicted ${check!.predicted} ± ${check!.tolerance}\n`,
        );
      }
    }
  }
  await lab.close();
  return failed;
}

if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (!seeds.every((seed) => Number.isInteger(seed) && seed >= 0)) {
  process.stderr.write(`--seeds takes whole numbers with commas between them, not ${values.seeds}\n${usage}`);
  process.exit(2);
}
const content = loadContent(config.contentDir);
const problems = checkContent(content, config.contentDir, demos);
for (const problem of problems) process.stdout.write(`${describe(problem)}\n`);
const errors = problems.filter(({ severity }) => severity === 'error').length;
const claims = [...content.topics.values()].reduce((sum, topic) => sum + topic.claims.length, 0);
process.stdout.write(
  `${content.topics.size} topics, ${content.questions.size} questions, ${claims} claims: ${errors} errors, ${problems.length - errors} warnings\n`,
);
if (errors > 0) process.exitCode = 1;
else if (values.run && (await runClaims()) > 0) process.exitCode = 1;
