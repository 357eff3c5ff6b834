import type { KernelConfig, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tf } from '../demo.ts';

/** Below so many multiplications a matrix, the call costs more than the slower product. */
const WORTH_IT = 16_384;

/**
 * TensorFlow.js multiplies two matrices quickly on WASM but falls back to plain loops, ten times slower, for a stack of
 * them. This replaces the kernel by one that takes the stack apart in place: each pair of matrices is a view into the
 * stack's memory. Transposed operands and small matrices go to the old kernel.
 */
export function installStackedMatMul(tf: Tf): void {
  const original = tf.getKernel('BatchMatMul', 'wasm');
  if (!original) return;
  tf.unregisterKernel('BatchMatMul', 'wasm');
  const kernelFunc: KernelConfig['kernelFunc'] = (args) => {
    const { a, b } = args.inputs as NamedTensorInfoMap;
    const { transposeA, transposeB } = args.attrs as unknown as { transposeA: boolean; transposeB: boolean };
    if (transposeA || transposeB || !isStack(a!, b!)) return original.kernelFunc(args);
    return multiplyStack(args.backend as BackendWasm, a!, b!, (pair) => original.kernelFunc({ ...args, inputs: pair }) as TensorInfo);
  };
  tf.registerKernel({ kernelName: 'BatchMatMul', backendName: 'wasm', kernelFunc });
}

function isStack(a: TensorInfo, b: TensorInfo): boolean {
  const [nets, m, k] = a.shape;
  return (
    a.shape.length === 3 &&
    b.shape.length === 3 &&
    nets! > 1 &&
    b.shape[0] === nets &&
    a.dtype === 'float32' &&
    b.dtype === 'float32' &&
    m! * k! * b.shape[2]! >= WORTH_IT
  );
}

function multiplyStack(backend: BackendWasm, a: TensorInfo, b: TensorInfo, multiply: (pair: NamedTensorInfoMap) => TensorInfo): TensorInfo {
  const [nets, m, k] = a.shape as [number, number, number];
  const n = b.shape[2]!;
  const result = backend.makeOutput([nets, m, n], 'float32');
  for (let net = 0; net < nets; net++) {
    const pair = { a: view(backend, a, net, [m, k]), b: view(backend, b, net, [k, n]) };
    const one = multiply(pair);
    backend.typedArrayFromHeap(result).set(backend.typedArrayFromHeap(one), net * m * n);
    backend.disposeData(one.dataId);
    forget(backend, pair.a);
    forget(backend, pair.b);
  }
  return result;
}

/** One matrix of a stack, without a copy. */
function view(backend: BackendWasm, stack: TensorInfo, net: number, shape: [number, number]): TensorInfo {
  const offset = memoryOf(backend, stack).memoryOffset + net * shape[0] * shape[1] * Float32Array.BYTES_PER_ELEMENT;
  return backend.makeOutput([1, ...shape], 'float32', offset);
}

/** Takes a view out of the books; its memory belongs to the stack and stays. */
function forget(backend: BackendWasm, { dataId }: TensorInfo): void {
  const { id } = memoryOf(backend, { dataId });
  const inner = backend as unknown as { dataIdMap: { delete(dataId: object): void } };
  backend.wasm.tfjs.disposeData(id);
  inner.dataIdMap.delete(dataId);
}

function memoryOf(backend: BackendWasm, { dataId }: Pick<TensorInfo, 'dataId'>): { id: number; memoryOffset: number } {
  return (backend as unknown as { dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } } }).dataIdMap.get(dataId);
}
