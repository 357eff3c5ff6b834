import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Platform } from '../core/request.ts';
import { troubleOf } from '../core/trouble.ts';
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
}

/** Looks whether everything that answering needs is there; migrations are done before anything is served. */
export async function lookWhetherReady({ store, topics, platforms, freeBytes = () => freeAt(store.folder) }: Looks): Promise<Readiness> {
  const reasons: Readiness['reasons'] = [];
  const trouble = await tryToWrite(store);
  if (trouble) reasons.push(trouble);
  const free = await freeBytes();
  if (free < ENOUGH_DISK)
    reasons.push({ code: 'little-disk', text: `${Math.floor(free / 2 ** 20)} MB of disk are free; ${ENOUGH_DISK / 2 ** 20} are wanted` });
  if (topics() === 0) reasons.push({ code: 'no-notes', text: 'no topic could be read; see npm run content:check' });
  for (const [platform, state] of Object.entries(platforms()))
    if (!state.connected) reasons.push({ code: 'not-connected', text: `${platform} has not been connected since ${state.since}` });
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
