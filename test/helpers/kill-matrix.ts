import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createPeople } from './cluster.ts';
import { crashAnswer, crashContent, STEPS, type Step } from './crash-steps.ts';

/** What a kill at a step came to. */
export interface Kill {
  step: Step;
  /** Answers that had a receipt, and answers that were stored, when another process had taken over. */
  receipts: number;
  stored: number;
  lost: number;
  /** Answers stored twice, and messages posted twice. */
  twice: number;
  /** Milliseconds from the kill until another process shows the quiz. */
  takeover: number;
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

interface Process {
  child: ChildProcess;
  url: string;
  dead: boolean;
  log(): string;
}

const HEADINGS = ['Quiz: Crash', 'Question 1 of 2', 'Answer to question 1', 'Question 2 of 2', 'Answer to question 2', 'Result'];
/** A slow machine takes its time; what must not take long is measured. */
const PATIENCE = 90_000;
const SECONDS = 300;
const REVEAL = 12;

/** What happens, and what must have happened before the next. A deadline is not waited for: the clock is set on. */
type Act =
  | { user: string; id: string; text: string }
  | { posted: number }
  | { answer: 'right' | 'wrong'; of: number; user: string; id: string }
  | { due: number; after: number }
  | 'over';
const SCRIPT: readonly Act[] = [
  { user: 'host', id: 'start', text: `/quiz start topic:crash questions:2 lobby:${SECONDS} seconds:${SECONDS} mode:calm` },
  { user: 'ana', id: 'join-ana', text: '/quiz join' },
  { user: 'ben', id: 'join-ben', text: '/quiz join' },
  { user: 'host', id: 'begin', text: '/quiz begin' },
  { posted: 1 },
  { answer: 'right', of: 0, user: 'ana', id: 'a1' },
  { answer: 'wrong', of: 0, user: 'ben', id: 'b1' },
  { answer: 'right', of: 0, user: 'ben', id: 'b2' },
  { due: 1, after: SECONDS },
  { due: 2, after: REVEAL },
  { posted: 2 },
  { answer: 'wrong', of: 1, user: 'eve', id: 'e1' },
  { answer: 'right', of: 1, user: 'ana', id: 'a2' },
  { due: 3, after: SECONDS },
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
    const step = steps[armed++]!;
    tell({ step: steps[armed]?.[1] ?? '' });
    watch(begin());
    takingOver++;
    await until('the takeover', async () => (await showing()) !== undefined || over);
    takingOver--;
    const takeover = performance.now() - from;
    const { stored, twice } = await outcome();
    kills.push({ step, receipts, stored, lost: Math.max(0, receipts - stored), twice, takeover });
  };

  const begin = async (): Promise<void> => {
    const folder = join(base, String(processes.length));
    mkdirSync(folder);
    const program = join(import.meta.dirname, '../cluster/crash-driver.ts');
    const child = spawn(process.execPath, [program, folder, database, content, String(moved), steps[armed]?.[1] ?? ''], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const one: Process = { child, url: '', dead: false, log: () => log };
    processes.push(one);
    let log = '';
    child.stderr!.on('data', (chunk) => (log += chunk));
    const known = armed;
    const ready = await new Promise<{ url: string } | undefined>((resolve) => {
      child.once('message', (message) => resolve(message as { url: string }));
      child.once('exit', (_, signal) => {
        one.dead = true;
        resolve(undefined);
        if (over) return;
        if (signal === 'SIGKILL' && steps[armed]) watch(died(one));
      });
    });
    if (!ready) return;
    one.url = ready.url;
    // What was told while it started.
    child.send({ move: moved, ...(armed !== known && { step: steps[armed]?.[1] ?? '' }) }, () => {});
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
    await Promise.all([begin(), begin()]);
    for (const act of SCRIPT) {
      // What was under way is said to another one at once; the next step must not be passed before it is taken over.
      await until('the takeover', async () => takingOver === 0);
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
    return [step[0].padEnd(40), ...cells, `${(takeover / 1000).toFixed(2)} s`.padStart(16)].join('  ');
  });
  return [head, ...lines].join('\n');
}
