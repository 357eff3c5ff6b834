import type { Locale } from '../../core/locale.ts';

/** A number for reading: three significant digits, powers of ten where it is very large or small (`1.8·10⁻⁶`). */
export function num(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return unwritable(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits))).replace('-', '−');
  let exponent = Math.floor(Math.log10(size));
  let mantissa = Number((value / 10 ** exponent).toPrecision(2));
  // 9.97·10⁴⁵ is 10⁴⁶, not 10·10⁴⁵. Below 10⁻³⁰⁷ the power itself is not exact.
  if (!Number.isFinite(mantissa)) mantissa = Number(value.toExponential(1).split('e')[0]);
  if (Math.abs(mantissa) >= 10) [mantissa, exponent] = [mantissa / 10, exponent + 1];
  const power = `10${superscript(exponent)}`;
  if (Math.abs(mantissa) === 1) return mantissa < 0 ? `−${power}` : power;
  return `${mantissa}·${power}`.replace('-', '−');
}

/**
 * What is no finite number has no place in a sentence, a label or a tick: whoever words a run looks first. Tests stop
 * here; a reader would see a dash.
 */
function unwritable(value: number): string {
  if (process.env.NODE_ENV === 'test') throw new RangeError(`${value} is put into words`);
  return '–';
}

/** `-6` → `⁻⁶`. */
export function superscript(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return [...String(exponent)].map((c) => (c === '-' ? '⁻' : digits[Number(c)])).join('');
}

/** `0.771` → `77 %`. */
export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? `${Math.round(fraction * 100)} %` : unwritable(fraction);
}

/** Like `percent`, but with digits where 0 % or 100 % would say of a little that it is nothing: `0.2 %`, `99.97 %`. */
export function finePercent(fraction: number): string {
  const missing = Math.min(Math.abs(fraction), Math.abs(1 - fraction)) * 100;
  if (!(missing > 1e-4) || missing >= 0.5) return percent(fraction);
  return `${(fraction * 100).toFixed(Math.ceil(-Math.log10(missing)) || 1)} %`;
}

/** `sigmoid` → `Sigmoid`, for the beginning of a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Facts one after the other, with the commas or (`apart`) semicolons of the language. */
export function listed(facts: readonly string[], locale: Locale, apart: 'commas' | 'semicolons' = 'commas'): string {
  const marks = { en: { commas: ', ', semicolons: '; ' }, zh: { commas: '，', semicolons: '；' } };
  return facts.join(marks[locale][apart]);
}

/** `1 layer`, `2 layers`. */
export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
