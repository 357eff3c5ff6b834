// Our index against the JavaScript search libraries on the same records, what the notes add to a start, and whole answers:
// how long the engine takes for a question, beside MiniSearch over the same units, which only finds.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import MiniSearch from 'minisearch';
import { pino } from 'pino';
import { loadStrings } from '../src/core/i18n.ts';
import { tableToText } from '../src/core/reply.ts';
import { analyse } from '../src/notes/analyse.ts';
import { createNotes } from '../src/notes/create.ts';
import { outcomeBlocks } from '../src/notes/present-answer.ts';
import { loadExam } from '../test/eval/exam.ts';
import { makeCorpus } from './lib/corpus.ts';
import { engines } from './lib/engines.ts';
import { writeManyAnswers } from './lib/many-answers.ts';

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
    answers: { type: 'string' },
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

/** Starts over the folder, the first of which reads and learns; then whole answers, beside a peer in the same run. */
async function startUp(contentDir: string, questions: readonly string[]): Promise<void> {
  const config = { contentDir, cacheDir: mkdtempSync(join(tmpdir(), 'bench-notes-')) };
  const open = async () => {
    const start = performance.now();
    const notes = await createNotes({ config, log: pino({ level: 'silent' }) });
    const ready = performance.now();
    notes.ask(questions[0]!);
    return { notes, ready: ready - start, first: performance.now() - ready };
  };
  const row = (what: string, { ready, first }: { ready: number; first: number }) => [
    what,
    `${ready.toFixed(0)} ms`,
    `${first.toFixed(0)} ms`,
  ];
  const fresh = await open();
  const kept = join(config.cacheDir, 'notes/learnt.bin');
  while (!existsSync(kept)) await setTimeout(200);
  fresh.notes.close();
  const again = await open();
  const { notes } = again;
  const starts = [row('first (everything is read and learnt)', fresh), row('later', again)];
  process.stdout.write(`${tableToText([`start, ${notes.content().topics.size} topics`, 'ready', 'first question after it'], starts)}\n`);
  const t = loadStrings()('en');
  const { topics } = notes.content();
  const peer = new MiniSearch<{ id: string; text: string }>({ fields: ['text'], tokenize: analyse, processTerm: (term) => term });
  peer.addAll(
    [...topics.values()].flatMap((topic) => [
      ...topic.answers.map(({ id, ask, answer }) => ({ id, text: [...Object.values(ask).flat(), ...Object.values(answer)].join('\n') })),
      ...Object.entries(topic.texts).flatMap(([locale, { sections }]) =>
        sections.map(({ id, heading, body }) => ({ id: `${topic.id}#${id} ${locale}`, text: `${heading}\n${body}` })),
      ),
    ]),
  );
  const ways: Record<string, (question: string) => unknown> = {
    'a whole answer': (question) => outcomeBlocks({ notes, locale: 'en', t }, notes.ask(question)),
    'MiniSearch with our terms': (question) => peer.search(question).slice(0, 10),
  };
  const measured = Object.entries(ways).map(([way, ask]) => {
    for (const question of questions.slice(0, 50)) ask(question);
    const times = questions.map((question) => {
      const start = performance.now();
      ask(question);
      return performance.now() - start;
    });
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]!;
    return { way, figures: [at(0.5), at(0.99)] };
  });
  const ours = measured[0]!.figures;
  const rows = measured.map(({ way, figures }) => [way, ...figures.map((ms, i) => `${ms.toFixed(1)} ms (×${(ms / ours[i]!).toFixed(2)})`)]);
  process.stdout.write(`\n${tableToText([`${questions.length} questions`, 'p50', 'p99'], rows)}\n`);
  notes.close();
}

if (values.help) process.stdout.write('npm run bench -- search [--sizes 26,1000,50000] [--limit SECONDS] [--answers 10000]\n');
else if (values.one) {
  const [engine, size] = values.one.split(':');
  process.stdout.write(JSON.stringify(await measure(engine!, Number(size))));
} else {
  if (values.answers === undefined)
    await startUp(
      join(import.meta.dirname, '../content'),
      loadExam(join(import.meta.dirname, '../test/eval/answers.yaml')).map(({ q }) => q),
    );
  else {
    const folder = mkdtempSync(join(tmpdir(), 'bench-answers-'));
    await startUp(folder, writeManyAnswers(folder, Number(values.answers)));
  }
  for (const size of values.sizes.split(',').filter(Boolean).map(Number)) {
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
