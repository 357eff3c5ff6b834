import { CompiledQuery } from 'kysely';
import { PgBoss, type Db as QueueDb } from 'pg-boss';
import type { Db } from '../database.ts';

/** Runs of experiments, and those that brought down every process that tried. */
export const RUNS = 'runs';
export const DEAD = 'runs-dead';

/** A run is tried so often before it is put aside. */
export const TRIES = 3;
/** What was put aside is shown to the host for so long. Seconds. */
const DEAD_KEPT = 30 * 86_400;
/** Seconds after which a finished job is forgotten: what it found is kept elsewhere. */
const FINISHED_KEPT = 3_600;
/** Where nobody has told that a process died, its job is free again after this. Seconds. */
const EXPIRES = 6 * 3_600;

/** Statements as the driver takes them: several at once give several results, which the queue's upkeep needs. */
export interface Queries {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The queue's statements within a transaction of ours. */
export function on(trx: Db): QueueDb {
  return { executeSql: async (text, values = []) => ({ rows: (await trx.executeQuery(CompiledQuery.raw(text, values))).rows }) };
}

/** A client of the queue; `start` it before it is used, and `stop` it. @param supervise whether this process keeps it in order */
export function createBoss(queries: Queries, { supervise, migrate = false }: { supervise: boolean; migrate?: boolean }): PgBoss {
  return new PgBoss({
    db: { executeSql: (text, values) => queries.query(text, values) },
    supervise,
    migrate,
    createSchema: migrate,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
}

/** Brings the queue's own tables up to date; one process does at a time. */
export async function migrateQueue(queries: Queries): Promise<void> {
  const boss = createBoss(queries, { supervise: false, migrate: true });
  await boss.start();
  try {
    await boss.createQueue(DEAD, { retentionSeconds: DEAD_KEPT, retryLimit: 0 });
    await boss.createQueue(RUNS, {
      policy: 'exclusive',
      retryLimit: TRIES - 1,
      retryDelay: 0,
      expireInSeconds: EXPIRES,
      deleteAfterSeconds: FINISHED_KEPT,
      retentionSeconds: DEAD_KEPT,
      deadLetter: DEAD,
    });
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
}
