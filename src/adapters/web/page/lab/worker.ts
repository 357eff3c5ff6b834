// Runs experiments in the page: the same files as on the server, on TensorFlow.js' WASM from our own address.
import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import * as tfLayers from '@tensorflow/tfjs-layers';
import type { Series } from '../../../../core/result.ts';
import type { Outcome, Tf } from '../../../../demos/demo.ts';
import { installStackedMatMul } from '../../../../demos/lib/wasm-matmul.ts';
import type { AnyParams } from '../../../../demos/params.ts';
import { createRng } from '../../../../demos/random.ts';
import { demos } from '../../../../experiments/index.ts';

export interface RunOrder {
  id: number;
  demo: string;
  params: AnyParams;
  seed: number;
}

export type WorkerSays =
  | { kind: 'ready'; backend: string }
  /** The backend did not start: this browser cannot run experiments. */
  | { kind: 'unable'; message: string }
  | { kind: 'progress'; id: number; fraction: number; series?: readonly Series[] }
  | { kind: 'done'; id: number; outcome: Outcome; ms: number }
  | { kind: 'failed'; id: number; message: string };

/** How often a run that is under way is shown. */
const EVERY_MS = 80;
const TENSOR_BYTES = 512 * 2 ** 20;

const port = globalThis as unknown as {
  postMessage(message: WorkerSays): void;
  onmessage: ((event: MessageEvent<RunOrder>) => void) | null;
};

/** What experiments use of TensorFlow.js, without the backends and loaders that they do not. */
const tf = { ...core, layers: tfLayers.layers, initializers: tfLayers.initializers } as unknown as Tf;

async function start(): Promise<void> {
  // Threads would need headers that keep other sites' frames and pictures out; the tensors are too small for them.
  core.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths('/static/wasm/');
  if (!(await core.setBackend('wasm'))) throw new Error('WASM did not start');
  await core.ready();
  installStackedMatMul(tf);
}

const started = start().then(
  () => {
    port.postMessage({ kind: 'ready', backend: `wasm (tfjs ${version_wasm})` });
    return true;
  },
  (error: unknown) => {
    port.postMessage({ kind: 'unable', message: String(error) });
    return false;
  },
);

port.onmessage = async ({ data }) => {
  if (!(await started)) return;
  try {
    const from = performance.now();
    const outcome = await run(data);
    port.postMessage({ kind: 'done', id: data.id, outcome, ms: performance.now() - from });
  } catch (error) {
    port.postMessage({ kind: 'failed', id: data.id, message: String(error) });
  }
};

/** Parts of a run one after the other: which worker computes a part makes no difference to its numbers. */
async function run({ id, demo: name, params, seed }: RunOrder): Promise<Outcome> {
  const demo = demos.find((one) => one.name === name);
  if (!demo) throw new Error(`no experiment is called ${name}`);
  const { run } = demo;
  const count = typeof run === 'function' ? 1 : run.count;
  let reported = performance.now();
  const contextOf = (part: number) => ({
    tf,
    rng: createRng(seed),
    seed,
    progress(fraction: number, sofar?: () => readonly Series[]) {
      const now = performance.now();
      if (now - reported < EVERY_MS) return;
      reported = now;
      if (tf.memory().numBytes > TENSOR_BYTES) throw new RangeError('too large');
      port.postMessage({ kind: 'progress', id, fraction: (part + fraction) / count, ...(sofar && { series: sofar() }) });
    },
  });
  if (typeof run === 'function') return run(contextOf(0), params);
  const results: unknown[] = [];
  for (let part = 0; part < count; part++) results.push(await run.part(contextOf(part), params, part));
  return run.join(results, params);
}
