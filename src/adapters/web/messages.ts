import type { Db } from '../../store/database.ts';
import type { WebMessageRow } from '../../store/schema.ts';

export type NewMessage = Pick<WebMessageRow, 'id' | 'room' | 'author_id' | 'author_name' | 'bot' | 'audience' | 'body' | 'at'>;

export interface WebMessages {
  /** Stores a message once; a known id returns the stored row and `fresh: false`. */
  add(message: NewMessage): Promise<{ row: WebMessageRow; fresh: boolean }>;
  /** Gives a message a new body and revision; undefined when it is gone. */
  edit(id: string, body: string): Promise<WebMessageRow | undefined>;
  get(id: string): Promise<WebMessageRow | undefined>;
  /** What changed in a room after `revision`, as `user` may see it: the newest `limit` messages, oldest first. */
  since(room: string, user: string, revision: number, limit: number): Promise<WebMessageRow[]>;
}

/** Messages kept a room. */
const KEPT = 500;

/**
 * The playground's messages in SQLite. Ids are given by the caller, so that what the bot posts by itself can be
 * stored under its own key and appears once, also when it is posted again after a crash.
 */
export async function createWebMessages(db: Db): Promise<WebMessages> {
  const newest = await db
    .selectFrom('web_messages')
    .select(({ fn }) => fn.max('revision').as('revision'))
    .executeTakeFirst();
  let revision = Number(newest?.revision ?? 0);
  const find = (id: string) => db.selectFrom('web_messages').selectAll().where('id', '=', id).executeTakeFirst();

  const prune = async (room: string): Promise<void> => {
    const edge = await db
      .selectFrom('web_messages')
      .select('seq')
      .where('room', '=', room)
      .orderBy('seq', 'desc')
      .offset(KEPT)
      .limit(1)
      .executeTakeFirst();
    if (edge) await db.deleteFrom('web_messages').where('room', '=', room).where('seq', '<=', edge.seq).execute();
  };

  return {
    async add(message) {
      const next = ++revision;
      const row: WebMessageRow = { ...message, seq: next, revision: next };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('web_messages')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) return { row: (await find(message.id))!, fresh: false };
      if (next % 50 === 0) await prune(message.room);
      return { row, fresh: true };
    },
    async edit(id, body) {
      await db.updateTable('web_messages').set({ body, revision: ++revision }).where('id', '=', id).execute();
      return find(id);
    },
    get: find,
    async since(room, user, after, limit) {
      const rows = await db
        .selectFrom('web_messages')
        .selectAll()
        .where('room', '=', room)
        .where('revision', '>', after)
        .where((eb) => eb.or([eb('audience', 'is', null), eb('audience', '=', user)]))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.reverse();
    },
  };
}
