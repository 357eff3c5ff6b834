import type { MessagePort } from 'node:worker_threads';
import { renderChart } from '../charts/render.ts';
import type { ChartSpec, RenderedChart } from '../charts/spec.ts';
import { type BackendKind, type LoadedTf, loadTf } from './backend.ts';
import type { Outcome } from './demo.ts';
import type { AnyParams } from './params.ts';
import { createRng } from './random.ts';
import { demos } from './registry.ts';

/** What a worker is asked to do. Runs in a worker thread, or in a child process for the native backend. */
export type Task =
  | { kind: 'run'; demo: string; params: AnyParams; seed: number; backend: BackendKind; port?: MessagePort }
  | { kind: 'draw'; spec: ChartSpec }
  | { kind: 'backend'; backend: BackendKind };

export interface RunReport {
  outcome: Outcome;
  backend: string;
  ms: number;
}

let loaded: Promise<LoadedTf> | undefined;

function tensorflow(kind: BackendKind): Promise<LoadedTf> {
  loaded ??= loadTf(kind);
  return loaded;
}

/** Progress is sent at most this often. */
const REPORT_EVERY = 100;

export default async function work(task: Task): Promise<RunReport | RenderedChart | string> {
  switch (task.kind) {
    case 'run':
      return run(task);
    case 'draw':
      return renderChart(task.spec);
    case 'backend':
      return (await tensorflow(task.backend)).label;
    default:
      return task satisfies never;
  }
}

async function run({ demo: name, params, seed, backend, port }: Extract<Task, { kind: 'run' }>): Promise<RunReport> {
  const demo = demos.find((known) => known.name === name);
  if (!demo) throw new Error(`no demo is called ${name}`);
  const { tf, label } = await tensorflow(backend);
  const before = tf.memory().numTensors;
  let reported = 0;
  const progress = (fraction: number) => {
    const now = Date.now();
    if (now - reported < REPORT_EVERY) return;
    reported = now;
    // A child process has no port; its parent listens to plain messages.
    if (port) port.postMessage(fraction);
    else process.send?.({ fraction });
  };
  const started = performance.now();
  try {
    const outcome = await demo.run({ tf, rng: createRng(seed), seed, progress }, params);
    const ms = Math.round(performance.now() - started);
    const leaked = tf.memory().numTensors - before;
    if (leaked > 0) throw new Error(`the demo ${name} left ${leaked} tensors behind`);
    return { outcome, backend: label, ms };
  } finally {
    port?.close();
  }
}
