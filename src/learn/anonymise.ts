/** What stands where a person was. */
const NOBODY = '—';

/** What a renderer reads rather than shows; a person may be called `note` or `open`. */
const STRUCTURE = new Set(['type', 'kind', 'style', 'tone', 'state', 'period', 'mode', 'visibility', 'url', 'mime']);

/** Whether any string inside is exactly `text`. */
export function holds(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value === text;
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, text));
}

/** A board that may name its players in running text. */
function isBoard(value: unknown): boolean {
  const kind = (value as { result?: { kind?: unknown } } | null)?.result?.kind;
  return kind === 'quiz' || kind === 'scores';
}

/** Whether a stored reply tells of the person. A name is looked for inside sentences only where players are named. */
export function isAbout(reply: unknown, id: string, names: readonly string[]): boolean {
  if (holds(reply, id)) return true;
  const words = names.map(asWord);
  return isBoard(reply) && some(reply, (text) => words.some((word) => text.search(word) >= 0));
}

/** The value with the person taken out: strings that are the id or a name, and names as whole words inside sentences. */
export function anonymise(value: unknown, id: string, names: readonly string[]): unknown {
  const words = names.map(asWord);
  const inSentences = isBoard(value);
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') {
      if (inner === id || names.includes(inner)) return NOBODY;
      return inSentences ? words.reduce((text, word) => text.replace(word, NOBODY), inner) : inner;
    }
    if (Array.isArray(inner)) return inner.map(clean);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, STRUCTURE.has(key) ? one : clean(one)]));
  };
  return clean(value);
}

function some(value: unknown, test: (text: string) => boolean): boolean {
  if (typeof value === 'string') return test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => some(inner, test));
}

/** The name as a whole word: `ana` is not in `banana`. */
function asWord(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
}
