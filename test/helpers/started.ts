import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A program that a test has started. */
export interface Started {
  child: ChildProcess;
  /** What it wrote to standard error. */
  log(): string;
  /** Resolves when it has ended and all it wrote is known, with the signal that ended it. */
  ended: Promise<NodeJS.Signals | null>;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void;
  /** Waits for something of the program's, however slow the machine is. @throws with its log when it ends before */
  unlessEnded<T>(coming: Promise<T>): Promise<T>;
  /** Waits until what it has written says something. @throws the same */
  says<T>(find: (log: string) => T | undefined): Promise<T>;
  /** Waits for a message of it (`stdio` with `ipc`) in which something is found. @throws the same */
  message<T>(find: (message: never) => T | undefined): Promise<T>;
}

/** Has Node keep what it makes of TypeScript, as every start of the program does: of many starts all but the first are quick. */
export const QUICK = ['--import', pathToFileURL(join(import.meta.dirname, '../../scripts/quick.mjs')).href];

/** Starts a program; what it is waited for is asked of it afterwards. Its standard error has to be a pipe. */
export function startProcess(command: string, args: readonly string[], options: SpawnOptions): Started {
  const child = spawn(command, args, options);
  let log = '';
  child.stderr!.on('data', (chunk) => {
    log += chunk;
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_, signal) => resolve(signal));
  });
  ended.catch(() => {});
  const unlessEnded: Started['unlessEnded'] = (coming) => {
    const early = ended.then(() => {
      throw new Error(`the program ended: ${log}`);
    });
    return Promise.race([coming, early]);
  };
  return {
    child,
    log: () => log,
    ended,
    signal: (name) => void child.kill(name),
    unlessEnded,
    says<T>(find: (log: string) => T | undefined) {
      const heard = new Promise<T>((resolve) => {
        const look = () => {
          const found = find(log);
          if (found === undefined) return;
          child.stderr!.off('data', look);
          resolve(found);
        };
        child.stderr!.on('data', look);
        look();
      });
      return unlessEnded(heard);
    },
    message<T>(find: (message: never) => T | undefined) {
      const heard = new Promise<T>((resolve) => {
        const look = (message: unknown) => {
          const found = find(message as never);
          if (found === undefined) return;
          child.off('message', look);
          resolve(found);
        };
        child.on('message', look);
      });
      return unlessEnded(heard);
    },
  };
}
