// Our index against the JavaScript search libraries on the same records, and what the notes add to a start.
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pino } from 'pino';
import { tableToText } from '../src/core/reply.ts';
import { createNotes } from '../src/notes/create.ts';
import { makeCorpus } from './lib/corpus.ts';
import { engines } from './lib/engines.ts';

interface Measured {
  engine: string;
  recall: number;
  p50: number;
  p99: number;
  build: number;
  memory: number;
}

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    one: { type: 'string' },
    sizes: { type: 'string', default: '26,1000,50000' },
    limit: { type: 'string', default: '300' },
    help: { type: 'boolean' },
  },
});

/** One engine in a process of its own, so that memory is its own. */
async function measure(engine: string, size: number): Promise<Measured> {
  const { docs, questions } = makeCorpus(size);
  globalThis.gc?.();
  const rss = process.memoryUsage().rss;
  const start = performance.now();
  const ask = await engines[engine]!(docs);
  const build = performance.now() - start;
  globalThis.gc?.();
  const memory = process.memoryUsage().rss - rss;
  for (const { q } of questions.slice(0, 20)) await ask(q);
  const times: number[] = [];
  let found = 0;
  for (const { q, topics } of questions) {
    const asked = performance.now();
    const [first] = await ask(q);
    times.push(performance.now() - asked);
    if (first && topics.includes(first)) found++;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]!;
  return { engine, recall: found / questions.length, p50: at(0.5), p99: at(0.99), build, memory };
}

async function inChild(engine: string, size: number, seconds: number): Promise<Measured | string> {
  const script = [join(import.meta.dirname, 'index.ts'), 'search', '--one', `${engine}:${size}`];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-old-space-size=8192', ...script], {
      timeout: seconds * 1000,
    });
    return JSON.parse(stdout) as Measured;
  } catch (error) {
    return (error as { killed?: boolean }).killed ? `more than ${seconds} s` : String((error as Error).message).split('\n')[0]!;
  }
}

function row(result: Measured | string, engine: string, ours: Measured): string[] {
  if (typeof result === 'string') return [engine, result, '', '', '', '', ''];
  const ratio = (of: 'p50' | 'p99' | 'build' | 'memory', shown: string) =>
    `${shown} (×${(result[of] / Math.max(ours[of], 1e-9)).toFixed(1)})`;
  return [
    engine,
    result.recall.toFixed(3),
    ratio('p50', `${result.p50.toFixed(2)} ms`),
    ratio('p99', `${result.p99.toFixed(2)} ms`),
    ratio('build', `${(result.build / 1000).toFixed(2)} s`),
    ratio('memory', `${Math.round(result.memory / 2 ** 20)} MB`),
  ];
}

async function startUp(): Promise<string[][]> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'bench-notes-'));
  const rows: string[][] = [];
  for (const what of ['first start (everything is parsed)', 'later starts', 'later starts']) {
    const start = performance.now();
    const notes = await createNotes({
      config: { contentDir: join(import.meta.dirname, '../content'), cacheDir },
      log: pino({ level: 'silent' }),
    });
    rows.push([what, `${(performance.now() - start).toFixed(0)} ms`, `${notes.content().topics.size} topics`]);
    notes.close();
  }
  return rows;
}

if (values.help) process.stdout.write('npm run bench -- search [--sizes 26,1000,50000] [--limit SECONDS]\n');
else if (values.one) {
  const [engine, size] = values.one.split(':');
  process.stdout.write(JSON.stringify(await measure(engine!, Number(size))));
} else {
  process.stdout.write(`${tableToText(['notes', 'time', ''], await startUp())}\n`);
  for (const size of values.sizes.split(',').map(Number)) {
    const results: [string, Measured | string][] = [];
    for (const engine of Object.keys(engines)) results.push([engine, await inChild(engine, size, Number(values.limit))]);
    const ours = results[0]![1];
    if (typeof ours === 'string') throw new Error(`our own index failed: ${ours}`);
    const table = tableToText(
      [`${size} topics`, 'Recall@1', 'p50', 'p99', 'build', 'memory'],
      results.map(([engine, result]) => row(result, engine, ours)),
    );
    process.stdout.write(`\n${table}\n`);
  }
}
