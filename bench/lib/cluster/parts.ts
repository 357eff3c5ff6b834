import { availableParallelism, loadavg } from 'node:os';
import { tableToText } from '../../../src/core/reply.ts';
import { startPostgres, type TestPostgres } from '../../../test/helpers/postgres.ts';
import { smallContent } from '../../../test/helpers/small-content.ts';
import { at } from '../pressing.ts';
import { type AnswersRow, answersTable, benchAnswers } from './answers.ts';
import { openTemplate, type Template } from './copies.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { histogram } from './histogram.ts';
import { benchKills } from './kills.ts';
import { benchLateness, type Lateness, latenessText } from './lateness.ts';
import { acksTable, benchDiscord, benchSlack } from './platforms.ts';
import type { Figures } from './reckon.ts';
import { benchRolling } from './rolling.ts';
import { benchTakeover } from './takeover.ts';
import { memoryOf } from './watch.ts';

export const PARTS = ['answers', 'acks', 'lateness', 'takeover', 'rolling', 'kills'] as const;
export type Part = (typeof PARTS)[number];

export interface PartsOptions {
  folder: string;
  quick: boolean;
  /** Open quizzes whose deadlines are watched. */
  open: number;
  say(text: string): void;
}

type Measured = Pick<Figures, 'answer' | 'phase' | 'memory'>;

/** @returns what a reckoning needs, where the parts that measure it were run; and what is not as it should be */
export async function runParts(parts: readonly Part[], options: PartsOptions): Promise<{ figures?: Measured; wrong: string[] }> {
  const { folder, quick, say } = options;
  const wrong: string[] = [];
  const head = (title: string) =>
    say(`\n${title}; load of the machine ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors`);
  const server = await startPostgres(['max_connections=200']);
  let answers: AnswersRow[] = [];
  let sea: Awaited<ReturnType<typeof atSea>> | undefined;
  try {
    if (parts.includes('answers')) {
      const size = quick ? { quizzes: 12, rounds: 1, perSecond: 200, seconds: 1 } : { quizzes: 99, rounds: 3, perSecond: 300, seconds: 5 };
      answers = await benchAnswers(server, { content: smallContent(), folder, players: 50, ...size });
      head(`Answers, ${size.quizzes} quizzes of 50 players, through dispatch; Postgres with fsync and synchronous_commit`);
      say(tableToText(...answersTable(answers)));
    }
    if (parts.some((part) => part !== 'answers' && part !== 'kills')) sea = await atSea(server, parts, options, head, wrong);
    if (parts.includes('kills')) {
      const { text, ok } = await benchKills(server);
      head('kill -9 of the process that shows a quiz, at each step, another one takes over');
      say(text);
      if (!ok) wrong.push('kills');
    }
  } finally {
    await server.close();
  }
  const steady = answers.find(({ store, processes, load }) => store === 'Postgres' && processes === 3 && load !== 'all at once');
  if (!steady?.work || !sea?.lateness) return { wrong };
  const { lateness, fresh } = sea;
  const ended = lateness.perSecond * lateness.seconds;
  const each = (total: number, count: number) => total / count;
  return {
    wrong,
    figures: {
      answer: {
        cpu: steady.cpu,
        postgresCpu: each(steady.work.cpu * 1e6, steady.answers),
        commits: each(steady.work.commits, steady.answers),
        wal: each(steady.work.wal, steady.answers),
      },
      phase: {
        cpu: each(lateness.cpu * 1e6, ended),
        postgresCpu: each(lateness.work.cpu * 1e6, ended),
        commits: each(lateness.work.commits, ended),
      },
      memory: {
        process: fresh,
        quiz: Math.max(0, lateness.memory.reduce((sum, bytes) => sum + bytes - fresh, 0) / lateness.open),
      },
    },
  };
}

/** What is measured with three whole programs. */
async function atSea(
  server: TestPostgres,
  parts: readonly Part[],
  { folder, quick, open, say }: PartsOptions,
  head: (title: string) => void,
  wrong: string[],
) {
  let fleet: Fleet | undefined;
  try {
    fleet = await startFleet(server, smallContent(), folder, 3);
    const template: Template = await openTemplate(fleet, 'batch-size');
    const fresh = Math.max(...fleet.ships.map(({ child }) => memoryOf(child.pid!)));
    if (parts.includes('acks')) {
      const seconds = quick ? 3 : 15;
      const rows = [await benchDiscord(fleet, quick ? 10 : 40, seconds), await benchSlack(fleet, quick ? 5 : 20, seconds)];
      head('From a press to its acknowledgement, three programs with all roles');
      say(tableToText(...acksTable(rows)));
      if (rows.some(({ failed }) => failed > 0)) wrong.push('acknowledgements');
    }
    let lateness: Lateness | undefined;
    if (parts.includes('lateness')) {
      lateness = await benchLateness(fleet, template, open, quick ? 30 : 300, quick ? 15 : 60);
      head('Deadlines, three programs');
      say(latenessText(lateness));
      if (
        at(
          [...lateness.late].sort((a, b) => a - b),
          0.99,
        ) > 100
      )
        wrong.push('lateness p99 over 100 ms');
    }
    if (parts.includes('takeover')) {
      const times = await benchTakeover(fleet, template, quick ? 60 : 600, quick ? 1 : 5);
      head('Takeover after kill -9 of one of three programs');
      say(histogram('until another process shows the quiz', times, [500, 1000, 2000, 3000, 4000, 5000]));
      if (Math.max(...times) > 5_000) wrong.push('takeover over 5 s');
    }
    if (parts.includes('rolling')) {
      const rolled = await benchRolling(fleet, template, quick ? 50 : 500, quick ? 10 : 50);
      head(`All three programs restarted one after the other during ${rolled.quizzes} live quizzes`);
      const { seconds, receipts, again, lost, twice, shownTwice, closed, forsaken, waits } = rolled;
      say(
        `${seconds.toFixed(0)} s; ${receipts} answers with a receipt, ${again} presses made again; lost ${lost}, twice ${twice}; ${closed} phases ended, questions shown twice ${shownTwice}, quizzes that nobody shows ${forsaken}`,
      );
      say(histogram('from a press to its receipt, repeats included', waits, [25, 50, 100, 250, 1000, 3000]));
      if (lost + twice + shownTwice + forsaken > 0) wrong.push('rolling restart');
    }
    return { lateness, fresh };
  } finally {
    await fleet?.close();
  }
}
