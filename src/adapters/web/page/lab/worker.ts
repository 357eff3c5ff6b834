// Runs experiments in the page: the same files as on the server, on TensorFlow.js' WASM from our own address.
import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import * as tfLayers from '@tensorflow/tfjs-layers';
import type { Outcome, RunContext, Sofar, Tf } from '../../../../demos/demo.ts';
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
  | { kind: 'progress'; id: number; fraction: number; sofar?: Sofar }
  | { kind: 'done'; id: number; outcome: Outcome; ms: number }
  | { kind: 'failed'; id: number; message: string };

/** When a run that is under way is shown first, and how often from then on. */
const FIRST_MS = 40;
const EVERY_MS = 80;
/** Showing takes no more than this share of the time. */
const SHARE = 0.2;
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
  let next = performance.now() + FIRST_MS;
  const contextOf = <S>(part: number, soFar: (made: S) => Sofar): RunContext<S> => ({
    tf,
    rng: createRng(seed),
    seed,
    progress(fraction, sofar) {
      const now = performance.now();
      if (now < next) return;
      if (tf.memory().numBytes > TENSOR_BYTES) throw new RangeError('too large');
      const seen = sofar && soFar(sofar());
      port.postMessage({ kind: 'progress', id, fraction: (part + fraction) / count, ...(seen && { sofar: seen }) });
      const then = performance.now();
      next = then + Math.max(EVERY_MS, (then - now) / SHARE);
    },
  });
  const only = ({ series, measures }: Sofar): Sofar => ({ series, ...(measures && { measures }) });
  if (typeof run === 'function') return run(contextOf(0, only), params);
  const results: unknown[] = [];
  for (let part = 0; part < count; part++)
    results.push(
      await run.part(
        contextOf(part, (made: unknown) => only(run.join([...results, made], params))),
        params,
        part,
      ),
    );
  return run.join(results, params);
}
