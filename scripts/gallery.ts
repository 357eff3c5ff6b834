// `npm run gallery`: runs every demo with its defaults and writes the charts in both languages to docs/gallery.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { LOCALES } from '../src/core/locale.ts';
import { createLog } from '../src/create-services.ts';
import { compare } from '../src/demos/checks.ts';
import { createDemos } from '../src/demos/create.ts';

const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, seed: { type: 'string', default: '7' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.help) {
  process.stdout.write('npm run gallery [-- DEMO … --out DIR --seed N]\n');
  process.exit(0);
}
const out = values.out ?? join(import.meta.dirname, '..', 'docs', 'gallery');
mkdirSync(out, { recursive: true });
const config = { ...readConfig(process.env), cacheDir: mkdtempSync(join(tmpdir(), 'gallery-')) };
const lab = createDemos({ config, log: createLog('error') });
for (const demo of lab.list()) {
  if (positionals.length > 0 && !positionals.includes(demo.name)) continue;
  const run = await lab.run(demo.name, {}, Number(values.seed), { owner: 'gallery' });
  const checks = compare(run.outcome.checks, run.outcome.measures, 'en');
  process.stdout.write(
    `${demo.name}: ${run.ms} ms on ${run.backend}, ${checks.filter(({ ok }) => ok).length} of ${checks.length} checks ok\n`,
  );
  for (const { ok, claim, measured, predicted, tolerance } of checks)
    if (!ok) process.stdout.write(`  FAIL ${claim}: ${measured}, predicted ${predicted} ± ${tolerance}\n`);
  for (const locale of LOCALES) {
    const { png } = await lab.draw(run, locale);
    writeFileSync(join(out, `${demo.name}.${locale}.png`), png);
  }
}
await lab.close();
