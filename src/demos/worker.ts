import { enableCompileCache, flushCompileCache } from 'node:module';
import { getPriority, platform, setPriority } from 'node:os';
import { isMainThread, type MessagePort } from 'node:worker_threads';
import { demos } from '../experiments/index.ts';
import { type BackendKind, type LoadedTf, loadTf } from './backend.ts';
import type { Outcome } from './demo.ts';
import type { AnyParams } from './params.ts';
import { createRng } from './random.ts';

/** What a worker is asked to do. Runs in a worker thread, or in a child process for the native backend. */
export type Task =
  | {
      kind: 'run';
      demo: string;
      params: AnyParams;
      seed: number;
      /** Of a run in parts; else 0. */
      part: number;
      backend: BackendChoice;
      /** Bytes that the tensors of the run may take together. */
      tensorBytes: number;
      port?: MessagePort;
    }
  | { kind: 'backend'; backend: BackendChoice };

/** `lenient`: see loadTf. */
export interface BackendChoice {
  name: BackendKind;
  lenient: boolean;
}

export interface RunReport {
  outcome: Outcome;
  backend: string;
  ms: number;
}

/** What a worker found: the outcome, or a part's share of it. */
export interface PartReport {
  result: unknown;
  backend: string;
  /** When it was computed, in milliseconds of one clock for all workers. */
  from: number;
  to: number;
}

/** Message of the error that a run ends with when its tensors take too much; errors lose their class on the way. */
export const TOO_LARGE = 'the tensors of the run take too much memory';

let loaded: Promise<LoadedTf> | undefined;

function tensorflow({ name, lenient }: BackendChoice): Promise<LoadedTf> {
  if (!loaded) {
    giveWay();
    // TensorFlow.js is large: compiled once on a machine, it loads in two thirds of the time ever after.
    enableCompileCache();
    loaded = loadTf(name, lenient).finally(flushCompileCache);
  }
  return loaded;
}

/** How much lower than the program's the priority of experiments is. */
const NICER = 5;

/**
 * Puts this worker behind whoever waits for an answer, also on a machine with one core. A thread has a priority of its
 * own on Linux; elsewhere it would be the whole program's.
 */
function giveWay(): void {
  if (!isMainThread && platform() !== 'linux') return;
  try {
    setPriority(Math.min(19, getPriority() + NICER));
  } catch {
    // A sandbox may forbid it; then experiments compete as before.
  }
}

const wallTime = () => performance.timeOrigin + performance.now();

/** Progress is sent at most this often. */
const REPORT_EVERY = 100;

export default async function work(task: Task): Promise<PartReport | string> {
  switch (task.kind) {
    case 'run':
      return run(task);
    case 'backend':
      return (await tensorflow(task.backend)).label;
    default:
      return task satisfies never;
  }
}

async function run(task: Extract<Task, { kind: 'run' }>): Promise<PartReport> {
  const { demo: name, params, seed, part, backend, tensorBytes, port } = task;
  const demo = demos.find((known) => known.name === name);
  if (!demo) throw new Error(`no demo is called ${name}`);
  const { tf, label } = await tensorflow(backend);
  const before = tf.memory();
  let reported = performance.now();
  const progress = (fraction: number) => {
    if (tf.memory().numBytes - before.numBytes > tensorBytes) throw new RangeError(TOO_LARGE);
    const now = performance.now();
    if (now - reported < REPORT_EVERY) return;
    reported = now;
    // A child process has no port; its parent listens to plain messages.
    if (port) port.postMessage(fraction);
    else process.send?.({ fraction });
  };
  const from = wallTime();
  const ctx = { tf, rng: createRng(seed), seed, progress };
  try {
    const result = await (typeof demo.run === 'function' ? demo.run(ctx, params) : demo.run.part(ctx, params, part));
    const leaked = tf.memory().numTensors - before.numTensors;
    if (leaked > 0) throw new Error(`the demo ${name} left ${leaked} tensors behind`);
    return { result, backend: label, from, to: wallTime() };
  } finally {
    port?.close();
  }
}
