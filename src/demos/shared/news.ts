import { sql } from 'kysely';
import { channelOf } from '../../cluster/channel.ts';
import type { Db } from '../../store/database.ts';

/** What processes tell each other of runs; who misses it looks at the rows a second later. */
export type News =
  /** There is something to do, or the order has changed. */
  | { about: 'queue' }
  /** A run was begun, or is so far. */
  | { about: 'run'; key: string; fraction: number }
  /** What became of a run can be read; nobody wants it any more, where it is still under way. */
  | { about: 'end'; key: string };

/** Tells it with the commit of this transaction. */
export async function tell(trx: Db, news: News): Promise<void> {
  await sql`select pg_notify(${channelOf('lab')}, ${JSON.stringify(news)})`.execute(trx);
}
