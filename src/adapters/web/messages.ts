import { sql } from 'kysely';
import { channelOf } from '../../cluster/channel.ts';
import type { Cluster } from '../../cluster/create.ts';
import type { Db } from '../../store/database.ts';
import { oneAtATime } from '../../store/transact.ts';
import type { WebMessageRow } from '../../store/web-rows.ts';
import { goingOn } from './quiz-boards.ts';
import { createWriteQueue } from './write-queue.ts';

export type NewMessage = Pick<WebMessageRow, 'id' | 'room' | 'author_id' | 'author_name' | 'bot' | 'audience' | 'body' | 'at'>;

export interface WebMessages {
  /** Stores a message once; a known id changes nothing. */
  add(message: NewMessage): Promise<void>;
  /** Gives a message a new body and revision; nothing happens when it is gone. */
  edit(id: string, body: string): Promise<void>;
  get(id: string): Promise<WebMessageRow | undefined>;
  /**
   * Everything in a room that changed after `revision`, as `user` may see it, by revision: a reader who is cut off
   * in the middle can go on from the last one.
   */
  since(room: string, user: string | undefined, revision: number): Promise<WebMessageRow[]>;
  /** The newest `limit` messages with a place before `seq`, oldest first. */
  before(room: string, user: string | undefined, seq: number, limit: number): Promise<WebMessageRow[]>;
}

/** Messages kept a room. */
const KEPT = 500;

/** Direct messages live in a room of their own, which no one can enter and everyone's stream includes. */
export function ownRoom(user: string): string {
  return `@${user}`;
}

/**
 * The playground's messages in SQLite. Ids are given by the caller, so that what the bot posts by itself can be
 * stored under its own key and appears once, also when it is posted again after a crash.
 *
 * Changes go one after the other and `onChange` hears of them in the order of their revisions: a reader who has
 * seen revision 7 has been sent everything up to 7.
 */
export async function createWebMessages(db: Db, onChange: (row: WebMessageRow) => void, cluster?: Cluster): Promise<WebMessages> {
  let revision = await newestOf(db);
  const write = cluster
    ? createWriteQueue(db, followOthers(db, cluster, revision, onChange), async (trx) => {
        // The order of revisions is the order of commits, also between processes.
        await oneAtATime(trx, 'web-messages');
        revision = await newestOf(trx);
        await sql`select pg_notify(${channelOf('page')}, '')`.execute(trx);
      })
    : createWriteQueue(db, onChange);
  const get = (id: string) => db.selectFrom('web_messages').selectAll().where('id', '=', id).executeTakeFirst();
  const visible = (room: string, user: string | undefined) =>
    db
      .selectFrom('web_messages')
      .selectAll()
      .where('room', 'in', user === undefined ? [room] : [room, ownRoom(user)])
      .where((eb) => eb.or([eb('audience', 'is', null), ...(user === undefined ? [] : [eb('audience', '=', user)])]));

  const prune = async (room: string): Promise<void> => {
    const edge = await db
      .selectFrom('web_messages')
      .select('seq')
      .where('room', '=', room)
      .orderBy('seq', 'desc')
      .offset(KEPT)
      .limit(1)
      .executeTakeFirst();
    if (!edge) return;
    // What is asked now is answered and told on its own message, however much else is said.
    const kept = await goingOn(db, room);
    await db
      .deleteFrom('web_messages')
      .where('room', '=', room)
      .where('seq', '<=', edge.seq)
      .where((eb) => eb.and(kept.map(([from, below]) => eb.not(eb.and([eb('id', '>=', from), eb('id', '<', below)])))))
      .execute();
  };

  return {
    async add(message) {
      let place = 0;
      await write(async (trx) => {
        place = ++revision;
        const row: WebMessageRow = { ...message, seq: place, revision: place };
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('web_messages')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirst();
        return numInsertedOrUpdatedRows === 0n ? undefined : row;
      });
      if (place % 50 === 0) await prune(message.room);
    },
    edit: (id, body) =>
      write((trx) => {
        const edited = trx.updateTable('web_messages').set({ body, revision: ++revision }).where('id', '=', id);
        return edited.returningAll().executeTakeFirst();
      }),
    get,
    since: (room, user, after) => visible(room, user).where('revision', '>', after).orderBy('revision').execute(),
    async before(room, user, seq, limit) {
      const rows = await visible(room, user).where('seq', '<', seq).orderBy('seq', 'desc').limit(limit).execute();
      return rows.reverse();
    },
  };
}

async function newestOf(db: Pick<Db, 'selectFrom'>): Promise<number> {
  const newest = await db
    .selectFrom('web_messages')
    .select(({ fn }) => fn.max('revision').as('revision'))
    .executeTakeFirst();
  return Number(newest?.revision ?? 0);
}

/**
 * Passes on what changed in any process, by revision, once. A notice only says that it is time to look, so that one
 * that was missed costs nothing but time.
 * @returns looks now
 */
function followOthers(db: Db, cluster: Cluster, from: number, onChange: (row: WebMessageRow) => void): () => Promise<void> {
  let seen = from;
  let looking: Promise<void> = Promise.resolve();
  const look = (): Promise<void> => {
    looking = looking.then(async () => {
      const rows = await db.selectFrom('web_messages').selectAll().where('revision', '>', seen).orderBy('revision').execute();
      for (const row of rows) {
        seen = row.revision;
        onChange(row);
      }
    });
    const looked = looking;
    // A look that failed must not keep the next ones from looking.
    looking = looking.catch(() => {});
    return looked;
  };
  const later = () => void look().catch(() => {});
  cluster.listen('page', later);
  cluster.onGap(later);
  return look;
}
