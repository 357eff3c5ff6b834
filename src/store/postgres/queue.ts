import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

const require = createRequire(import.meta.url);
/** The version of the queue's tables that its package makes. */
const { pgboss } = JSON.parse(readFileSync(join(dirname(require.resolve('pg-boss')), '../package.json'), 'utf8')) as {
  pgboss: { schema: number };
};

/** What the queue itself passes over in silence: its tables come from a newer version of it. @returns a sentence for the host */
export async function newerQueue(queries: Queries, database: string): Promise<string | undefined> {
  const { rows: there } = await queries.query(`select to_regclass('pgboss.version') is not null as known`);
  if (!(there[0] as { known: boolean }).known) return undefined;
  const { rows } = await queries.query('select version from pgboss.version');
  const version = Number((rows[0] as { version: unknown } | undefined)?.version ?? 0);
  if (version <= pgboss.schema) return undefined;
  return (
    `The queue in the database ${database} comes from a newer version of Gradient Tutor (its tables are of version ${version}, this version knows ${pgboss.schema}). ` +
    'Update the program (git pull, then npm start) or use another DATABASE_URL.'
  );
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
