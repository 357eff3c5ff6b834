// `npm run bench -- quiz`: quiz answers through dispatch into a SQLite file with synchronous=FULL, and leaderboards
// over a million answers. A press counts when its private receipt is back, which is after its transaction.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { registry } from '../commands/index.ts';
import { readConfig } from '../src/config.ts';
import { createDispatch } from '../src/core/dispatch.ts';
import { createServices } from '../src/create-services.ts';
import { createRng } from '../src/demos/random.ts';
import type { LiveQuiz } from '../src/quiz/live.ts';
import type { Services } from '../src/services.ts';
import { sqliteOf } from '../src/store/database.ts';
import { at, createPresser, openOf, openQuiz } from './lib/pressing.ts';
import { benchScores } from './lib/scores.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '1500' },
    players: { type: 'string', default: '50' },
    quizzes: { type: 'string', default: '1,10,100' },
    'no-scores': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const SECONDS = Number(values.seconds);
const RATE = Number(values.rate);
const PLAYERS = Number(values.players);
/** A question of a quiz lasts half a minute: so often one of the quizzes closes its question. */
const QUESTION_SECONDS = 30;

interface Row {
  quizzes: number;
  load: string;
  answers: number;
  perSecond: number;
  p50: number;
  p99: number;
  worst: number;
  /** Processor time of this process an answer, µs: what the figures would be made of on a machine of its own. */
  cpu: number;
}

if (values.help)
  process.stdout.write('npm run bench -- quiz [--quizzes 1,10,100] [--no-scores] [--seconds 5] [--rate 1500] [--players 50]\n');
else await main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-quiz-'));
  try {
    const rows: Row[] = [];
    for (const quizzes of values.quizzes.split(',').map(Number)) rows.push(...(await benchAnswers(join(folder, String(quizzes)), quizzes)));
    process.stdout.write(`\nAnswers, ${PLAYERS} players a quiz, SQLite WAL with synchronous=FULL, Node ${process.version}\n`);
    process.stdout.write('quizzes  load                    answers  answers/s  p50 ms  p99 ms  worst ms  cpu µs\n');
    for (const row of rows) {
      const cells = [
        String(row.quizzes).padStart(7),
        row.load.padEnd(22),
        String(row.answers).padStart(7),
        row.perSecond.toFixed(0).padStart(9),
      ];
      process.stdout.write(
        `${[...cells, ...[row.p50, row.p99, row.worst].map((ms) => ms.toFixed(1).padStart(6)), row.cpu.toFixed(0).padStart(8)].join('  ')}\n`,
      );
    }
    if (!values['no-scores']) await benchScores(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAnswers(folder: string, quizzes: number): Promise<Row[]> {
  const config = readConfig(
    { DATABASE_FILE: join(folder, 'tutor.db'), CACHE_DIR: join(folder, 'cache'), LOG_LEVEL: 'error' },
    join(folder, 'no.env'),
  );
  const services = await createServices({ config, registry });
  await services.demos.serve();
  const dispatch = createDispatch(registry, services);
  services.outbox.register('terminal', {
    post: async (room) => ({ ...room, id: randomUUID() }),
    update: async () => {},
    direct: async () => {},
  });
  const lives = await Promise.all(Array.from({ length: quizzes }, (_, i) => openQuiz(services, `room-${i}`)));
  await services.quiz.idle();
  // The first chart of a process starts a worker, which takes a second of its own.
  await services.demos.chart('warm', {
    ...{ type: 'bars', title: 'warm', alt: 'warm', x: { label: '', categories: ['a'] }, y: { label: '' } },
    groups: [{ name: 'a', values: [1] }],
  });
  const pressed = createPresser(services, dispatch);
  const press = (live: LiveQuiz, player: number) => pressed(openOf(services, live), player);
  const everyone = lives.flatMap((live) => Array.from({ length: PLAYERS }, (_, player) => ({ live, player })));
  // Everybody once, so that nobody is new any more and the code is warm.
  await Promise.all(everyone.map(({ live, player }) => press(live, player)));

  const begun = now();
  const burst = await Promise.all(everyone.map(({ live, player }) => press(live, player)));
  const row = summary(quizzes, 'all at once', burst, begun);
  const steady = await steadyLoad(services, lives, press);
  await check(services, everyone.length * 2 + steady.answers);
  await services.close();
  return [row, steady];
}

/** Presses come at a steady rate whatever the answers take, while the quizzes go on from question to question. */
async function steadyLoad(
  services: Services,
  lives: readonly LiveQuiz[],
  press: (live: LiveQuiz, player: number) => Promise<number>,
): Promise<Row> {
  const rng = createRng(2);
  const presses: Promise<number>[] = [];
  const last = new Map<LiveQuiz, Promise<unknown>>();
  const between = new Set<LiveQuiz>();
  const goOn = async (live: LiveQuiz): Promise<void> => {
    between.add(live);
    await last.get(live);
    const { position } = live.state;
    await services.quiz.control(live, 'skip', randomUUID());
    await services.quiz.control(live, 'next', randomUUID());
    while (live.state.position === position || live.state.openedAt === null) await sleep(1);
    between.delete(live);
  };
  const closings: Promise<void>[] = [];
  const begun = now();
  for (;;) {
    const elapsed = (performance.now() - begun.wall) / 1000;
    if (elapsed >= SECONDS) break;
    while (presses.length < elapsed * RATE) {
      const live = lives[Math.floor(rng.uniform() * lives.length)]!;
      if (between.has(live)) {
        if (between.size === lives.length) break;
        continue;
      }
      const pressed = press(live, Math.floor(rng.uniform() * PLAYERS));
      last.set(live, Promise.all([last.get(live), pressed]));
      presses.push(pressed);
    }
    if (closings.length < (elapsed * lives.length) / QUESTION_SECONDS) closings.push(goOn(lives[closings.length % lives.length]!));
    await sleep(1);
  }
  const times = await Promise.all(presses);
  await Promise.all(closings);
  return summary(lives.length, `${RATE}/s, ${closings.length} closings`, times, begun);
}

type Moment = { wall: number; cpu: NodeJS.CpuUsage };

function now(): Moment {
  return { wall: performance.now(), cpu: process.cpuUsage() };
}

function summary(quizzes: number, load: string, times: readonly number[], begun: Moment): Row {
  const ms = performance.now() - begun.wall;
  const { user, system } = process.cpuUsage(begun.cpu);
  const sorted = [...times].sort((a, b) => a - b);
  return {
    quizzes,
    load,
    answers: times.length,
    perSecond: (times.length / ms) * 1000,
    p50: at(sorted, 0.5),
    p99: at(sorted, 0.99),
    worst: at(sorted, 1),
    cpu: (user + system) / times.length,
  };
}

/** Every receipt must have its event in the file, and the file must have been flushed as promised. */
async function check({ store }: Services, receipts: number): Promise<void> {
  const { events } = sqliteOf(store).prepare(`select count(*) as events from quiz_events where event like '{"type":"answer"%'`).get() as {
    events: number;
  };
  const synchronous = sqliteOf(store).pragma('synchronous', { simple: true });
  if (events !== receipts || synchronous !== 2) throw new Error(`${receipts} receipts, ${events} events, synchronous=${synchronous}`);
}
