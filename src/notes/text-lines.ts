import { readFileSync } from 'node:fs';
import { decodeText } from './decode-text.ts';

/** First line of a file, from `from` on, that holds `needle`, else `from`; problems point there. */
export function lineOf(file: string, needle: string, from = 1): number {
  const lines = (decodeText(readFileSync(file)) ?? '').split('\n');
  const at = lines.findIndex((line, i) => i + 1 >= from && line.includes(needle));
  return at < 0 ? from : at + 1;
}
