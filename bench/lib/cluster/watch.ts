import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor time of a process, in seconds. */
export function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** Memory of a process that it shares with nobody, in bytes. */
export function memoryOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1024;
}

/** What a Postgres has done since it was asked last. */
export interface Work {
  /** Transactions that wrote something, each of which is flushed to the disk. */
  commits: number;
  /** Bytes of the log that is flushed with each commit. */
  wal: number;
  /** Seconds of processor. */
  cpu: number;
}

/** A look at a Postgres from outside: what it commits, writes and takes of the processor. */
export async function watchPostgres(
  url: string,
): Promise<{ work(): Promise<Work>; rows<T>(text: string, values?: unknown[]): Promise<T[]>; close(): Promise<void> }> {
  const client = new Client(url);
  // It is told to whoever asks next.
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query("select current_setting('data_directory') as folder");
  const postmaster = Number(readFileSync(`${(rows[0] as { folder: string }).folder}/postmaster.pid`, 'utf8').split('\n')[0]);
  /** Those that have ended are counted by their parent. */
  const cpu = () => {
    const stat = readFileSync(`/proc/${postmaster}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ended = (Number(fields[13]) + Number(fields[14])) / TICKS;
    return ended + cpuOf(postmaster) + childrenOf(postmaster).reduce((sum, pid) => sum + cpuOf(pid), 0);
  };
  const now = async (): Promise<Work> => {
    const { rows: found } = await client.query(
      `select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as commits, (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 as wal`,
    );
    return { ...(found[0] as { commits: number; wal: number }), cpu: cpu() };
  };
  let before = await now();
  return {
    async work() {
      const after = await now();
      const done = { commits: after.commits - before.commits, wal: after.wal - before.wal, cpu: after.cpu - before.cpu };
      before = after;
      return done;
    },
    rows: async <T>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as T[],
    close: () => client.end(),
  };
}

export type Watched = Awaited<ReturnType<typeof watchPostgres>>;

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}
