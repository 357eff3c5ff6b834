import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Db } from './database.ts';
import { tablesOf } from './tables.ts';
import { scopeOf, transact } from './transact.ts';
import { wipe } from './wipe.ts';

/** A server or workspace as a whole. */
export interface SpaceRef {
  platform: string;
  space: string;
}

/** Spaces that the bot was removed from are erased after a while; until then it may come back to all that was there. */
export interface Spaces {
  /** The bot was removed there. */
  left(space: SpaceRef): Promise<void>;
  /** It is there again. */
  back(space: SpaceRef): Promise<void>;
  /**
   * Takes note of the spaces of a platform that removed the bot while it was not running.
   * @param isThere whether the bot is a member of it now
   * @returns how many were found
   */
  leftUnseen(platform: string, isThere: (space: string) => boolean): Promise<number>;
  /** Erases everything of the spaces whose time is over. @returns how many */
  eraseDue(): Promise<number>;
  /** Looks once a day what is due. */
  start(): void;
  stop(): void;
  /** What belongs to the space rather than to a person, by table; of people nothing. */
  dataOf(space: SpaceRef): Promise<Record<string, unknown[]>>;
}

export const GRACE_DAYS = 30;
const DAY = 86_400_000;
/** Columns that name a person, or hold what is no business of who takes the data. */
const PERSONAL = new Set([
  'platform',
  'space',
  'author',
  'author_name',
  'said_by',
  'said_name',
  'reviewer',
  'reviewed_by',
  'asker',
  'request',
]);
/** Tables of a space whose rows are about people, or of no use elsewhere. */
const NOT_TAKEN = new Set([
  'locales',
  'accounts',
  'under_way',
  'answered_threads',
  'left_spaces',
  'note_spaces',
  'note_managers',
  'quizzes',
]);

/** Where the bot must have been a member for there to be a row; apps of single people are used elsewhere too. */
const OF_MEMBERS = ['quizzes', 'notes', 'space_settings'] as const;

type AnyTables = Kysely<Record<string, Record<string, unknown>>>;

export function createSpaces(db: Db, clock: Clock, log: Logger): Spaces {
  let cancel = () => {};

  /** Tables that follow the rule of one key for a space, with their columns. */
  const tables = async () => (await tablesOf(db)).filter(({ columns }) => columns.includes('platform') && columns.includes('space'));

  const erase = async ({ platform, space }: SpaceRef): Promise<void> => {
    const all = await tables();
    await transact(db, scopeOf('notes', platform, space), async (trx) => {
      for (const { name } of all)
        await (trx as unknown as AnyTables).deleteFrom(name).where('platform', '=', platform).where('space', '=', space).execute();
      // Every process drops what it has read of the space.
      await trx.insertInto('note_spaces').values({ platform, space, generation: clock.now() }).execute();
    });
    log.info({ platform, space }, 'everything of a space that the bot was removed from is erased');
  };

  const eraseDue = async (): Promise<number> => {
    const due = await db
      .selectFrom('left_spaces')
      .select(['platform', 'space'])
      .where('left_at', '<=', clock.now() - GRACE_DAYS * DAY)
      .execute();
    for (const space of due) await erase(space);
    if (due.length > 0) await wipe(db);
    return due.length;
  };

  const left = async ({ platform, space }: SpaceRef): Promise<boolean> => {
    const { numInsertedOrUpdatedRows = 0n } = await db
      .insertInto('left_spaces')
      .values({ platform, space, left_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows > 0n;
  };

  return {
    async left(space) {
      await left(space);
    },
    async leftUnseen(platform, isThere) {
      const known = new Set<string>();
      for (const table of OF_MEMBERS) {
        const rows = await db.selectFrom(table).select('space').distinct().where('platform', '=', platform).execute();
        for (const { space } of rows) known.add(space);
      }
      const gone = [...known].filter((space) => !isThere(space));
      let count = 0;
      for (const space of gone) if (await left({ platform, space })) count++;
      if (count > 0) log.info({ platform, count }, 'the bot was removed from spaces while it was not running');
      return count;
    },
    async back({ platform, space }) {
      await db
        .deleteFrom('left_spaces')
        .where((eb) => eb.and({ platform, space }))
        .execute();
    },
    eraseDue,
    start() {
      const look = (): void => {
        eraseDue().catch((error: unknown) => log.error({ err: error }, 'spaces that the bot left could not be erased'));
        cancel = clock.schedule(clock.now() + DAY, look);
      };
      look();
    },
    stop: () => cancel(),
    async dataOf({ platform, space }) {
      const taken: Record<string, unknown[]> = {};
      for (const { name, columns } of await tables()) {
        if (columns.includes('user_id') || NOT_TAKEN.has(name)) continue;
        const shown = columns.filter((column) => !PERSONAL.has(column));
        const rows = await sql<
          Record<string, unknown>
        >`select ${sql.join(shown.map((column) => sql.ref(column)))} from ${sql.table(name)} where platform = ${platform} and space = ${space}`.execute(
          db,
        );
        taken[name] = rows.rows;
      }
      return taken;
    },
  };
}
