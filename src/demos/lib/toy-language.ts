import type { Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import { type Adam, adamStep } from './adam.ts';
import { product, timesTransposed, transposedTimes } from './batched.ts';
import { type EncoderShape, encode } from './encoder.ts';
import { mean } from './stats.ts';

/** 24 tokens: [CLS], [SEP], [MASK], eight words of each topic, four function words, and “bank”, which belongs to both. */
const CLS = 0;
const SEP = 1;
const MASK = 2;
const TOPIC = 3;
const FUNCTION = 19;
export const BANK = 23;
const WORDS = 8;
export const LENGTH = WORDS + 2;
const BATCH = 32;
/** Where “bank” stands in the sentences that are looked at. */
export const PROBE = 4;

export interface Sentence {
  tokens: number[];
  topic: 0 | 1;
}

/** A sentence of one of two topics: topic words (70 %) and function words, “bank” at a given place. */
export function sentence(rng: Rng, bankAt: number): Sentence {
  const topic = rng.integer(2) as 0 | 1;
  const words = Array.from({ length: WORDS }, (_, i) => {
    if (i === bankAt) return BANK;
    return rng.uniform() < 0.7 ? TOPIC + 8 * topic + rng.integer(8) : FUNCTION + rng.integer(4);
  });
  return { tokens: [CLS, ...words, SEP], topic };
}

/** The toy model, whose number of layers a run may vary. */
export const ENCODER = { width: 32, heads: 2, feedForward: 64, tokens: BANK + 1, positions: LENGTH };
const RATE = 3e-3;

/** One step of masked-word training: the state after it, and the loss in nats before. The old state is disposed of. */
export function trainStep(tf: Tf, rng: Rng, shape: EncoderShape, state: Adam): { state: Adam; loss: number } {
  const sentences: number[][] = [];
  const targets: number[] = [];
  // Picks the masked positions, and holds the predicted against the right words, by rows with a single one.
  const where = new Float32Array(BATCH * BATCH * LENGTH);
  const right = new Float32Array(BATCH * shape.tokens);
  for (let i = 0; i < BATCH; i++) {
    const { tokens } = sentence(rng, rng.integer(WORDS));
    const masked = 1 + rng.integer(WORDS);
    sentences.push(tokens.map((token, position) => (position === masked ? MASK : token)));
    targets.push(tokens[masked]!);
    where[i * BATCH * LENGTH + i * LENGTH + masked] = 1;
    right[i * shape.tokens + targets[i]!] = 1;
  }
  let loss = 0;
  const after = tf.tidy(() => {
    const { states, words, backward } = encode(tf, shape, state.parameters, sentences);
    const picker = tf.tensor2d(where, [BATCH, BATCH * LENGTH]);
    const picked = product(tf, picker, states.at(-1)!);
    const predicted = tf.softmax(timesTransposed(tf, picked, words));
    const probabilities = predicted.dataSync();
    loss = -mean(targets.map((target, i) => Math.log(probabilities[i * shape.tokens + target]!)));
    const error = tf.div<Tensor2D>(tf.sub(predicted, tf.tensor2d(right, [BATCH, shape.tokens])), BATCH);
    const last = transposedTimes(tf, picker, product(tf, error, words));
    return { ...adamStep(tf, state, backward(last, transposedTimes(tf, error, picked)), RATE) };
  });
  tf.dispose({ ...state });
  return { state: after, loss };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}

export interface LayerFacts {
  /** Mean cosine of “bank” at the same position in two sentences: any, of one topic, of two topics. */
  all: number;
  same: number;
  different: number;
  smallest: number;
  clsSmallest: number;
  /** Share of [CLS] vectors whose nearest neighbour has the same topic. */
  nearest: number;
  /** The same for the mean of all token vectors of a sentence. */
  nearestMean: number;
}

/** What one layer's hidden states, [sentence][position][unit], tell about “bank” and [CLS]. */
export function lookAt(states: number[][][], sentences: readonly Sentence[]): LayerFacts {
  const bank = states.map((rows) => rows[1 + PROBE]!);
  const cls = states.map((rows) => rows[CLS]!);
  const means = states.map((rows) => rows[0]!.map((_, unit) => mean(rows.map((row) => row[unit]!))));
  const [same, different]: [number[], number[]] = [[], []];
  let clsSmallest = 1;
  for (let i = 0; i < sentences.length; i++) {
    for (let j = i + 1; j < sentences.length; j++) {
      clsSmallest = Math.min(clsSmallest, cosine(cls[i]!, cls[j]!));
      (sentences[i]!.topic === sentences[j]!.topic ? same : different).push(cosine(bank[i]!, bank[j]!));
    }
  }
  const all = [...same, ...different];
  return {
    all: mean(all),
    same: mean(same),
    different: mean(different),
    smallest: Math.min(...all),
    clsSmallest,
    nearest: nearestShare(cls, sentences),
    nearestMean: nearestShare(means, sentences),
  };
}

/** Share of vectors whose nearest neighbour by cosine belongs to a sentence of the same topic. */
function nearestShare(vectors: readonly number[][], sentences: readonly Sentence[]): number {
  const right = vectors.filter((vector, i) => {
    const closeness = vectors.map((other, j) => (i === j ? Number.NEGATIVE_INFINITY : cosine(vector, other)));
    return sentences[closeness.indexOf(Math.max(...closeness))]!.topic === sentences[i]!.topic;
  });
  return right.length / vectors.length;
}
