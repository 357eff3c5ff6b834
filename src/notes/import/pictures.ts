import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, sep } from 'node:path';
import { applyEdits, parseMarkdown, spanOf, walk } from '../markdown-tree.ts';
import { picture } from './html-blocks.ts';
import type { RawNotes } from './raw.ts';

/** A picture larger than this is none for a note. */
const MAX_PICTURE = 5 * 1024 * 1024;
const PICTURE = /^\.(?:png|jpe?g|gif|svg|webp|bmp|avif)$/i;

export interface PictureCopy {
  /** Place in the raw file's topics. */
  topic: number;
  from: string;
  /** File name beside the topic's note. */
  name: string;
}

/** Finds the file that a picture's address means: in the folder of `file` or below, as written, percent-decoded, or by its name alone. */
export function picturesBeside(file: string): (url: string) => string | undefined {
  const folder = dirname(realpathSync(file));
  const below = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const known = new Map<string, string | undefined>();
  const look = (url: string) => {
    const path = decoded(url.replace(/[?#].*$/, ''));
    if (/^[a-z][a-z0-9+.-]+:|^\/\//i.test(url) || !PICTURE.test(extname(path))) return undefined;
    const names = [path.replace(/^\/+/, ''), basename(path), ...below.map((name) => join(name, basename(path)))];
    return names.map((name) => join(folder, name)).find((full) => isPicture(full, folder));
  };
  return (url) => {
    if (!known.has(url)) known.set(url, look(url));
    return known.get(url);
  };
}

/** Nothing outside the folder is read, through no link either. */
function isPicture(full: string, folder: string): boolean {
  if (!existsSync(full)) return false;
  const stat = statSync(full);
  return realpathSync(full).startsWith(`${folder}${sep}`) && stat.isFile() && stat.size <= MAX_PICTURE;
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** What to copy beside each topic's note; the notes name the copies. */
export function takePictures(raw: RawNotes, beside: (url: string) => string | undefined): { raw: RawNotes; copies: PictureCopy[] } {
  const copies: PictureCopy[] = [];
  const nameOf = (topic: number, from: string) => {
    const own = copies.filter((copy) => copy.topic === topic);
    const there = own.find((copy) => copy.from === from);
    if (there) return there.name;
    const ext = extname(from);
    const stem = basename(from, ext).replace(/[\s()<>]+/g, '-');
    let name = `${stem}${ext}`;
    for (let n = 2; own.some((copy) => copy.name === name); n++) name = `${stem}-${n}${ext}`;
    copies.push({ topic, from, name });
    return name;
  };
  const topics = raw.topics.map((topic, i) => {
    const sections = topic.sections.map((section) => {
      if (!section.body.includes('![')) return section;
      const edits = [...walk(parseMarkdown(section.body).tree)].flatMap((node) => {
        const from = node.type === 'image' ? beside(node.url) : undefined;
        return node.type === 'image' && from ? [{ ...spanOf(node), text: picture(node.alt ?? '', nameOf(i, from)) }] : [];
      });
      return { ...section, body: applyEdits(section.body, edits) };
    });
    return { ...topic, sections };
  });
  return { raw: { ...raw, topics }, copies };
}
