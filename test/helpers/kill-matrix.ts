import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createPeople } from './cluster.ts';
import { crashAnswer, crashContent, STEPS, type Step } from './crash-steps.ts';
import { QUICK, type Started, startProcess } from './started.ts';

/** What a kill at a step came to. */
export interface Kill {
  step: Step;
  /** Answers that had a receipt, and answers that were stored, when another process had taken over. */
  receipts: number;
  stored: number;
  lost: number;
  /** Answers stored twice, and messages posted twice. */
  twice: number;
  /**
   * Milliseconds from the kill until another process shows the quiz; undefined where there was no other yet, because the
   * one before had only just died, and the one that started in its place took it up.
   */
  takeover: number | undefined;
}

/** How a quiz ended. */
export interface Ending {
  receipts: number;
  stored: number;
  twice: number;
  graded: number;
  posted: number[];
  ended: boolean;
  scores: { name: string; correct: number; answered: number }[];
  reviews: number;
}

interface Process extends Started {
  url: string;
  dead: boolean;
}

const HEADINGS = ['Quiz: Crash', 'Question 1 of 2', 'Answer to question 1', 'Question 2 of 2', 'Answer to question 2', 'Result'];
/** A slow machine takes its time; what must not take long is measured. */
const PATIENCE = 90_000;
/** As long as a question may be: it is closed by the script, and not by a machine that takes its time. */
const SECONDS = 600;
const REVEAL = 12;
/** Processes that share the quiz. */
const TOGETHER = 2;

/** What happens, and what must have happened before the next. A deadline is not waited for: the clock is set on. */
type Act =
  | { user: string; id: string; text: string }
  | { posted: number }
  | { shown: string }
  | { answer: 'right' | 'wrong'; of: number; user: string; id: string }
  | { due: number; after: number }
  | 'over';
const SCRIPT: readonly Act[] = [
  { user: 'host', id: 'start', text: `/quiz start topic:crash questions:2 lobby:${SECONDS} seconds:${SECONDS} mode:calm` },
  { user: 'ana', id: 'join-ana', text: '/quiz join' },
  { user: 'ben', id: 'join-ben', text: '/quiz join' },
  // Who answers nothing: a question to which everybody has answered closes after three seconds, in the midst of a takeover.
  { user: 'cem', id: 'join-cem', text: '/quiz join' },
  { user: 'host', id: 'begin', text: '/quiz begin' },
  { posted: 1 },
  { answer: 'right', of: 0, user: 'ana', id: 'a1' },
  { answer: 'wrong', of: 0, user: 'ben', id: 'b1' },
  { answer: 'right', of: 0, user: 'ben', id: 'b2' },
  { due: 1, after: SECONDS },
  { shown: 'r0' },
  { due: 2, after: REVEAL },
  { posted: 2 },
  { answer: 'wrong', of: 1, user: 'eve', id: 'e1' },
  { answer: 'right', of: 1, user: 'ana', id: 'a2' },
  { due: 3, after: SECONDS },
  { shown: 'r1' },
  { due: 4, after: REVEAL },
  'over',
];

/** In games side by side, in each of which the process dies at every third step. */
export async function playAllKills(databases: readonly [string, string, string]): Promise<{ kills: Kill[]; endings: Ending[] }> {
  const games = await Promise.all(
    databases.map((database, game) =>
      playKills(
        database,
        STEPS.filter((_, i) => i % 3 === game),
      ),
    ),
  );
  const kills = games.flatMap((game) => game.kills);
  return { kills: STEPS.flatMap((step) => kills.find((kill) => kill.step === step) ?? []), endings: games.map(({ ending }) => ending) };
}

/**
 * Plays a quiz over two processes that share a Postgres. Whichever shows it is killed at one step after the other; the
 * other one takes over, and a third takes the place of the dead.
 */
