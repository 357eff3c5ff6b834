import type { Reply } from '../../core/reply.ts';
import type { Db } from '../../store/database.ts';
import { deserialise, serialise } from './stored.ts';

export interface Pages {
  /** Keeps a reply under its key. */
  keep(key: string, reply: Reply): Promise<void>;
  /** The reply, or undefined when it is so old that it was dropped. */
  find(key: string): Promise<Reply | undefined>;
}

/** Replies kept; those unused for longest go first. */
const KEPT = 2_000;
const KEPT_PRIVATE = 200;

/**
 * Long replies in SQLite, for their page buttons. What only one person may see stays in memory: Discord forgets
 * such messages too, and nothing of them is left when somebody asks to be forgotten.
 */
export function createPages(db: Db, now: () => number): Pages {
  const personal = new Map<string, Reply>();
  let kept = 0;
  const prune = async (): Promise<void> => {
    const edge = await db.selectFrom('discord_pages').select('used_at').orderBy('used_at', 'desc').offset(KEPT).limit(1).executeTakeFirst();
    if (edge) await db.deleteFrom('discord_pages').where('used_at', '<=', edge.used_at).execute();
  };
  return {
    async keep(key, reply) {
      if (reply.visibility === 'private') {
        personal.delete(key);
        personal.set(key, reply);
        if (personal.size > KEPT_PRIVATE) personal.delete(personal.keys().next().value!);
        return;
      }
      await db
        .insertInto('discord_pages')
        .values({ key, reply: serialise(reply), used_at: now() })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ used_at: now() }))
        .execute();
      if (kept++ % 100 === 0) await prune();
    },
    async find(key) {
      const own = personal.get(key);
      if (own) return own;
      const row = await db.selectFrom('discord_pages').select('reply').where('key', '=', key).executeTakeFirst();
      if (row) await db.updateTable('discord_pages').set({ used_at: now() }).where('key', '=', key).execute();
      return row && deserialise(row.reply);
    },
  };
}
