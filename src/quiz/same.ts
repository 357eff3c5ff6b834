/** When two typed answers are the same: numbers by value, words by what is left when spelling habits are taken away. */

const MINUS = /[\u2212\u2010-\u2015\u2e3a\u2e3b]/g;
/** What may close or enclose an answer without being part of it; `n!` is a factorial. */
const CLOSING = /(?:[\s.,;:?…。，、；：？]|(?<=\p{L}{2}|\p{Script=Han})[!！])+$/u;
const QUOTED = /^["'“‘„«「『《`](.*)["'”’“»」』》`]$/su;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)`;

/** Forms of letters that say nothing: width, minus signs, what closes or quotes an answer. */
function plain(text: string): string {
  return text.trim().replace(CLOSING, '').replace(QUOTED, '$1').replace(CLOSING, '').normalize('NFKC').replace(MINUS, '-').trim();
}

/**
 * The values that a text can stand for: `0.25`, `0,25`, `1/4`, `25%`, `2.5e-3`, `2.5×10^-3`, `−3`, full-width digits.
 * `1,500` may be either. Empty when it is no number.
 */
function numbers(text: string): number[] {
  const digits = plain(text).replace(/\s/g, '');
  const power = digits
    .replace(/[×·*x]10\^?\(?([-+]?\d+)\)?$/i, 'e$1')
    .replace(/^([-+]?)10\^\(?([-+]?\d+)\)?$/, '$11e$2')
    .replace(/^\+/, '');
  const readings = [
    ...(/^[-+]?\d+,\d+$/.test(power) ? [power.replace(',', '.')] : []),
    ...(/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(power) ? [power.replaceAll(',', '')] : []),
    ...(power.includes(',') ? [] : [power]),
  ];
  return readings.flatMap((reading) => value(reading) ?? []);
}

function value(text: string): number | undefined {
  const fraction = new RegExp(`^(${NUMBER})/(\\d+(?:\\.\\d+)?)$`).exec(text);
  if (fraction) return finite(Number(fraction[1]) / Number(fraction[2]));
  const percent = new RegExp(`^(${NUMBER})%$`).exec(text);
  if (percent) return finite(Number(percent[1]) / 100);
  return new RegExp(`^${NUMBER}(?:e[-+]?\\d+)?$`, 'i').test(text) ? finite(Number(text)) : undefined;
}

function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

/** Whether a text can be read as a number. */
export function isNumber(text: string): boolean {
  return numbers(text).length > 0;
}

/** Whether a typed number is within `tolerance` of `key`. */
export function isNear(typed: string, key: number, tolerance: number): boolean {
  // One part in 10⁹ forgives the binary form of decimal bounds (0.1 + 0.2).
  return numbers(typed).some((number) => Math.abs(number - key) <= tolerance + 1e-9 * Math.abs(key));
}

/** Whether a typed answer is the expected one. Where a number is expected only its value counts. */
export function isSame(expected: string, typed: string): boolean {
  const keys = numbers(expected);
  return keys.length > 0 ? keys.some((key) => isNear(typed, key, 0)) : fold(expected) === fold(typed);
}

/**
 * The letters of a term whatever their case, width, accents and spacing, without closing marks, quotes, a leading
 * article, and hyphens, dots and apostrophes between words. A minus stays: `-x` is not `x`, `x-1` is not `x1`.
 */
export function fold(text: string): string {
  return plain(text)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/^(?:the|an?)\s+(?=\S)/, '')
    .replaceAll('’', "'")
    .replace(/(?<=\p{L}{2})'|'(?=\p{L}{2})/gu, '')
    .replace(/(?<=[\p{L}\p{N}])[-_·](?=\p{L}{2})|(?<=\p{L}{2})[-_·](?=[\p{L}\p{N}])|(?<=\p{L})\.(?=\p{L})/gu, '')
    .replace(/\s/g, '');
}
