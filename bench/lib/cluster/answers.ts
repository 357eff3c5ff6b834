import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestPostgres } from '../../../test/helpers/postgres.ts';
import { at, type Open } from '../pressing.ts';
import type { Asked, Told } from './answering.ts';
import { type Work, watchPostgres } from './watch.ts';

export interface AnswersOptions {
  content: string;
  folder: string;
  quizzes: number;
  players: number;
  rounds: number;
  perSecond: number;
  seconds: number;
}

/** Answers by so many processes. */
export interface AnswersRow {
  store: 'SQLite' | 'Postgres';
  processes: number;
  /** Whether each quiz is answered through one process, or through any. */
  through: 'one' | 'any';
  load: string;
  answers: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Processor time an answer, µs. */
  cpu: number;
  /** Of Postgres, for these answers. */
  work?: Work;
}

/** Answers a second with several processes on one Postgres, and with one on a SQLite file. */
export async function benchAnswers(server: TestPostgres, options: AnswersOptions): Promise<AnswersRow[]> {
  const rows: AnswersRow[] = [];
  for (const [store, processes, through] of [
    ['SQLite', 1, 'one'],
    ['Postgres', 1, 'one'],
    ['Postgres', 2, 'one'],
    ['Postgres', 3, 'one'],
    ['Postgres', 3, 'any'],
  ] as const) {
    const url = store === 'Postgres' ? await server.withTables() : undefined;
    rows.push(...(await benchStore({ store, processes, through }, url, options)));
  }
  return rows;
}

type Kind = Pick<AnswersRow, 'store' | 'processes' | 'through'>;

async function benchStore(kind: Kind, url: string | undefined, options: AnswersOptions): Promise<AnswersRow[]> {
  const { quizzes, players, rounds, perSecond, seconds } = options;
  const watched = url === undefined ? undefined : await watchPostgres(url);
  const children = await Promise.all(Array.from({ length: kind.processes }, (_, i) => startAnswering(kind, i, url, options)));
  try {
    const share = Math.ceil(quizzes / children.length);
    const own = await Promise.all(children.map((child) => child.ask<Open[]>({ open: share }, 'opened')));
    const all = own.flat();
    const quizzesOf = (i: number) => (kind.through === 'one' ? own[i]! : all);
    // Where several answer each quiz, each has its own of the players.
    const mine = kind.through === 'one' ? players : Math.ceil(players / children.length);
    const run = async (load: string, asked: (i: number) => Asked): Promise<AnswersRow> => {
      await watched?.work();
      const begun = performance.now();
      const told = await Promise.all(children.map((child, i) => child.ask<NonNullable<Told['pressed']>>(asked(i), 'pressed')));
      const ms = performance.now() - begun;
      const times = told.flatMap((one) => one.times).sort((a, b) => a - b);
      const cpu = told.reduce((sum, one) => sum + one.cpu, 0) / times.length;
      const work = await watched?.work();
      return {
        ...{ ...kind, load, answers: times.length, perSecond: (times.length / ms) * 1000, p50: at(times, 0.5), p99: at(times, 0.99), cpu },
        ...(work && { work }),
      };
    };
    const everybody = (count: number) => (i: number) => ({ press: { quizzes: quizzesOf(i), players: mine, rounds: count } });
    // Everybody once, so that nobody is new any more and the code is warm.
    await run('', everybody(1));
    const burst = await run('all at once', everybody(rounds));
    const rate = (i: number) => ({ rate: { quizzes: quizzesOf(i), players: mine, perSecond: perSecond / children.length, seconds } });
    const steady = await run(`${perSecond}/s`, rate);
    const receipts = all.length * mine * (kind.through === 'one' ? 1 : children.length) + burst.answers + steady.answers;
    const [stored] =
      (await watched?.rows<{ n: number }>(`select count(*)::int as n from quiz_events where event like '{"type":"answer"%'`)) ?? [];
    if (stored && stored.n !== receipts) throw new Error(`${receipts} receipts, ${stored.n} events`);
    return [burst, steady];
  } finally {
    for (const child of children) await child.end();
    await watched?.close();
  }
}

interface Answering {
  ask<T>(asked: Asked, answer: keyof Told): Promise<T>;
  end(): Promise<void>;
}

async function startAnswering(
  { store, processes, through }: Kind,
  i: number,
  url: string | undefined,
  { folder, content }: AnswersOptions,
): Promise<Answering> {
  const own = join(folder, `${store}-${processes}-${through}-${i}`);
  mkdirSync(own);
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'answering.ts'), own, content, String(i)], {
    env: { PATH: process.env.PATH ?? '', ...(url !== undefined && { DATABASE_URL: url }) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`a process ended with ${code}`))));
  gone.catch(() => {});
  const hear = () => Promise.race([gone, new Promise<Told>((resolve) => child.once('message', (told) => resolve(told as Told)))]);
  await hear();
  return {
    async ask<T>(asked: Asked, answer: keyof Told) {
      const heard = hear();
      child.send(asked);
      return (await heard)[answer] as T;
    },
    async end() {
      child.kill('SIGKILL');
      await gone.catch(() => {});
    },
  };
}

export function answersTable(rows: readonly AnswersRow[]): [string[], string[][]] {
  const head = [
    'store',
    'processes',
    'quiz through',
    'load',
    'answers',
    'answers/s',
    'p50 ms',
    'p99 ms',
    'cpu µs',
    'Postgres cpu µs',
    'commits',
    'WAL bytes',
  ];
  const cells = rows.map(({ store, processes, through, load, answers, perSecond, p50, p99, cpu, work }) => [
    ...[store, String(processes), through, load, String(answers), perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), cpu.toFixed(0)],
    ...(work
      ? [((work.cpu / answers) * 1e6).toFixed(0), (work.commits / answers).toFixed(3), (work.wal / answers).toFixed(0)]
      : ['', '', '']),
  ]);
  return [head, cells];
}
