import { setTimeout } from 'node:timers/promises';
import { type DatabaseConnection, type DataTypeNode, PostgresDialect, PostgresDriver, PostgresQueryCompiler } from 'kysely';
import { Pool, types } from 'pg';
import { BUSY } from '../../core/trouble.ts';
import { withoutNul } from '../without-nul.ts';

/** A server that starts, or has no connection free, is asked again this often, and for this long. Milliseconds. */
const ASK_AGAIN = 50;
export const CONNECT_PATIENCE = 2_000;
/** A connection that cannot be opened in this time is none. */
const CONNECT_WITHIN = 5_000;
/** When all connections are in use, whoever needs one waits so long. Milliseconds. */
export const TURN_WITHIN = 15_000;

/** All connections of this process were in use for too long; the database itself answers. */
export class BusyError extends Error {
  override name = 'BusyError';
  readonly code = BUSY;
}

export interface PostgresOptions {
  url: string;
  /** Connections of this process at most. */
  connections: number;
  /** Told how long each commit of a transaction took, in milliseconds. */
  onCommit?: (ms: number) => void;
  /** How long whoever needs a connection waits while all are in use, in milliseconds. */
  turnWithin?: number;
  /** A connection that nobody uses broke. */
  onBroken: (error: Error) => void;
  /** Shows in pg_stat_activity. */
  name: string;
}

/** Whole numbers and sums come as text from the driver, since they may be longer than a number holds; ours are not. */
const NUMBERS: readonly number[] = [types.builtins.INT8, types.builtins.NUMERIC];

/** A pool whose numbers are numbers. */
export function createPool({ url, connections, onBroken, name }: PostgresOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_WITHIN,
    application_name: name,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        NUMBERS.includes(oid) ? Number : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  });
  pool.on('error', onBroken);
  // The pool listens to idle ones only; one that breaks between two statements of a transaction must not end the program.
  pool.on('connect', (client) => void client.on('error', onBroken));
  return pool;
}

/** Postgres with the types that the one list of migrations names as SQLite does. */
export class TutorPostgresDialect extends PostgresDialect {
  readonly #pool: Pool;
  readonly #onCommit: ((ms: number) => void) | undefined;

  readonly #turnWithin: number;

  constructor(pool: Pool, { onCommit, turnWithin = TURN_WITHIN }: Pick<PostgresOptions, 'onCommit' | 'turnWithin'> = {}) {
    super({ pool });
    this.#pool = pool;
    this.#onCommit = onCommit;
    this.#turnWithin = turnWithin;
  }

  override createDriver(): PostgresDriver {
    return new PatientDriver(this.#pool, this.#turnWithin, this.#onCommit);
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new TutorQueryCompiler();
  }
}

interface Waiting {
  begin(): void;
  reject(error: unknown): void;
}

/**
 * Whoever needs a connection while all are in use waits in a line of ours: the pool's own would end after the time that
 * opening a connection may take, and say that it could not be opened.
 */
class PatientDriver extends PostgresDriver {
  readonly #onCommit: ((ms: number) => void) | undefined;
  readonly #turnWithin: number;
  readonly #line = new Set<Waiting>();
  #free: number;

  constructor(pool: Pool, turnWithin: number, onCommit: ((ms: number) => void) | undefined) {
    super({ pool });
    this.#onCommit = onCommit;
    this.#turnWithin = turnWithin;
    this.#free = pool.options.max;
  }

  override async acquireConnection(...options: Parameters<PostgresDriver['acquireConnection']>): Promise<DatabaseConnection> {
    await this.#turn();
    const until = performance.now() + CONNECT_PATIENCE;
    for (;;) {
      try {
        return cleaning(await super.acquireConnection(...options));
      } catch (error) {
        // Nothing has been sent yet, so asking again repeats nothing.
        if (mayPass(error) && performance.now() <= until) {
          await setTimeout(ASK_AGAIN);
          continue;
        }
        // None can be opened: those behind would hear the same, one after the other.
        for (const waiting of this.#line) waiting.reject(error);
        this.#next();
        throw error;
      }
    }
  }

  override async releaseConnection(connection: Parameters<PostgresDriver['releaseConnection']>[0]): Promise<void> {
    try {
      await super.releaseConnection(connection);
    } finally {
      this.#next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        clearTimeout(late);
        this.#line.delete(waiting);
      };
      const waiting: Waiting = {
        begin() {
          leave();
          resolve();
        },
        reject(error) {
          leave();
          reject(error);
        },
      };
      const late = globalThis.setTimeout(
        () => waiting.reject(new BusyError(`no connection came free in ${this.#turnWithin} ms`)),
        this.#turnWithin,
      );
      this.#line.add(waiting);
    });
  }

  #next(): void {
    const [first] = this.#line;
    if (first) first.begin();
    else this.#free++;
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const from = performance.now();
    await super.commitTransaction(connection);
    this.#onCommit?.(performance.now() - from);
  }
}

/** Numbers and texts as Postgres takes them. */
function cleaning(connection: DatabaseConnection): DatabaseConnection {
  const { executeQuery } = connection;
  if (Object.hasOwn(connection, 'executeQuery')) return connection;
  connection.executeQuery = (query, ...rest) =>
    executeQuery.call(connection, { ...query, parameters: query.parameters.map(withoutNul) }, ...rest) as never;
  return connection;
}

/** Too many connections, or a server that is about to start or to stop. */
function mayPass(error: unknown): boolean {
  return ['53300', '57P03'].includes(String((error as { code?: unknown } | null)?.code));
}

/** As SQLite has them: integers of 64 bits, reals of double precision, texts in the order of their bytes. */
const TYPES: Record<string, string> = { integer: 'bigint', real: 'double precision', text: 'text collate "C"' };

class TutorQueryCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    this.append(TYPES[node.dataType as string] ?? (node.dataType as string));
  }

  protected override getAutoIncrement(): string {
    return 'generated by default as identity';
  }
}
