import type { Transaction } from 'kysely';
import type { Db } from '../../store/database.ts';
import type { Schema } from '../../store/schema.ts';
import type { WebMessageRow } from '../../store/web-rows.ts';

/** Changes in one transaction; more would make the first wait for the last. */
const GROUP = 200;

/** Changes a message; undefined when nothing had to be changed. */
export type Change = (trx: Transaction<Schema>) => Promise<WebMessageRow | undefined>;

interface Entry {
  change: Change;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Makes changes one after the other. Whatever has come while the disk was busy shares the next transaction and its
 * one flush to the disk, which is what lets many people speak at once.
 * @param begin goes before the changes of each transaction
 * @param onChange hears of each row once it is stored, in the order of the changes
 * @returns resolves when the change is stored and heard of; rejects when it could not be stored
 */
export function createWriteQueue(
  db: Db,
  onChange: (row: WebMessageRow) => void | Promise<void>,
  begin: (trx: Transaction<Schema>) => Promise<void> = async () => {},
): (change: Change) => Promise<void> {
  let waiting: Entry[] = [];
  let writing = false;

  const store = async (group: readonly Entry[]): Promise<void> => {
    const rows = await db.transaction().execute(async (trx) => {
      await begin(trx);
      const changed: (WebMessageRow | undefined)[] = [];
      for (const { change } of group) changed.push(await change(trx));
      return changed;
    });
    for (const row of rows) if (row) await onChange(row);
    for (const { resolve } of group) resolve();
  };
  const writeAll = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP);
      waiting = waiting.slice(GROUP);
      // One of them, or the disk: each alone, so that those that can be stored are.
      await store(group).catch(async () => {
        for (const entry of group) await store([entry]).catch(entry.reject);
      });
    }
    writing = false;
  };
  return (change) =>
    new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject });
      if (!writing) void writeAll();
    });
}
