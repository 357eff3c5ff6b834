import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { crashAnswer, crashContent, STEPS, type Step } from '../helpers/crash-steps.ts';
import { createJars, type Jar } from '../helpers/jar.ts';
import { QUICK, startProcess } from '../helpers/started.ts';

const content = crashContent();
const START = Date.UTC(2026, 10, 24, 12);

/** What the players do; each has a delivery id of its own, which a retry keeps. */
type Act = { user: string; id: string; text: string } | { turn: number };
const answer = (user: string, id: string, given: string): Act => ({ user, id, text: `/answer ${given}` });
const script: Act[] = [
  { user: 'host', id: 'start', text: '/quiz start topic:crash questions:2 lobby:60 seconds:30 mode:speed' },
  { user: 'ana', id: 'join-ana', text: '/quiz join' },
  { user: 'ben', id: 'join-ben', text: '/quiz join' },
  { user: 'host', id: 'begin', text: '/quiz begin' },
  { turn: 2_000 },
  answer('ana', 'a1', '{0:right}'),
  { turn: 3_000 },
  answer('ben', 'b1', '{0:wrong}'),
  { turn: 1_000 },
  answer('ben', 'b2', '{0:right}'),
  { turn: 10_000 },
  { turn: 12_000 },
  answer('eve', 'e1', '{1:wrong}'),
  { turn: 4_000 },
  answer('ana', 'a2', '{1:right}'),
  { turn: 60_000 },
  { turn: 60_000 },
];

interface Driver {
  child: ChildProcess;
  url: string;
  dead: Promise<unknown>;
}

