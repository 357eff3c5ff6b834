// The page's own worker for experiments. Cancelling ends it at once; another one takes its place.
import type { Outcome, Sofar } from '../../../../demos/demo.ts';
import type { AnyParams } from '../../../../demos/params.ts';
import { entryUrl } from '../lib/entries.ts';
import type { RunOrder, WorkerSays } from './worker.ts';

export interface Job {
  demo: string;
  params: AnyParams;
  seed: number;
}

export interface Ran {
  outcome: Outcome;
  where: 'here' | 'server';
  backend: string;
  /** Of the computation itself. */
  ms: number;
}

/** How far a run has come. */
export interface Underway {
  fraction: number;
  /** Place in the server's queue; 0 while it runs. */
  place: number;
  sofar?: Sofar;
}

/** This browser cannot run experiments: it has no WebAssembly or no workers, or the worker did not start. */
export class Unable extends Error {}
/** The experiment itself failed. */
export class Failed extends Error {}

export interface Engine {
  /** Starts the worker, so that the first run does not wait for it. */
  warm(): void;
  /** Has a second worker stand by, which takes over at once where a run is broken off. */
  standBy(): void;
  /** Whether one stands by. */
  stands(): boolean;
  /** @throws Unable, Failed, or the signal's AbortError */
  run(job: Job, onProgress: (underway: Underway) => void, signal: AbortSignal): Promise<Ran>;
  close(): void;
}

interface Crew {
  worker: Worker;
  ready: Promise<string>;
  started: boolean;
  busy: ((says: WorkerSays) => void) | undefined;
}

/** One worker, which starts with the first run or before. */
export function createEngine(): Engine {
  let crew: Crew | undefined;
  let spare: Crew | undefined;
  let last = 0;
  /** The worker computes one run at a time; the others wait. */
  let before: Promise<unknown> = Promise.resolve();

  const hire = (): Crew => {
    if (typeof WebAssembly === 'undefined' || typeof Worker === 'undefined') throw new Unable('no WebAssembly');
    const worker = new Worker(entryUrl('worker'), { type: 'module' });
    const made: Crew = { worker, ready: Promise.resolve(''), started: false, busy: undefined };
    made.ready = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<WorkerSays>) => {
        if (data.kind === 'ready') {
          made.started = true;
          resolve(data.backend);
        } else if (data.kind === 'unable') reject(new Unable(data.message));
        else made.busy?.(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Unable(event.message ?? 'the worker did not start'));
        made.busy?.({ kind: 'failed', id: last, message: event.message ?? '' });
      };
    });
    // Whoever runs something hears of it; warming does not.
    made.ready.catch(() => undefined);
    return made;
  };
  const fire = () => {
    crew?.worker.terminate();
    crew = undefined;
  };

  return {
    warm() {
      try {
        crew ??= hire();
      } catch {
        // The first run says so.
      }
    },
    standBy() {
      if (crew?.started) spare ??= hire();
    },
    stands: () => spare?.started === true,
    async run(job, onProgress, signal) {
      const free = before;
      let done = () => {};
      before = new Promise<void>((resolve) => {
        done = resolve;
      });
      try {
        await free;
        return await runNow(job, onProgress, signal);
      } finally {
        done();
      }
    },
    close() {
      fire();
      spare?.worker.terminate();
      spare = undefined;
    },
  };

  async function runNow(job: Job, onProgress: (underway: Underway) => void, signal: AbortSignal): Promise<Ran> {
    signal.throwIfAborted();
    crew ??= hire();
    const mine = crew;
    const id = ++last;
    try {
      const backend = await Promise.race([mine.ready, aborted(signal)]);
      return await new Promise<Ran>((resolve, reject) => {
        const stop = () => {
          fire();
          reject(signal.reason);
          // The next run finds a worker that is ready.
          crew = spare ?? hire();
          spare = undefined;
        };
        signal.addEventListener('abort', stop, { once: true });
        mine.busy = (says) => {
          if (says.kind === 'ready' || says.kind === 'unable' || says.id !== id) return;
          if (says.kind === 'progress') return onProgress({ place: 0, fraction: says.fraction, ...(says.sofar && { sofar: says.sofar }) });
          signal.removeEventListener('abort', stop);
          if (says.kind === 'done') resolve({ outcome: says.outcome, ms: says.ms, backend, where: 'here' });
          else {
            // Nobody knows what state its TensorFlow is in.
            fire();
            reject(new Failed(says.message));
          }
        };
        mine.worker.postMessage({ id, ...job } satisfies RunOrder);
      });
    } catch (error) {
      if (error instanceof Unable) fire();
      throw error;
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
