import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createJars, type Jar } from './jar.ts';
import { QUICK, type Started, startProcess } from './started.ts';

/** A process of several over one Postgres. */
export interface Member extends Pick<Started, 'child' | 'log' | 'signal'> {
  url: string;
  /** As `systemctl stop` does. */
  stop(): Promise<void>;
}

/** Starts a process of its own. @param ahead how far its machine's clock is wrong, in milliseconds */
export async function startMember(database: string, content: string, ahead = 0): Promise<Member> {
  const folder = mkdtempSync(join(tmpdir(), 'member-'));
  const file = join(import.meta.dirname, '../cluster/process.ts');
  const program = startProcess(process.execPath, [...QUICK, file, folder, database, content, String(ahead)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const url = await program.message(({ url }: { url?: string }) => url);
  return {
    ...program,
    url,
    async stop() {
      program.child.send('stop');
      await program.ended;
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
