import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Value } from '../../../src/quiz/grade.ts';
import { describeValue } from '../../../src/quiz/wording.ts';
import { elementsOf, history, slackSettings, until } from './bench.ts';
import { visibleText } from './block-kit.ts';
import { createDriver, type Deed, overSocket } from './driver.ts';
import { installIn } from './install.ts';
import type { Place, ShownMessage } from './payloads.ts';
import { type Call, openSlackCom } from './slack-com.ts';
import { freePort, type Member, openWorkspace, type Workspace } from './workspace.ts';

export interface EveningOptions {
  /** Players in each workspace; the first one is the host. */
  players: number;
  questions: number;
  /** How many experiments are always under way in each workspace. */
  load: number;
  say?: (line: string) => void;
}

export interface EveningFigures {
  seconds: number;
  /** Presses and typed answers that Slack delivered, of all that were made. */
  presses: number;
  /** Those made again, as a person does who sees no receipt. */
  repeated: number;
  /** Answers that somebody has a receipt for, and those of them that are not in the file. */
  confirmed: number;
  lost: string[];
  /** Questions that stand twice in a channel. */
  askedTwice: string[];
  podiums: number;
  demos: number;
  violations: string[];
  acks: { count: number; p50: number; p99: number; max: number };
  /** `closest`: milliseconds between two edits of one message; infinite when none was edited twice. */
  edits: { count: number; closest: number; perMinute: number };
  connections: number;
  kills: number;
  exitCode: number | null;
}

const oauth = { clientId: '1234.5678', clientSecret: 'a-client-secret' };
const root = join(import.meta.dirname, '../../..');
/** A person who sees nothing for so long presses again. */
const PATIENCE = 4_000;

/**
 * An evening of two study groups on Slack: the real program, installed in two workspaces, serves a quiz in each while
 * people run experiments. In the middle of a question Slack ends the connection, in the middle of another the program
 * is killed and started again.
 */
export async function playEvening({ players, questions, load, say = () => {} }: EveningOptions): Promise<EveningFigures> {
  const started = Date.now();
  const names = Array.from({ length: players }, (_, i) => `player${i + 1}`);
  const workspaces = await Promise.all(
    ['T0NORTH', 'T0SOUTH'].map((team) => openWorkspace({ team, people: [...names, 'fan'], channels: ['study', 'lab'], oauth })),
  );
  const com = await openSlackCom(workspaces);
  const driver = createDriver(com, overSocket(com));
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'slack-evening-'));
  const env = {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_FILE: join(folder, 'tutor.db'),
    CACHE_DIR: join(folder, 'cache'),
    ...slackSettings(com, undefined, 'socket', port),
    SLACK_CLIENT_ID: oauth.clientId,
    SLACK_CLIENT_SECRET: oauth.clientSecret,
  };
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr!.on('data', (chunk) => say(`program: ${String(chunk).trim().slice(0, 300)}`));
    const opened = com.socket.opened();
    await until('the program', () => com.socket.opened() > opened, 60_000);
    return child;
  };
  const count = { presses: 0, repeated: 0, demos: 0, kills: 0 };
  const receipts = new Map<string, string>();
  let child = await start();
  for (const workspace of workspaces) await installIn(`http://127.0.0.1:${port}`, workspace, names[0]!);
  say(`installed in ${workspaces.map(({ team }) => team).join(' and ')}`);

  /** Does it until there is a receipt. */
  const insist = async (key: string, deed: () => Promise<Deed>): Promise<void> => {
    for (let first = true; ; first = false) {
      count.presses++;
      if (!first) count.repeated++;
      try {
        const { hook } = await deed();
        const text = await until('a receipt', () => hook.responses[0] && visibleText(hook.responses[0].message.blocks), PATIENCE);
        const recorded = /Recorded(?: so far)?: (.+?)\.(?= (?:You can|Press|Still)|$)/m.exec(text)?.[1];
        // An order is told with its numbers.
        if (recorded) receipts.set(key, recorded.replace(/\d+\. (?=[A-Z])/g, ''));
        else if (key !== 'next') say(`${key}: ${text}`);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  };

  const disturb = async (position: number): Promise<void> => {
    if (position === 1) {
      say('Slack asks to reconnect, in the middle of a question');
      com.socket.disconnect('refresh_requested');
    }
    if (position === 2) {
      say('kill -9 in the middle of a question');
      child.kill('SIGKILL');
      await once(child, 'exit');
      count.kills++;
      child = await start();
      say('the program is back');
    }
  };

  const play = async (workspace: Workspace): Promise<void> => {
    const place: Place = { team: workspace.team, channel: workspace.channels.study! };
    const host = workspace.member(names[0]!);
    const find = (what: string, pattern: RegExp, fits: (message: ShownMessage) => boolean = () => true) =>
      until(
        `${what} in ${workspace.team}`,
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          return (await history(workspace, place.channel, names[0]!)).find((message) => pattern.test(message.text ?? '') && fits(message));
        },
        90_000,
      );
    await driver.slash(place, host, `/quiz start questions:${questions} seconds:60 lobby:2`);
    for (let position = 0; position < questions; position++) {
      const board = await find(`question ${position + 1}`, new RegExp(`^Question ${position + 1} of`));
      const letters = elementsOf(board).filter(({ value }) => value?.includes('~pick~'));
      const done = elementsOf(board).find(({ value }) => value?.includes('~done~'));
      const answer = async (name: string): Promise<void> => {
        const member = workspace.member(name);
        const key = `${workspace.team}/${position}/${member.id}`;
        if (letters.length === 0) return insist(key, () => driver.slash(place, member, `/answer ${position + 1}`));
        // An order counts when all of it is there.
        const ordered = /in the right order/.test(board.text ?? '');
        const start = Math.floor(Math.random() * letters.length);
        const turned = [...letters.slice(start), ...letters.slice(0, start)];
        for (const element of ordered ? turned : turned.slice(0, 1))
          await insist(key, () => driver.press(place, member, { message: board, element }));
        if (done) await insist(key, () => driver.press(place, member, { message: board, element: done }));
      };
      const half = Math.ceil(players / 2);
      await Promise.all(names.slice(0, half).map(answer));
      if (workspace === workspaces[0]) await disturb(position);
      await Promise.all(names.slice(half).map(answer));
      say(`${workspace.team}: question ${position + 1} answered by ${players}`);
      // Who wants to go on presses "Next", or skips a question that is still open.
      const next = await find('the answer', new RegExp(`^Answer to question ${position + 1}`), (message) =>
        elementsOf(message).some(({ value }) => value?.includes('~next~')),
      );
      const button = elementsOf(next).find(({ value }) => value?.includes('~next~'))!;
      await insist('next', () => driver.press(place, host, { message: next, element: button }));
    }
    await find('the podium', /^Result/);
    say(`${workspace.team}: podium`);
  };

  /** Somebody always runs experiments, each with a new seed. */
  let over = false;
  const train = async (workspace: Workspace, fan: Member): Promise<void> => {
    const place = { team: workspace.team, channel: workspace.channels.lab! };
    for (let seed = 1; !over; seed++) {
      await driver.slash(place, fan, `/demo gradient-norms depth:40 seed:${seed}`).then(
        () => count.demos++,
        () => {},
      );
      const before = seed;
      await until('the chart', async () => over || (await charts(workspace, fan)) >= before, 8_000).catch(() => {});
    }
  };
  const training = workspaces.flatMap((workspace) => Array.from({ length: load }, () => train(workspace, workspace.member('fan'))));
  await Promise.all(workspaces.map(play));
  over = true;
  await Promise.allSettled(training);

  child.kill('SIGTERM');
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  const figures: EveningFigures = {
    seconds: (Date.now() - started) / 1000,
    ...count,
    ...compare(env.DATABASE_FILE, receipts),
    askedTwice: await askedTwice(workspaces, names[0]!),
    podiums: (await Promise.all(workspaces.map((one) => history(one, one.channels.study!, names[0]!)))).filter((messages) =>
      messages.some(({ text }) => text?.startsWith('Result')),
    ).length,
    violations: com.violations,
    acks: percentiles(driver.acks),
    edits: editFigures(com.calls.filter(({ method, error }) => method === 'chat.update' && error === undefined)),
    connections: com.socket.opened(),
    exitCode,
  };
  await com.close();
  await Promise.all(workspaces.map((workspace) => workspace.close()));
  return figures;
}

