import { fork } from 'node:child_process';
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from 'pino';

/** Where the notes are, and where what is made of them is kept. */
export interface NotePlaces {
  contentDir: string;
  parsed: string;
  learnt: string;
}

/** What the other process tells, in this order; after `failed` it tells nothing. */
export type Told = { stage: 'read' | 'learnt' } | { stage: 'failed'; why: string };

/** A process that reads the notes and learns them. Both promises are false where it failed, which is logged once. */
export interface LearnApart {
  /** The parsed notes are kept. */
  read: Promise<boolean>;
  /** What was learnt is kept. */
  learnt: Promise<boolean>;
  stop(): void;
}

const PRELOADED = pathToFileURL(join(import.meta.dirname, '../../scripts/quick.mjs')).href;
const PROGRAM = join(import.meta.dirname, 'learn-process.ts');

/**
 * Reads and learns in a process of its own: what that takes for a while, a third of which this process would hold until
 * its end, goes with it, and replies are not held up.
 * @returns undefined where nothing can be kept, and so nothing handed over
 */
export function learnApart(places: NotePlaces, folder: string, log: Logger, program = PROGRAM): LearnApart | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    return undefined;
  }
  const read = Promise.withResolvers<boolean>();
  const learnt = Promise.withResolvers<boolean>();
  let stopped = false;
  let why: string | undefined;
  // What it would print, it tells.
  const child = fork(program, [JSON.stringify(places)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--import', PRELOADED, '--max-semi-space-size=4'],
  });
  const ended = (how: string): void => {
    removeHalf(places, child.pid);
    read.resolve(false);
    learnt.resolve(false);
    if (!stopped) log.warn({ why: why ?? how }, 'the notes are read and learnt within the program: the process for it ended early');
    stopped = true;
  };
  child.on('message', (told: Told) => {
    if (told.stage === 'failed') {
      why = told.why;
      return;
    }
    read.resolve(true);
    // From here on nobody waits for it.
    child.unref();
    child.channel?.unref();
    if (told.stage !== 'learnt') return;
    stopped = true;
    learnt.resolve(true);
  });
  child.on('error', (error) => ended(error.message));
  child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  return {
    read: read.promise,
    learnt: learnt.promise,
    stop() {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** What a process that was killed had begun to write. */
function removeHalf({ parsed, learnt }: NotePlaces, pid: number | undefined): void {
  try {
    for (const file of [parsed, learnt]) rmSync(`${file}.${pid}`, { force: true });
  } catch {
    // The folder can no longer be written: it stays, and nobody reads it.
  }
}
