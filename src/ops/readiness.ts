import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Member } from '../cluster/create.ts';
import type { Platform } from '../core/request.ts';
import type { Role } from '../core/roles.ts';
import { troubleOf } from '../core/trouble.ts';
import type { Services } from '../services.ts';
import type { Store } from '../store/database.ts';
import { isPostgres } from '../store/transact.ts';

/** Below this much free space the next writes are in danger. Bytes. */
export const ENOUGH_DISK = 200 * 2 ** 20;

/** Why a supervisor should send nobody here at present, in words for whoever hosts it. */
export interface Readiness {
  ready: boolean;
  reasons: { code: string; text: string }[];
}

export interface Looks {
  store: Pick<Store, 'db' | 'folder'>;
  /** Topics that were read. */
  topics: () => number;
  /** The platforms that are wanted, and whether each is connected. */
  platforms: () => Partial<Record<Platform, { connected: boolean; since: string }>>;
  /** Free bytes of the disk that holds the database; tests pass their own. */
  freeBytes?: () => Promise<number>;
  /** Told that the database could be written. */
  wrote?: () => void;
  /** The processes that share the database, where several do. */
  alive?: () => Promise<readonly Pick<Member, 'roles'>[]>;
}

/** Without these nobody's quiz goes on and no experiment is run, whoever is asked. */
const NEEDED: readonly Role[] = ['clock', 'lab'];

/** Of this process, by what its roles need. */
export function readinessOf({ store, notes, cluster, trouble }: Services, platforms: Looks['platforms']): Promise<Readiness> {
  return lookWhetherReady({
    store,
    topics: () => notes.content().topics.size,
    platforms,
    wrote: trouble.recovered,
    ...(cluster && { alive: cluster.alive }),
  });
}

/** Looks whether everything that answering needs is there; migrations are done before anything is served. */
export async function lookWhetherReady({
  store,
  topics,
  platforms,
  alive,
  wrote,
  freeBytes = () => freeAt(store.folder),
}: Looks): Promise<Readiness> {
  const reasons: Readiness['reasons'] = [];
  const trouble = await tryToWrite(store);
  if (trouble) reasons.push(trouble);
  else wrote?.();
  const free = await freeBytes();
  if (free < ENOUGH_DISK)
    reasons.push({ code: 'little-disk', text: `${Math.floor(free / 2 ** 20)} MB of disk are free; ${ENOUGH_DISK / 2 ** 20} are wanted` });
  if (topics() === 0) reasons.push({ code: 'no-notes', text: 'no topic could be read; see npm run content:check' });
  for (const [platform, state] of Object.entries(platforms()))
    if (!state.connected) reasons.push({ code: 'not-connected', text: `${platform} has not been connected since ${state.since}` });
  if (alive && !trouble) {
    const there = new Set((await alive()).flatMap(({ roles }) => roles));
    for (const role of NEEDED)
      if (!there.has(role))
        reasons.push({ code: 'role-missing', text: `no process of role ${role} is alive; start one with ROLE=${role}` });
  }
  return { ready: reasons.length === 0, reasons };
}

/** Writes a number into the file's header that nothing else uses, which goes all the way to the disk; Postgres counts up. */
async function tryToWrite({ db }: Pick<Store, 'db'>): Promise<Readiness['reasons'][number] | undefined> {
  try {
    if (isPostgres(db)) {
      await sql`select pg_current_xact_id()`.execute(db);
      return undefined;
    }
    const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(db);
    await sql`pragma user_version = ${sql.lit((rows[0]!.user_version + 1) % 2 ** 31)}`.execute(db);
    return undefined;
  } catch (error) {
    return { code: troubleOf(error) ?? 'database', text: `the database cannot be written: ${(error as Error).message}` };
  }
}

async function freeAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
