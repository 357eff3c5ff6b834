import { setTimeout } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { CompiledQuery, type DatabaseConnection, type QueryResult, SqliteDialect, SqliteDriver } from 'kysely';

/** A database that another program writes to is asked again this often, and for this long. Milliseconds. */
const ASK_AGAIN = 20;
export const BUSY_PATIENCE = 2_000;

interface Options {
  database: Database.Database;
  /** Told how long each commit took, in milliseconds; a write outside a transaction is one by itself. */
  onCommit?: (ms: number) => void;
}

/**
 * SQLite of which another program (a backup, a database browser) may hold the lock: waiting for it goes on beside the
 * event loop, where SQLite's own `busy_timeout` would stop the whole process. Transactions take the lock when they
 * begin, so that nothing inside one ever has to be tried again.
 */
export class PatientDialect extends SqliteDialect {
  readonly #options: Options;

  constructor(options: Options) {
    super({ database: options.database });
    this.#options = options;
  }

  override createDriver(): SqliteDriver {
    return new PatientDriver(this.#options);
  }
}

class PatientDriver extends SqliteDriver {
  readonly #options: Options;
  readonly #committed: (ms: number) => void;

  constructor(options: Options) {
    super({ database: options.database });
    this.#options = options;
    const { database, onCommit } = options;
    const changes = database.prepare<[], number>('select total_changes()').pluck();
    let seen = changes.get();
    // A transaction that changed no row, a deletion of none: nothing went to the disk.
    this.#committed = (ms) => {
      const now = changes.get();
      if (now !== seen) onCommit?.(ms);
      seen = now;
    };
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const { database } = this.#options;
    const connection = await super.acquireConnection();
    const committed = this.#committed;
    return {
      streamQuery: (query, size, options) => connection.streamQuery(query, size, options),
      async executeQuery<R>(
        query: CompiledQuery<unknown>,
        options?: Parameters<DatabaseConnection['executeQuery']>[1],
      ): Promise<QueryResult<R>> {
        const before = database.inTransaction;
        const from = performance.now();
        const result = await patiently(() => connection.executeQuery<R>(query, options));
        const ends = before ? query.sql === 'commit' : result.numAffectedRows !== undefined && !database.inTransaction;
        if (ends) committed(performance.now() - from);
        return result;
      },
    };
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** A full or failing disk makes SQLite take all of it back by itself; asked again it would complain of that instead. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#options.database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** @throws the error of SQLite when the lock does not come free in BUSY_PATIENCE. */
async function patiently<T>(run: () => Promise<T>): Promise<T> {
  const until = performance.now() + BUSY_PATIENCE;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await setTimeout(ASK_AGAIN);
    }
  }
}

/** Another program holds the database's lock. */
export function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}