export async function playKills(database: string, steps: readonly Step[]): Promise<{ kills: Kill[]; ending: Ending }> {
  const content = crashContent();
  const base = mkdtempSync(join(tmpdir(), 'kills-'));
  const db = new Client(database);
  // It is told to whoever asks next.
  db.on('error', () => {});
  await db.connect();
  const rows = async <T>(text: string): Promise<T[]> => (await db.query(text)).rows as T[];
  const { say } = createPeople();
  const processes: Process[] = [];
  const watching: Promise<void>[] = [];
  const kills: Kill[] = [];
  let armed = 0;
  let moved = 0;
  let receipts = 0;
  let over = false;
  let takingOver = 0;

  /** What is not waited for yet; a fault of it is told at the end, unless there is another before. */
  const watch = (work: Promise<void>): void => {
    work.catch(() => {});
    watching.push(work);
  };
  const alive = () => processes.filter(({ dead }) => !dead);
  const tell = (what: { move?: number; step?: string }) => {
    for (const { child } of alive()) child.send(what, () => {});
  };
  const until = async <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> => {
    for (const from = performance.now(); performance.now() - from < PATIENCE; await sleep(25)) {
      const found = await look();
      if (found) return found;
    }
    throw new Error(`${what} does not come; ${processes.map(({ log }) => log()).join('\n')}`);
  };
  const showing = async (): Promise<Process | undefined> => {
    const [row] = await rows<{ about: string }>(
      `select about from quizzes join processes on processes.id = worker where until > extract(epoch from clock_timestamp()) * 1000`,
    );
    const pid = row && (JSON.parse(row.about) as { pid: number }).pid;
    return alive().find(({ child }) => child.pid === pid);
  };
  const died = async (process: Process): Promise<void> => {
    const from = performance.now();
    process.dead = true;
    const others = alive().filter(({ url }) => url !== '');
    const step = steps[armed++]!;
    tell({ step: steps[armed]?.[1] ?? '' });
    watch(begin());
    takingOver++;
    const by = await until('the takeover', async () => (await showing()) ?? (over && 'nobody'));
    takingOver--;
    const takeover = by !== 'nobody' && others.includes(by) ? performance.now() - from : undefined;
    const { stored, twice } = await outcome();
    kills.push({ step, receipts, stored, lost: Math.max(0, receipts - stored), twice, takeover });
  };

  const begin = async (): Promise<void> => {
    const folder = join(base, String(processes.length));
    mkdirSync(folder);
    const file = join(import.meta.dirname, '../cluster/crash-driver.ts');
    const program = startProcess(process.execPath, [...QUICK, file, folder, database, content, String(moved), steps[armed]?.[1] ?? ''], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const one: Process = { ...program, url: '', dead: false };
    processes.push(one);
    const known = armed;
    program.child.once('exit', (_, signal) => {
      if (!over && signal === 'SIGKILL' && steps[armed]) watch(died(one));
      one.dead = true;
    });
    try {
      one.url = await program.message(({ url }: { url?: string }) => url);
    } catch (error) {
      // It came to the step while it started.
      if (one.dead) return;
      throw error;
    }
    // What was told while it started.
    program.child.send({ move: moved, ...(armed !== known && { step: steps[armed]?.[1] ?? '' }) }, () => {});
  };

  const outcome = async (): Promise<Ending> => {
    const count = async (from: string) => (await rows<{ n: number }>(`select count(*)::int as n from ${from}`))[0]!.n;
    const answers = `quiz_events where event like '{"type":"answer"%'`;
    const posted: number[] = [];
    for (const heading of HEADINGS)
      posted.push(await count(`web_messages where bot = 1 and body like '%"type":"heading","text":"${heading}"%'`));
    const stored = await count(answers);
    const again = stored - (await count(`(select distinct delivery from ${answers}) as once`));
    return {
      receipts,
      stored,
      twice: again + posted.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
      graded: await count('answers where points is not null'),
      posted,
      ended: (await count(`quizzes where phase = 'ended' and finished_at is not null`)) === 1,
      scores: await rows(
        `select name, correct::int, answered::int from score_sums join people using (platform, space, user_id)
         where room = '' and topic = '' and period = 'all' order by name`,
      ),
      reviews: await count('review_log'),
    };
  };

  /** Says it to the process that shows the quiz, or to any while none does, until somebody answers. */
  const insist = async (user: string, id: string, text: string): Promise<void> => {
    await until(`the answer to ${id}`, async () => {
      const to = (await showing()) ?? alive().find(({ url }) => url !== '');
      if (!to?.url) return false;
      try {
        const { result } = await say(to, user, text, id);
        if (result?.kind === 'error') throw new Error(`${id}: ${JSON.stringify(result)}`);
        return true;
      } catch (error) {
        // It died meanwhile.
        if (error instanceof TypeError || error instanceof SyntaxError) return false;
        throw error;
      }
    });
  };
  const stored = async (type: string) =>
    (await rows<{ n: number }>(`select count(*)::int as n from quiz_events where event like '{"type":"${type}"%'`))[0]!.n;

  const perform = async (act: Act): Promise<void> => {
    if (act === 'over')
      return void (await until('the end', async () => (await rows('select 1 from quizzes where finished_at is not null')).length));
    if ('posted' in act) return void (await until('the question', async () => (await stored('posted')) >= act.posted));
    if ('shown' in act)
      return void (await until('the message', async () => (await rows(`select 1 from quiz_posts where key = '${act.shown}'`)).length > 0));
    if ('due' in act) {
      if ((await stored('deadline')) < act.due) {
        moved += act.after * 1000;
        tell({ move: moved });
      }
      return void (await until('the deadline', async () => (await stored('deadline')) >= act.due));
    }
    if ('text' in act) return insist(act.user, act.id, act.text);
    const [question] = await rows<{ question_id: string; instance: string }>(
      `select question_id, instance from quiz_questions where position = ${act.of}`,
    );
    await insist(act.user, act.id, `/answer ${crashAnswer(question!, act.answer)}`);
    receipts++;
  };

  try {
    await Promise.all(Array.from({ length: TOGETHER }, begin));
    for (const act of SCRIPT) {
      // What was under way is said to another one at once; the next step must not be passed before it is taken over.
      await until('the takeover', async () => takingOver === 0 && alive().filter(({ url }) => url !== '').length >= TOGETHER);
      await perform(act);
    }
    over = armed >= steps.length;
    if (!over) throw new Error(`nobody died at ${steps[armed]!.join(': ')}`);
    for (let i = 0; i < watching.length; i++) await watching[i];
    return { kills, ending: await outcome() };
  } finally {
    over = true;
    for (const { child } of processes) child.kill('SIGKILL');
    await db.end();
  }
}

/** The table of a kill matrix. */
export function killTable(kills: readonly Kill[]): string {
  const head = ['killed at'.padEnd(40), 'receipts', 'stored', 'lost', 'twice', 'taken over after'].join('  ');
  const lines = kills.map(({ step, receipts, stored, lost, twice, takeover }) => {
    const cells = [
      [receipts, 8],
      [stored, 6],
      [lost, 4],
      [twice, 5],
    ].map(([n, width]) => String(n).padStart(width!));
    return [step[0].padEnd(40), ...cells, (takeover === undefined ? 'at a start' : `${(takeover / 1000).toFixed(2)} s`).padStart(16)].join(
      '  ',
    );
  });
  return [head, ...lines].join('\n');
}
