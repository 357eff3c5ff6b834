/** What Slack accepts, as documented or found by others; a test holds them against the table of the facts sheet. */
export const LIMITS = {
  blocksInMessage: 50,
  blocksInHome: 100,
  header: 150,
  /** Text objects; we keep to it for rich text too, where no limit is documented. */
  text: 3_000,
  buttonsInBlock: 25,
  buttonLabel: 75,
  buttonValue: 2_000,
  actionId: 255,
  /** Of an uploaded picture; `alt_txt_too_large` beyond. */
  altText: 1_000,
  caption: 200,
  tableRows: 100,
  tableColumns: 20,
  /** Ours: a table is for short values. */
  cell: 500,
  options: 100,
  optionText: 75,
  optionValue: 150,
  /** Of the characters shown: Slack refuses a message near 13,200 and does not say so in its documentation. */
  page: 10_000,
  /** The plain text beside the blocks: notifications and screen readers. */
  fallback: 3_000,
  viewTitle: 24,
  formLabel: 2_000,
  formText: 3_000,
  /** Ours: a sentence or two below a field. */
  formError: 300,
  placeholder: 150,
  commands: 50,
  commandName: 32,
  usageHint: 1_000,
  appName: 35,
  appDescription: 140,
} as const;

/** Slack counts characters, not UTF-16 units: an emoji is one. */
export function length(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** At most `max` characters; what is cut shows as an ellipsis. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const chars = [...text];
  return chars.length <= max ? text : `${chars.slice(0, max - 1).join('')}…`;
}

/** Pieces of at most `max` characters that together are the text, cut at a line or word where there is one. */
export function split(text: string, max: number): string[] {
  const pieces: string[] = [];
  let rest = [...text];
  while (rest.length > max) {
    const head = rest.slice(0, max);
    const cut = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '), ...'。！？；'.split('').map((mark) => head.lastIndexOf(mark)));
    const at = cut >= max / 2 ? cut + 1 : max;
    pieces.push(rest.slice(0, at).join(''));
    rest = rest.slice(at);
  }
  return [...pieces, rest.join('')];
}

/** Text as Slack's own markup: nothing in it can become a mention, a channel or a link. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The reverse, for what people type; `<https://…|label>` and `<#C1|name>` become what the person saw. */
export function unescapeText(text: string): string {
  return text
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<(https?:[^<>]+|mailto:[^<>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
