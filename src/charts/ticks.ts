import { num, superscript } from '../demos/lib/format.ts';

/** At most this many labels on a log axis. */
const MAX_POWERS = 9;

/**
 * Tick values of a log axis: clean powers of ten, thinned out over many decades; 1–2–5 steps where the range is
 * less than one and a half decades.
 */
export function logTicks(min: number, max: number): number[] {
  const low = Math.floor(Math.log10(min) + 1e-9);
  const high = Math.ceil(Math.log10(max) - 1e-9);
  // Bounds around values that span 1.5 decades are a little wider than that.
  if (Math.log10(max / min) < 1.75) {
    const fine = [];
    for (let exponent = low; exponent <= high; exponent++) for (const step of [1, 2, 5]) fine.push(step * 10 ** exponent);
    return fine.filter((value) => value >= min * 0.999 && value <= max * 1.001);
  }
  const step = Math.max(1, Math.ceil((high - low) / MAX_POWERS));
  const powers = [];
  for (let exponent = Math.ceil(low / step) * step; exponent <= high; exponent += step) powers.push(10 ** exponent);
  return powers.filter((value) => value >= min * 0.999 && value <= max * 1.001);
}

/** `10⁻³`, `1`, `10`, `20`. */
export function logLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-6) return num(value);
  return exponent === 0 ? '1' : exponent === 1 ? '10' : `10${superscript(exponent)}`;
}

/** Bounds of a log axis around positive values: widened to whole decades when they span more than one and a half. */
export function logBounds(values: readonly number[]): { min: number; max: number } {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return { min: 0.1, max: 10 };
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  if (Math.log10(high / low) < 1.5) return { min: low / 1.3, max: high * 1.3 };
  return { min: 10 ** Math.floor(Math.log10(low)), max: 10 ** Math.ceil(Math.log10(high)) };
}

/** At most so many of them, every second or third one. */
export function sparse(ticks: readonly number[], most: number): number[] {
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % every === 0);
}

/**
 * Ticks of a linear axis: multiples of `step` where one is given (90 for degrees), else those that were built, without
 * a last one that stands much nearer to its neighbour than the others do.
 */
export function stepTicks({ min, max, ticks }: { min: number; max: number; ticks: { value: number }[] }, step?: number): number[] {
  if (step !== undefined) {
    const first = Math.ceil(min / step - 1e-9);
    return Array.from({ length: Math.floor(max / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  }
  const values = ticks.map(({ value }) => value);
  if (values.length < 4) return values;
  const [before, last] = values.slice(-2) as [number, number];
  const usual = values[2]! - values[1]!;
  return last - before < 0.75 * usual ? values.slice(0, -1) : values;
}
