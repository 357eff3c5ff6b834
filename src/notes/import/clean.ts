import { createRequire } from 'node:module';
import { load } from 'js-yaml';
import type { Nodes } from 'mdast';
import { lazy } from '../../core/lazy.ts';
import type { Localized } from '../../core/locale.ts';
import { htmlEdits, onlyTags } from '../html-prose.ts';
import { applyEdits, type Edit, parseMarkdown, type Span, spanOf, walk } from '../markdown-tree.ts';
import { plainLines } from './dialects.ts';
import { markdownBlocks, picture } from './html-blocks.ts';
import { inlineMarks } from './inline-marks.ts';
import { isNotion, notionProperties } from './names.ts';
import { dollarFormulas } from './tex-marks.ts';

const require = createRequire(import.meta.url);
const tomlReader = lazy(() => require('smol-toml') as typeof import('smol-toml'));

export interface Remark {
  /** From 1. */
  line: number;
  text: Localized;
  /** Something of the file is not in the notes. */
  lost: boolean;
}

export interface CleanNotes {
  /** Plain Markdown with the line numbers of the file. */
  text: string;
  /** The Markdown before it was turned, without the front matter's words. */
  source: string;
  /** Lines of front matter at the top, its marks included. */
  frontLines: number;
  /** What the front matter calls the file. */
  title?: string;
  remarks: Remark[];
  /** Lines that hold definitions of links and footnotes: what they say stands where it is used. */
  definitions: Set<number>;
}

const CALLOUT = /^([ \t]*(?:>[ \t]*)+)\[!([\w-]+)\][+-]?[ \t]*(.*)$/gm;
const WIKI = /(!?)\[\[([^[\]|\n]+)(?:\|([^[\]\n]+))?\]\]/g;
const MARKED = /==(?=\S)([^=\n]+?)==/g;

export interface CleanOptions {
  /** The file's name without its ending. */
  name?: string | undefined;
  /** Whether a picture of this address stands beside the file. */
  hasPicture?: ((url: string) => boolean) | undefined;
}

/**
 * Turns what note programs write (front matter, Obsidian, Jekyll, HTML, reference links, footnotes) into plain Markdown,
 * line for line. Code and formulas stay as they are.
 */
