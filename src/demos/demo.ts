import type * as tf from '@tensorflow/tfjs';
import type { ChartSpec } from '../charts/spec.ts';
import type { Locale, Localized } from '../core/locale.ts';
import type { Series } from '../core/result.ts';
import type { ParamTable, ParamValues } from './params.ts';
import type { Rng } from './random.ts';

/** TensorFlow.js as a demo receives it; which backend runs is decided outside. */
export type Tf = typeof tf;

/** A number held against theory inside a demo, before it is worded for a reader. */
export interface DemoCheck {
  /** Key of `measures`. */
  id: string;
  claim: Localized;
  predicted: number;
  /** Absolute. */
  tolerance: number;
  /** What is predicted is a range: `predicted` is its middle then, `tolerance` half its width. */
  range?: readonly [low: number, high: number];
}

/** A prediction that a measure lies in a range, both ends included. */
export function within(low: number, high: number): Pick<DemoCheck, 'predicted' | 'tolerance' | 'range'> {
  return { predicted: (low + high) / 2, tolerance: (high - low) / 2, range: [low, high] };
}

export interface Outcome {
  series: Series[];
  /** Everything a claim or a chart question may ask for. What a run did not measure is left out: all are finite. */
  measures: Record<string, number>;
  /** Checks that hold for these parameters; `ok` is computed by the runner from `measures`. */
  checks: DemoCheck[];
  /** Runs that end worse than they began, or in no finite number, and from which step on. Said as such; drawn as far as they are finite. */
  diverged?: { name: string | Localized; step: number }[];
}

/** What a run that is under way has so far; measures that come out last are missing. */
export interface Sofar {
  series: readonly Series[];
  measures?: Readonly<Record<string, number>>;
}

export interface RunContext<S = Sofar> {
  tf: Tf;
  /** Seeded; the only source of chance. */
  rng: Rng;
  seed: number;
  /**
   * 0–1; throws when the run was cancelled or is past its deadline, so call it often. `sofar` gives what the run would
   * be if it ended now, for whoever watches (see growing.ts); it is asked only as often as somebody looks.
   */
  progress(fraction: number, sofar?: () => S): void;
}

/** A long run in parts that do not need each other: they are computed on as many cores as are free. */
export interface InParts<T extends ParamTable> {
  count: number;
  /** One part, 0 … count − 1; what it returns goes from one thread to another. `sofar` is what it would return now. */
  part(ctx: RunContext<unknown>, params: ParamValues<T>, part: number): unknown;
  /** What the parts returned, put together; of a run that is under way, the last may be unfinished and others missing. */
  join(results: readonly unknown[], params: ParamValues<T>): Outcome;
}

/** A demo is one file: what it varies, what it measures, how it is drawn and what it says. */
export interface Demo<T extends ParamTable = ParamTable> {
  name: string;
  /** Raised when the numbers change for the same parameters and seed; part of the cache key. */
  version: number;
  /** Topics whose notes it shows; the first is its home. */
  topics: readonly string[];
  title: Localized;
  /** One or two sentences: what is run and what to look at. */
  summary: Localized;
  params: T;
  /** Words for the parts of the keys of measures and series, such as `weight-factor` and `relu/he`. What is a number stays one. */
  names?: Record<string, Localized>;
  /** Wall-clock limit of one run in milliseconds. */
  deadline: number;
  /** For runs that can be too long for their limit: see afford.ts. */
  cost?: {
    /** Seconds of one part on WASM, on a small machine with nothing else to do. */
    seconds(params: ParamValues<T>): number;
    /** Parameters to lower until it fits, the least missed first. */
    lower: readonly (keyof T & string)[];
  };
  /** One-change variations offered as "run again" buttons. */
  variations: readonly { label: Localized; params: Partial<ParamValues<T>> }[];
  run: ((ctx: RunContext, params: ParamValues<T>) => Promise<Outcome> | Outcome) | InParts<T>;
  chart(outcome: Outcome, params: ParamValues<T>, locale: Locale): ChartSpec;
  /** Two lines: what this run shows, with its numbers. */
  reading(outcome: Outcome, params: ParamValues<T>, locale: Locale): string;
  /** Predict–Observe–Explain: the vote held before the run, and which option the run bore out. */
  predict: {
    question: Worded<[ParamValues<T>]>;
    options: Told<readonly { id: string; text: Localized }[], [ParamValues<T>]>;
    /** One of the options, whatever the parameters. */
    outcome(outcome: Outcome, params: ParamValues<T>): string;
    why: Worded<[Outcome, ParamValues<T>]>;
  };
}

/** The same for every run, or made for one. */
type Told<V, A extends unknown[]> = V | ((...about: A) => V);
type Worded<A extends unknown[]> = Told<Localized, A>;

/** What is told of these parameters, or of this run. */
export function told<V extends object, A extends unknown[]>(what: Told<V, A>, ...about: A): V {
  return typeof what === 'function' ? what(...about) : what;
}

/** Declares a demo; parameter types are inferred from the table. */
export function defineDemo<const T extends ParamTable>(demo: Demo<T>): Demo {
  // The runner validates parameters against the table before calling, so the erased type is safe.
  return demo as unknown as Demo;
}
