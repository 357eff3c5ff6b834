import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createJars, type Jar } from './jar.ts';

/** A process of several over one Postgres. */
export interface Member {
  url: string;
  child: ChildProcess;
  /** What it logged. */
  log(): string;
  /** As the system does with `kill -9`, `kill -STOP`, `kill -CONT`. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** As `systemctl stop` does. */
  stop(): Promise<void>;
}

/** Starts a process of its own. @param ahead how far its machine's clock is wrong, in milliseconds */
export async function startMember(database: string, content: string, ahead = 0): Promise<Member> {
  const folder = mkdtempSync(join(tmpdir(), 'member-'));
  const program = join(import.meta.dirname, '../cluster/process.ts');
  const child = spawn(process.execPath, [program, folder, database, content, String(ahead)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let logged = '';
  child.stderr!.on('data', (chunk) => {
    logged += chunk;
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await Promise.race([
    new Promise<string>((resolve) => child.once('message', (message: { url: string }) => resolve(message.url))),
    gone.then(() => {
      throw new Error(`the process ended: ${logged}`);
    }),
  ]);
  return {
    url,
    child,
    log: () => logged,
    signal: (name) => void child.kill(name),
    async stop() {
      child.send('stop');
      await gone;
    },
  };
}

/** People of the playground, whose cookies any process takes. */
export function createPeople() {
  const jarOf = createJars();
  return {
    jarOf,
    /** Sends a text as this person to this process; the same id again is the same delivery. */
    async say(member: Pick<Member, 'url'>, user: string, text: string, id: string): Promise<SaidReply> {
      return sayAs(jarOf(user), member.url, user, text, id);
    },
  };
}

export interface SaidReply {
  result?: { kind?: string; code?: string; recorded?: unknown };
}

async function sayAs(jar: Jar, url: string, user: string, text: string, id: string): Promise<SaidReply> {
  const post = (path: string, body: unknown) =>
    jar.fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (jar.header() === '') await post('/api/me', { user });
  const response = await post('/api/rooms/crash/messages', { id, text });
  return (await response.json()) as SaidReply;
}

/** Rows of the database behind the processes. */
export async function rowsOf<T>(database: string, text: string): Promise<T[]> {
  const client = new Client(database);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as T[];
}