async function start(folder: string, now: number, step: string): Promise<Driver | undefined> {
  const file = join(import.meta.dirname, 'crash-driver.ts');
  const program = startProcess(process.execPath, [...QUICK, file, folder, content, String(now), step], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { child, ended: dead } = program;
  try {
    return { child, url: await program.message(({ url }: { url?: string }) => url), dead };
  } catch (error) {
    // It came to the step while it started.
    if (child.signalCode === 'SIGKILL') return undefined;
    throw error;
  }
}

interface Played {
  folder: string;
  kills: number;
  receipts: number;
  /** The players' browsers, which outlive the program. */
  jarOf: (user: string) => Jar;
}

/**
 * Plays the script; the process is killed at one step after the other. Each time it is started again on the same file,
 * and the act that got no answer is repeated, as platforms do.
 */
async function play(steps: readonly Step[], look: (step: Step, played: Played) => void): Promise<Played> {
  const played: Played = { folder: mkdtempSync(join(tmpdir(), 'crash-')), kills: 0, receipts: 0, jarOf: createJars() };
  const { folder } = played;
  let now = START;
  const again = async (): Promise<Driver> => {
    for (;;) {
      const driver = await start(folder, now, steps[played.kills]?.[1] ?? '');
      if (driver) return driver;
      died();
    }
  };
  const died = () => {
    now = Number(readFileSync(join(folder, 'died-at'), 'utf8'));
    look(steps[played.kills++]!, played);
  };
  let driver = await again();
  for (const act of script) {
    const until = now + ('turn' in act ? act.turn : 0);
    for (;;) {
      const doing = perform(driver, 'turn' in act ? { turn: until - now } : act, played);
      const done = await Promise.race([doing, driver.dead.then(() => undefined)]);
      if (done === 'done') break;
      await driver.dead;
      died();
      driver = await again();
    }
    now = until;
    if ('text' in act && act.text.startsWith('/answer')) played.receipts++;
  }
  driver.child.kill('SIGKILL');
  await driver.dead;
  return played;
}

/** @returns `done`, or undefined when the program died meanwhile. */
async function perform({ child, url }: Driver, act: Act, { folder, jarOf }: Played): Promise<'done' | undefined> {
  if ('turn' in act) {
    const turned = new Promise<'done'>((resolve) => child.once('message', () => resolve('done')));
    child.send(act.turn, () => {});
    return turned;
  }
  const { user, id, text } = act;
  const post = (path: string, body: unknown) =>
    jarOf(user).fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  try {
    if (jarOf(user).header() === '') await post('/api/me', { user });
    const response = await post('/api/rooms/crash/messages', { id, text: fill(text, folder) });
    const { result } = (await response.json()) as { result: { kind: string } };
    if (result.kind === 'error') throw new Error(`${act.id}: ${JSON.stringify(result)}`);
    return 'done';
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Puts right or wrong letters in the place of `{0:right}`, from the order that the quiz has fixed. */
function fill(line: string, folder: string): string {
  return line.replace(/\{(\d):(right|wrong)\}/, (_, position: string, wanted: string) => {
    const db = new Database(join(folder, 'tutor.db'), { readonly: true });
    const row = db.prepare('select question_id, instance from quiz_questions where position = ?').get(Number(position)) as Record<
      string,
      string
    >;
    db.close();
    return crashAnswer(row as { question_id: string; instance: string }, wanted as 'right' | 'wrong');
  });
}

/** What is in the file. */
function outcome({ folder, kills, receipts }: Played) {
  const db = new Database(join(folder, 'tutor.db'), { readonly: true });
  const all = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[];
  const count = (sql: string) => (db.prepare(`select count(*) as n from ${sql}`).get() as { n: number }).n;
  const posted = (heading: string) => count(`web_messages where bot = 1 and body like '%"type":"heading","text":"${heading}"%'`);
  const answers = `quiz_events where event like '{"type":"answer"%'`;
  const found = {
    kills,
    receipts,
    stored: count(answers),
    twice: count(answers) - count(`(select distinct delivery from ${answers})`),
    graded: count('answers where points is not null'),
    ungraded: count('answers where points is null'),
    posted: ['Quiz: Crash', 'Question 1 of 2', 'Answer to question 1', 'Question 2 of 2', 'Answer to question 2', 'Result'].map(posted),
    ended: count(`quizzes where phase = 'ended' and finished_at is not null`) === 1,
    scores: all(
      `select name, points, correct, answered from score_sums join people using (platform, space, user_id)
       where room = '' and topic = '' and period = 'all' order by name`,
    ),
    reviews: count('review_log'),
  };
  db.close();
  return found;
}

const table: string[] = [];
afterAll(() => {
  const head = ['killed at'.padEnd(40), 'receipts', 'stored', 'lost', 'twice', 'graded', 'posts (lobby, q1, r1, q2, r2, podium)'].join(
    '  ',
  );
  process.stdout.write(`\n${head}\n${table.join('\n')}\n`);
});

function note(name: string, { receipts, stored, twice, graded, posted }: ReturnType<typeof outcome>): void {
  const numbers = (
    [
      [receipts, 8],
      [stored, 6],
      [Math.max(0, receipts - stored), 4],
      [twice, 5],
      [graded, 6],
    ] as const
  ).map(([n, width]) => String(n).padStart(width));
  table.push([name.padEnd(40), ...numbers, posted.join('  ')].join('  '));
}

it('a quiz is the same whether or not the process is killed, at whatever step', { timeout: 240_000 }, async () => {
  const rows = new Map<Step, ReturnType<typeof outcome>>();
  const look = (step: Step, played: Played) => void rows.set(step, outcome(played));
  // Three games at once: one unbroken, two in which the process dies at every other step.
  const halves = [0, 1].map((half) => STEPS.filter((_, i) => i % 2 === half));
  const [unbroken, ...broken] = (await Promise.all([play([], look), ...halves.map((steps) => play(steps, look))])).map(outcome);

  for (const step of STEPS) {
    const row = rows.get(step)!;
    note(step[0], row);
    // Whoever got a receipt is in the file, once; nothing was posted twice.
    expect(row.stored, step[0]).toBeGreaterThanOrEqual(row.receipts);
    expect(row.twice, step[0]).toBe(0);
    expect(Math.max(...row.posted), step[0]).toBeLessThanOrEqual(1);
  }
  note('the end, after 0 kills', unbroken!);
  for (const end of broken) note(`the end, after ${end.kills} kills`, end);
  expect(unbroken).toMatchObject({ receipts: 5, stored: 5, graded: 4, ungraded: 0, posted: [1, 1, 1, 1, 1, 1], ended: true, reviews: 4 });
  expect(unbroken!.scores.map(({ name, correct }) => [name, correct])).toEqual([
    ['ana', 2],
    ['ben', 1],
    ['eve', 0],
  ]);
  for (const [i, end] of broken.entries()) expect(end).toEqual({ ...unbroken, kills: halves[i]!.length });
});
