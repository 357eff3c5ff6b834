import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import type { Tf } from './demo.ts';
import { installStackedMatMul } from './lib/wasm-matmul.ts';

const require = createRequire(import.meta.url);

export type BackendKind = Exclude<Config['tfBackend'], 'auto'>;

export interface LoadedTf {
  tf: Tf;
  /** Shown with every result, e.g. `wasm (tfjs 4.22.0)`. */
  label: string;
}

/** Whether tfjs-node's compiled part is there; the package alone, without it, throws on import. */
export function nativeAvailable(): boolean {
  try {
    const home = dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
    return existsSync(join(home, 'lib', 'napi-v8', 'tfjs_binding.node'));
  } catch {
    return false;
  }
}

/** Turns the setting into a backend: `auto` is native where it was installed, else WASM. */
export function chooseBackend(setting: Config['tfBackend']): BackendKind {
  if (setting !== 'auto') return setting;
  return nativeAvailable() ? 'native' : 'wasm';
}

/**
 * Loads TensorFlow.js with the backend; called once in each worker.
 * @param lenient takes WASM where a native library is there but does not load (an older glibc, a half copied file).
 * @throws Error when native was asked for and cannot load. A WASM that cannot start gives way to plain CPU.
 */
export async function loadTf(kind: BackendKind, lenient = false): Promise<LoadedTf> {
  if (kind !== 'native') return loadPortable(kind);
  try {
    const tf = (await import('@tensorflow/tfjs-node')) as unknown as Tf;
    await tf.ready();
    return { tf, label: `native (tfjs-node ${tf.version.tfjs})` };
  } catch (error) {
    if (lenient) return loadPortable('wasm');
    throw error;
  }
}

async function loadPortable(kind: 'wasm' | 'cpu'): Promise<LoadedTf> {
  const tf: Tf = await import('@tensorflow/tfjs');
  if (kind === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    if (await tf.setBackend('wasm').catch(() => false)) {
      await tf.ready();
      installStackedMatMul(tf);
      return { tf, label: `wasm (tfjs ${tf.version.tfjs})` };
    }
  }
  // It would advise, in the middle of a chat, a package that we know of.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  await tf.ready();
  return { tf, label: `cpu (tfjs ${tf.version.tfjs})` };
}
