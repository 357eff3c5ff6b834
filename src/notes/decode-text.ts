/** What Chinese editors on Windows write; it holds GBK and GB2312. */
const LEGACY = 'gb18030';
/** Characters that text does not hold: controls and private use. */
const NOT_TEXT = /(?![\t\n\v\f\r])[\p{Cc}\p{Co}]/u;

/**
 * Whether the letters beyond ASCII stand in pairs, as Chinese ones do. In Western encodings they stand alone (`café`),
 * and would swallow the character behind them.
 */
function isPaired(bytes: Uint8Array): boolean {
  let [pairs, others] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue;
    if (bytes[++i]! > 0xa0) pairs++;
    else others++;
  }
  return pairs > others;
}

/**
 * The text of a file: UTF-8 with or without a byte order mark, else GB18030. Every line ends with `\n`, as the Markdown
 * parser counts them: CRLF and a carriage return alone end a line too.
 * @returns undefined when it is no text
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  for (const encoding of ['utf-8', LEGACY]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (text.includes('\0') || (encoding === LEGACY && (NOT_TEXT.test(text) || !isPaired(bytes)))) return undefined;
      return text.replace(/\r\n?/g, '\n');
    } catch {}
  }
  return undefined;
}
