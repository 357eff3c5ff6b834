import type * as TfTypes from '@tensorflow/tfjs';
import type { Tf } from '../demo.ts';
import type { Rng } from '../random.ts';
import type { Encoder } from './encoder.ts';
import { multiply } from './multiply.ts';
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

/** One step of masked-word training; returns the loss in nats. */
export function trainStep(tf: Tf, rng: Rng, encoder: Encoder, optimizer: TfTypes.Optimizer): number {
  const batch = Array.from({ length: BATCH }, () => {
    const { tokens } = sentence(rng, rng.integer(WORDS));
    const masked = 1 + rng.integer(WORDS);
    return {
      tokens: tokens.map((token, i) => (i === masked ? MASK : token)),
      masked,
      target: tokens[masked]!,
    };
  });
  return tf.tidy(() => {
    const cost = optimizer.minimize(
      () => {
        const hidden = encoder.hiddenStates(batch.map(({ tokens }) => tokens)).at(-1)!;
        // Picks the masked positions by a one-hot product, for the same reason as the embedding.
        const where = tf.cast(
          tf.oneHot(
            tf.tensor1d(
              batch.map(({ masked }, i) => i * LENGTH + masked),
              'int32',
            ),
            BATCH * LENGTH,
          ),
          'float32',
        ) as TfTypes.Tensor2D;
        const targets = tf.oneHot(
          tf.tensor1d(
            batch.map(({ target }) => target),
            'int32',
          ),
          BANK + 1,
        );
        return tf.losses.softmaxCrossEntropy(targets, encoder.logits(multiply(tf, where, hidden))) as TfTypes.Scalar;
      },
      true,
      encoder.variables,
    );
    return cost!.dataSync()[0]!;
  });
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