async function charts(workspace: Workspace, fan: Member): Promise<number> {
  return (await history(workspace, workspace.channels.lab!, fan.name)).filter(({ files }) => files !== undefined).length;
}

/** Holds what people have a receipt for against what is in the file. */
function compare(file: string, receipts: ReadonlyMap<string, string>): Pick<EveningFigures, 'confirmed' | 'lost'> {
  const db = new Database(file, { readonly: true });
  const rows = db
    .prepare(
      'select quizzes.space, answers.position, answers.user_id, answers.value from answers join quizzes on quizzes.id = answers.quiz_id',
    )
    .all() as { space: string; position: number; user_id: string; value: string }[];
  db.close();
  const stored = new Map(rows.map((row) => [`${row.space}/${row.position}/${row.user_id}`, describeValue(JSON.parse(row.value) as Value)]));
  const lost = [...receipts]
    .filter(([key, value]) => stored.get(key) !== value)
    .map(([key, value]) => `${key}: ${value}, not ${stored.get(key)}`);
  return { confirmed: receipts.size, lost };
}

async function askedTwice(workspaces: readonly Workspace[], reader: string): Promise<string[]> {
  const all = await Promise.all(
    workspaces.map(async (workspace) => {
      const texts = (await history(workspace, workspace.channels.study!, reader)).map(
        ({ text }) => /^Question \d+ of/.exec(text ?? '')?.[0],
      );
      const asked = texts.filter((text) => text !== undefined);
      return asked.filter((text, i) => asked.indexOf(text) !== i).map((text) => `${workspace.team}: ${text}`);
    }),
  );
  return all.flat();
}

function percentiles(values: readonly number[]): EveningFigures['acks'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** How close two edits of one message came, kill -9 or not, and how many a workspace got in its busiest minute. */
function editFigures(edits: readonly Call[]): EveningFigures['edits'] {
  const last = new Map<string, number>();
  let closest = Number.POSITIVE_INFINITY;
  for (const { at, args } of edits) {
    const message = `${args.channel}/${args.ts}`;
    closest = Math.min(closest, at - (last.get(message) ?? Number.NEGATIVE_INFINITY));
    last.set(message, at);
  }
  const perMinute = Math.max(
    0,
    ...edits.map(({ at, team }) => edits.filter((other) => other.team === team && other.at >= at && other.at < at + 60_000).length),
  );
  return { count: edits.length, closest, perMinute };
}
