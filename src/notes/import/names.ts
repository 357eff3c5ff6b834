/** The 32 hexadecimal digits that Notion puts behind the name of every page and database. */
const NOTION_ID = /[ -]?[0-9a-f]{32}(?=$|_all$|\.\w{1,5}$)/i;

/** True for the file name of a page that came out of Notion. */
export function isNotion(name: string): boolean {
  return NOTION_ID.test(name);
}

/** What a file is called without what a program adds: Notion's id, a blog's date, `%20`, Logseq's `___`. */
export function pageName(file: string): string {
  let name = file;
  try {
    name = decodeURIComponent(file);
  } catch {
    // A percent sign that is none of an address.
  }
  name = name.replace(NOTION_ID, '').replace(/^\d{4}-\d{2}-\d{2}-(?=\S)/, '');
  if (name !== file && /^[^\s]+-[^\s]+$/.test(name) && /^\d{4}-/.test(file)) name = name.replaceAll('-', ' ');
  return name.replaceAll('___', ' / ').trim() || file;
}

/** `Tags: a, b`, `Created: March 3, 2023`: what Notion writes below a page's title. */
const PROPERTY = /^[\p{L}][\p{L}\p{N} _/()&?-]{0,40}: \S.*$/u;

/** The lines, from 1, of the properties below the title of a page of Notion's. */
export function notionProperties(lines: readonly string[]): Set<number> {
  let at = lines.findIndex((line) => line.trim() !== '');
  if (at < 0 || !/^#\s/.test(lines[at]!)) return new Set();
  for (at++; at < lines.length && lines[at]!.trim() === ''; at++);
  const found = new Set<number>();
  for (; at < lines.length && PROPERTY.test(lines[at]!); at++) found.add(at + 1);
  // Prose that begins like one goes on.
  return lines[at]?.trim() ? new Set() : found;
}