export function cleanNotes(source: string, { name = '', hasPicture = () => false }: CleanOptions = {}): CleanNotes {
  const front = /^(---|\+\+\+)[ \t]*\n([\s\S]*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  const fields = front && (front[1] === '+++' ? tomlFields(front[2]!) : frontFields(front[2]!));
  const frontLines = fields ? front[2]!.split('\n').length + 2 : 0;
  const body = highlights(fields ? '\n'.repeat(frontLines) + source.slice(front[0].length) : source);
  const remarks: Remark[] = [];
  const dialect = plainLines(withoutProperties(body, name, remarks), (line, text, lost) => void remarks.push({ line, text, lost }));
  const lost = (at: number) => void remarks.push({ line: lineCounter(dialect)(at), text: SAID.table, lost: true });
  const blocks = markdownBlocks(dollarFormulas(dialect), { hasPicture, onLostTable: lost });
  const { text: parsed, lines: definitions } = definitionsLast(blocks);
  const { tree, formulas } = parseMarkdown(parsed);
  const nodes = [...walk(tree)];
  const lineAt = lineCounter(parsed);
  const remark: Note = (at, text, lost) => void remarks.push({ line: lineAt(at), text, lost });
  const pictured = (at: number, url: string) =>
    hasPicture(url) ? remark(at, SAID.copied(url), false) : remark(at, SAID.picture(url), true);
  const literal = [
    ...formulas,
    ...nodes.filter(({ type }) => ['code', 'inlineCode', 'inlineMath', 'html'].includes(type)).map(spanOf),
  ].sort((a, b) => a.start - b.start);
  const edits: Edit[] = [
    ...htmlEdits(tree),
    ...references(nodes, parsed, definitions, remark, pictured),
    ...obsidian(parsed, literal, remark, pictured),
    ...deadLinks(nodes, remark),
    ...inlineMarks(parsed, literal, remark),
  ];
  for (const node of nodes) {
    const { start, end } = spanOf(node);
    if (node.type === 'html') {
      const alone = tree.children.includes(node) && onlyTags(node.value);
      const [what, line] = [alone ? SAID.tagsAlone : SAID.tags, lineAt(start)];
      if (!remarks.some((said) => said.line === line && said.text === what)) remark(start, what, false);
      for (const [, url] of node.value.matchAll(/<img\b[^>]*?\bsrc=["']?([^"'\s>]+)/gi)) pictured(start, url!);
    } else if (node.type === 'image') {
      pictured(start, node.url);
      // A pasted picture would fill the note; what it is called stays.
      if (node.url.startsWith('data:')) edits.push({ start, end, text: node.alt ? `*(${node.alt})*` : '' });
    }
  }
  const title = typeof fields?.title === 'string' ? fields.title.trim() : '';
  return { text: applyEdits(parsed, edits), source: body, frontLines, ...(title && { title }), remarks, definitions };
}

/** A link's address as Markdown takes it. */
function destination(url: string): string {
  return /[\s()]/.test(url) ? `<${url}>` : url;
}

const short = (url: string) => (url.length > 60 ? `${url.slice(0, 30)}…` : url);
const SAID = {
  tags: { en: 'HTML tags left out, the text stays', zh: 'HTML 标签已略去，文字保留' },
  tagsAlone: { en: 'nothing but HTML tags; left out', zh: '只有 HTML 标签，已略去' },
  table: { en: 'this HTML table cannot be a Markdown table; its words stay', zh: '这个 HTML 表格无法转成 Markdown 表格；文字保留' },
  property: { en: 'a property of the page; left out', zh: '页面属性，已略去' },
  picture: (url: string) => ({ en: `the picture ${short(url)} is not shown`, zh: `图片 ${short(url)} 不会显示` }),
  copied: (url: string) => ({
    en: `the picture ${short(url)} is copied beside the note; chats show its name`,
    zh: `图片 ${short(url)} 已复制到笔记旁；聊天里只显示它的名字`,
  }),
  embed: (name: string) => ({ en: `the note ${name} is not embedded; its name stays`, zh: `没有嵌入笔记“${name}”；它的名字保留` }),
  unused: (name: string) => ({ en: `[${name}] is used nowhere; left out`, zh: `[${name}] 没有被引用，已略去` }),
  dead: (url: string) => ({
    en: `a link to ${short(url)}, which is another file; its words stay`,
    zh: `链接 ${short(url)} 指向另一个文件；文字保留`,
  }),
};

/** A page of Notion's without the lines of its properties. */
function withoutProperties(source: string, name: string, remarks: Remark[]): string {
  if (!isNotion(name)) return source;
  const lines = source.split('\n');
  const properties = notionProperties(lines);
  for (const line of properties) remarks.push({ line, text: SAID.property, lost: false });
  return lines.map((line, i) => (properties.has(i + 1) ? '' : line)).join('\n');
}

/** A file's or a heading's address leads nowhere in a chat: the link's words stay. */
function deadLinks(nodes: readonly Nodes[], remark: Note): Edit[] {
  return nodes.flatMap((node): Edit[] => {
    const [first, last] = node.type === 'link' ? [node.children[0], node.children.at(-1)] : [];
    if (node.type !== 'link' || !first || !last || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(node.url)) return [];
    const { start, end } = spanOf(node);
    remark(start, SAID.dead(node.url), false);
    return [
      { start, end: spanOf(first).start, text: '' },
      { start: spanOf(last).end, end, text: '' },
    ];
  });
}

/** Front matter in TOML, as Hugo has it. */
function tomlFields(toml: string): Record<string, unknown> | undefined {
  try {
    return tomlReader().parse(toml);
  } catch {
    return undefined;
  }
}

/** The fields of front matter; undefined when the block is none: two rules with text between. */
function frontFields(yaml: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = load(yaml);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return /^[\w-]+:/m.test(yaml.split('\n')[0]!) ? {} : undefined;
  }
}

/** `{% highlight python %}` … `{% endhighlight %}` as fenced code. */
function highlights(source: string): string {
  return source.replace(
    /^[ \t]*\{%-?\s*highlight\s+([\w+#-]+)[^\n]*?%\}[ \t]*\n([\s\S]*?)^[ \t]*\{%-?\s*endhighlight\s*-?%\}[ \t]*$/gm,
    (_, language: string, code: string) => {
      const longest = Math.max(2, ...[...code.matchAll(/^ *(`{3,})/gm)].map(([, ticks]) => ticks!.length));
      const fence = '`'.repeat(longest + 1);
      return `${fence}${language}\n${code}${fence}`;
    },
  );
}

/** A definition right below a footnote would be part of it: it goes to the end, its line stays empty. */
function definitionsLast(source: string): { text: string; lines: Set<number> } {
  const moved: string[] = [];
  const lines = new Set<number>();
  const text = source
    .split('\n')
    .map((line, i, all) => {
      const above = all.slice(Math.max(0, i - 20), i).reverse();
      const run = above.slice(0, above.findIndex((other) => !/^ {0,3}\[[^\]]+\]:/.test(other)) >>> 0);
      if (!/^ {0,3}\[(?!\^)[^\]]+\]:[ \t]+\S+/.test(line) || !run.some((other) => /^ {0,3}\[\^/.test(other))) return line;
      moved.push(line);
      lines.add(i + 1);
      return '';
    })
    .join('\n');
  return { text: moved.length > 0 ? `${text}\n\n${moved.join('\n')}` : text, lines };
}

type Note = (at: number, text: Localized, lost: boolean) => void;
type Pictured = (at: number, url: string) => void;

function obsidian(source: string, literal: readonly Span[], remark: Note, pictured: Pictured): Edit[] {
  const free = (at: number) => !literal.some(({ start, end }) => at >= start && at < end);
  const edits: Edit[] = [];
  for (const { 0: whole, 1: quote, 2: kind, 3: title, index } of source.matchAll(CALLOUT)) {
    const start = index + quote!.length;
    // Marks inside the title are edited on their own.
    if (!free(start)) continue;
    const head = whole.length - quote!.length - title!.length;
    if (title) edits.push({ start, end: start + head, text: '**' }, { start: index + whole.length, end: index + whole.length, text: '**' });
    else edits.push({ start, end: index + whole.length, text: `**${kind![0]!.toUpperCase()}${kind!.slice(1)}**` });
  }
  for (const { 0: whole, 1: embed, 2: target, 3: shown, index } of source.matchAll(WIKI)) {
    if (!free(index)) continue;
    const name = target!.trim();
    if (embed && /\.(?:png|jpe?g|gif|svg|webp|bmp|avif)$/i.test(name)) pictured(index, name);
    else if (embed) remark(index, SAID.embed(name), true);
    const text = embed && /\.\w{2,5}$/.test(name) ? picture(name, name) : (shown ?? name.replace(/#\^?/, ' › ').replace(/^ › /, '')).trim();
    edits.push({ start: index, end: index + whole.length, text });
  }
  for (const { 0: whole, index } of source.matchAll(MARKED)) {
    if (!free(index)) continue;
    edits.push({ start: index, end: index + 2, text: '**' }, { start: index + whole.length - 2, end: index + whole.length, text: '**' });
  }
  return edits;
}

/** Puts the address into every reference link and the footnote's words behind its mark. */
function references(nodes: readonly Nodes[], source: string, lines: Set<number>, remark: Note, pictured: Pictured): Edit[] {
  const links = new Map<string, string>();
  const footnotes = new Map<string, string>();
  const used = new Set<string>();
  for (const node of nodes) {
    if (node.type === 'definition' && !links.has(node.identifier)) links.set(node.identifier, node.url);
    if (node.type === 'footnoteDefinition') {
      const [first] = node.children;
      const text = first ? source.slice(spanOf(first).start, spanOf(node.children.at(-1)!).end) : '';
      footnotes.set(node.identifier, text.replace(/\s*\n\s*/g, ' ').trim());
    }
  }
  const edits = nodes.flatMap((node): Edit[] => {
    const { start, end } = node.position ? spanOf(node) : { start: 0, end: 0 };
    if (node.type === 'footnoteReference') {
      used.add(`^${node.identifier}`);
      const text = footnotes.get(node.identifier);
      return text ? [{ start, end, text: ` (${text})` }] : [];
    }
    if (node.type !== 'linkReference' && node.type !== 'imageReference') return [];
    used.add(node.identifier);
    const url = links.get(node.identifier)!;
    if (node.type === 'imageReference') {
      pictured(start, url);
      return [{ start, end, text: url.startsWith('data:') ? '' : `![${node.alt ?? ''}](${destination(url)})` }];
    }
    const first = node.children[0];
    const last = node.children.at(-1);
    const close = last ? spanOf(last).end : start + 1;
    return first ? [{ start: close, end, text: `](${destination(url)})` }] : [];
  });
  for (const node of nodes) {
    if (node.type !== 'definition' && node.type !== 'footnoteDefinition') continue;
    for (let line = node.position!.start.line; line <= node.position!.end.line; line++) lines.add(line);
    const name = node.type === 'definition' ? node.identifier : `^${node.identifier}`;
    if (!used.has(name)) remark(spanOf(node).start, SAID.unused(name), true);
  }
  return edits;
}

function lineCounter(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
