/** A number for reading: four significant digits, powers of ten where it is very large or small (`1.8·10⁻⁶`). */
export function num(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits))).replace('-', '−');
  const exponent = Math.floor(Math.log10(size));
  const mantissa = Number((value / 10 ** exponent).toPrecision(2));
  const power = `10${superscript(exponent)}`;
  return mantissa === 1 ? power : `${mantissa}·${power}`.replace('-', '−');
}

/** `-6` → `⁻⁶`. */
export function superscript(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return [...String(exponent)].map((c) => (c === '-' ? '⁻' : digits[Number(c)])).join('');
}

/** `0.771` → `77 %`. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** `sigmoid` → `Sigmoid`, for the beginning of a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
