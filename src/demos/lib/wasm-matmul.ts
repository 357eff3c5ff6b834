import type { KernelConfig, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Tf } from '../demo.ts';

/** Below so many multiplications a matrix, the call costs more than the slower product. */
const WORTH_IT = 8192;

/** `_FusedMatMul` of the WASM module: tensors by id, shapes as the bytes of 32-bit integers. */
type FusedMatMul = (
  ...args: [
    ...[a: number, aShape: Uint8Array, aRank: number, b: number, bShape: Uint8Array, bRank: number, transposeA: 0, transposeB: 0],
    ...[activation: number, bias: number, prelu: 0, leakyreluAlpha: 0, out: number],
  ]
) => void;

interface Emscripten {
  cwrap(name: string, returns: null, types: readonly string[]): unknown;
}

/** The module's numbers for what it can apply to a product. */
const ACTIVATIONS: Partial<Record<string, number>> = { linear: 0, relu: 1 };

/** The module knows tensors by number. TensorFlow.js counts up from 1; these are beyond what it reaches. */
const [A, B, BIAS, OUT] = [0x7fff_fff0, 0x7fff_fff1, 0x7fff_fff2, 0x7fff_fff3] as const;
const NO_BIAS = 0;

/**
 * TensorFlow.js multiplies two matrices quickly on WASM but falls back to plain loops, ten times slower, for a stack of
 * them, and takes no stack of biases. This replaces both kernels by one that takes the stack apart in place: each pair of
 * matrices, and their product, is a view into a stack's memory. Transposed operands and small matrices go to the old kernels.
 */
export function installStackedMatMul(tf: Tf): void {
  const wasm = (tf.backend() as BackendWasm).wasm as unknown as Emscripten;
  const types = ['number', 'array', 'number', 'number', 'array', 'number', ...Array<string>(7).fill('number')];
  const multiply = wasm.cwrap('_FusedMatMul', null, types) as FusedMatMul;
  for (const name of ['BatchMatMul', '_FusedMatMul'] as const) {
    const original = tf.getKernel(name, 'wasm');
    if (!original) continue;
    tf.unregisterKernel(name, 'wasm');
    const kernelFunc: KernelConfig['kernelFunc'] = (args) => {
      const inputs = args.inputs as Operands;
      const { transposeA, transposeB, activation = 'linear' } = args.attrs as unknown as Attributes;
      const code = ACTIVATIONS[activation];
      if (transposeA || transposeB || code === undefined || !isStack(inputs)) return original.kernelFunc(args);
      return multiplyStack(args.backend as BackendWasm, multiply, inputs, code);
    };
    tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc });
  }
}

interface Operands extends NamedTensorInfoMap {
  a: TensorInfo;
  b: TensorInfo;
}

interface Attributes {
  transposeA: boolean;
  transposeB: boolean;
  activation?: string;
}

function isStack({ a, b, bias }: Operands): boolean {
  const [nets, m, k] = a.shape;
  const n = b.shape[2]!;
  const stacks = a.shape.length === 3 && b.shape.length === 3 && b.shape[0] === nets;
  if (!stacks || a.dtype !== 'float32' || b.dtype !== 'float32') return false;
  // The old kernel takes no stack of biases at all, so size does not matter then.
  return bias ? bias.shape.join() === [nets, 1, n].join() : nets! > 1 && m! * k! * n >= WORTH_IT;
}

function multiplyStack(backend: BackendWasm, multiply: FusedMatMul, { a, b, bias }: Operands, activation: number): TensorInfo {
  const [nets, m, k] = a.shape as [number, number, number];
  const n = b.shape[2]!;
  const out = backend.makeOutput([nets, m, n], 'float32');
  const { registerTensor, disposeData } = backend.wasm.tfjs;
  const views = [
    { id: A, size: m * k, from: startOf(backend, a) },
    { id: B, size: k * n, from: startOf(backend, b) },
    ...(bias ? [{ id: BIAS, size: n, from: startOf(backend, bias) }] : []),
    { id: OUT, size: m * n, from: startOf(backend, out) },
  ];
  const [aShape, bShape] = [bytes([1, m, k]), bytes([1, k, n])];
  for (let net = 0; net < nets; net++) {
    for (const { id, size, from } of views) registerTensor(id, size, from + net * size * Float32Array.BYTES_PER_ELEMENT);
    multiply(A, aShape, 3, B, bShape, 3, 0, 0, activation, bias ? BIAS : NO_BIAS, 0, 0, OUT);
    // The memory belongs to the stacks and stays.
    for (const { id } of views) disposeData(id);
  }
  return out;
}

const bytes = (shape: number[]) => new Uint8Array(Int32Array.from(shape).buffer);

function startOf(backend: BackendWasm, { dataId }: TensorInfo): number {
  return (backend as unknown as { dataIdMap: { get(dataId: object): { memoryOffset: number } } }).dataIdMap.get(dataId).memoryOffset;
}
