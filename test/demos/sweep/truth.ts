import type { Outcome } from '../../../src/demos/demo.ts';

/** A run, as a sentence about it is held against it. */
export interface Said extends Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: each demo has parameters of its own, and a truth knows which.
  params: any;
  /** The sentence, with what the pattern caught. */
  said: RegExpExecArray;
}

/** How a sentence begins or reads, and what must hold of a run of which it is said. */
export type Truth = readonly [pattern: RegExp, holds: (run: Said) => boolean];

/** Names what is drawn, or says what holds of every run. */
export const always = () => true;

/** Reads what `num` wrote: `−0.5`, `2.1·10⁻⁶`, `10⁻⁴`, `77 %`. */
export function read(text: string): number {
  const [, mantissa, power] = /^(−?[\d.]+)?(?:·?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/.exec(text.replace(/^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])/, '1·10'))!;
  const exponent = power ? Number([...power].map((c) => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')) : 0;
  return Number((mantissa ?? '1').replace('−', '-')) * 10 ** exponent;
}

/** A series of the run by its name. */
export const curve = ({ series }: Outcome, name: string) => series.find((one) => one.name === name)!;

/** Whether a percentage in a sentence is this share, as rounding allows. */
export const saysShare = (text: string | undefined, share: number): boolean => Math.abs(read(text!) / 100 - share) < 0.0051;

/** Whether a number in a sentence is the measured one, as rounding allows. */
export const says = (text: string | undefined, measured: number | undefined): boolean =>
  text !== undefined && measured !== undefined && Math.abs(read(text) - measured) <= 0.06 * Math.abs(measured) + 1e-12;
