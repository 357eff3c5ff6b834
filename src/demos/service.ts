import type { ChartSpec } from '../charts/spec.ts';
import type { Locale } from '../core/locale.ts';
import type { ImageBlock } from '../core/reply.ts';
import type { Demo, Outcome } from './demo.ts';
import type { AnyParams } from './params.ts';

export interface DemoRun {
  demo: Demo;
  params: AnyParams;
  seed: number;
  backend: string;
  /** Time of the run itself; of the original run when it came from the cache. */
  ms: number;
  cached: boolean;
  outcome: Outcome;
}

export interface RunOptions {
  /** Owner of the run, for fairness and cancelling: `platform/space/user`. */
  owner: string;
  signal?: AbortSignal;
  /** Place in the queue (0 = running) and fraction done. */
  onProgress?: (state: { place: number; fraction: number }) => void;
}

/** What the last try of a run that was put aside ended with. */
export const DEAD_OF = ['process-died', 'worker-died', 'overdue'] as const;
export type DeadOf = (typeof DEAD_OF)[number];

/** A run that was put aside. */
export interface DeadRun {
  id: string;
  demo: string;
  params: AnyParams;
  seed: number;
  /** When, in milliseconds since the epoch. */
  at: number;
  reason: DeadOf;
}

export interface Demos {
  /** All demos in registry order. */
  list(): readonly Demo[];
  get(name: string): Demo | undefined;
  /** The nearest names, for "did you mean" and autocomplete. */
  suggest(typed: string, locale: Locale): { value: string; label: string }[];
  /** The experiment and its checked parameters, as `run` would take them. @throws UserError for an unknown name or bad parameters. */
  resolve(name: string, params: Readonly<Record<string, unknown>>): { demo: Demo; params: AnyParams };
  /**
   * Runs in a worker, or answers from the cache.
   * @throws UserError for bad parameters, a full queue, a cancelled or overdue run, or a worker that died.
   */
  run(name: string, params: Readonly<Record<string, unknown>>, seed: number, options: RunOptions): Promise<DemoRun>;
  /** Draws a finished run, in a worker. `asked`: for a question about the chart, so the title must not say what it shows. */
  draw(run: DemoRun, locale: Locale, options?: { asked?: boolean }): Promise<ImageBlock>;
  /** Draws any chart, in a worker; `name` becomes the file name. */
  chart(name: string, spec: ChartSpec): Promise<ImageBlock>;
  /** Which TensorFlow backend serves, e.g. `native (tfjs-node 4.22.0)`. */
  backend(): Promise<string>;
  /** Stops the runs of an owner, waiting or running, in whichever process; returns how many. */
  cancel(owner: string): Promise<number>;
  /** For the host view: queue length, running (in all processes), workers of this one, size of its cache. */
  status(): { running: number; queued: number; dead: number; workers: number; cacheBytes: number };
  /** Runs that brought down every process that tried; they are not tried again until the host says so. */
  dead(): Promise<DeadRun[]>;
  /** Tries such a run again, or forgets that it failed. @returns whether it was there */
  settleDead(id: string, how: 'retry' | 'delete'): Promise<boolean>;
  /** Computes runs for all processes that share a database, from now on; nothing to do where this one is alone. */
  serve(): Promise<void>;
  close(): Promise<void>;
}
