/** Longest name that a board shows. */
const LONGEST = 32;

/**
 * A person's name as it is kept and shown: plain text on every platform. No Markdown, nothing that pings or becomes
 * a link, no control, direction or invisible characters, no towers of accents, at most 32 characters.
 */
export function plainName(name: string): string {
  const clean = name
    // A name may be as long as an attacker likes; nothing beyond this is looked at.
    .slice(0, 1_000)
    .normalize('NFC')
    .replace(/[\p{Z}\s]+/gu, ' ')
    .replace(/[\p{C}\u115F\u1160\u2800\u3164\uFFA0\uFFFC\uFFFD]/gu, '')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/[*_`~|<>[\]\\@#]/g, '')
    .replaceAll('://', ' ')
    .trim();
  return [...clean].slice(0, LONGEST).join('').trim() || '?';
}
