import { load } from 'js-yaml';
import type { Nodes } from 'mdast';
import { htmlEdits, onlyTags } from '../html-prose.ts';
import { applyEdits, type Edit, parseMarkdown, type Span, spanOf, walk } from '../markdown-tree.ts';

export interface Remark {
  /** From 1. */
  line: number;
  text: string;
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

/**
 * Turns what note programs write (front matter, Obsidian, Jekyll, HTML, reference links, footnotes) into plain Markdown,
 * line for line. Code and formulas stay as they are.
 */
export function cleanNotes(source: string): CleanNotes {
  const front = /^---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source);
  const fields = front && frontFields(front[1]!);
  const frontLines = fields ? front[1]!.split('\n').length + 2 : 0;
  const body = highlights(fields ? '\n'.repeat(frontLines) + source.slice(front[0].length) : source);
  const { text: parsed, lines: definitions } = definitionsLast(body);
  const { tree, formulas } = parseMarkdown(parsed);
  const nodes = [...walk(tree)];
  const lineAt = lineCounter(parsed);
  const remarks: Remark[] = [];
  const remark = (at: number, text: string, lost: boolean) => void remarks.push({ line: lineAt(at), text, lost });
  const literal = [
    ...formulas,
    ...nodes.filter(({ type }) => ['code', 'inlineCode', 'inlineMath', 'html'].includes(type)).map(spanOf),
  ].sort((a, b) => a.start - b.start);
  const edits: Edit[] = [...htmlEdits(tree), ...references(nodes, parsed, definitions, remark), ...obsidian(parsed, literal, remark)];
  for (const node of nodes) {
    const { start, end } = spanOf(node);
    if (node.type === 'html') {
      const alone = tree.children.includes(node) && onlyTags(node.value);
      const [what, line] = [alone ? 'nothing but HTML tags; left out' : 'HTML tags left out, the text stays', lineAt(start)];
      if (!remarks.some((said) => said.line === line && said.text === what)) remark(start, what, false);
      for (const [, url] of node.value.matchAll(/<img\b[^>]*?\bsrc=["']?([^"'\s>]+)/gi)) remark(start, pictureText(url!), true);
    } else if (node.type === 'image') {
      remark(start, pictureText(node.url), true);
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

function pictureText(url: string): string {
  return `the picture ${url.length > 60 ? `${url.slice(0, 30)}…` : url} is not shown`;
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

type Note = (at: number, text: string, lost: boolean) => void;

function obsidian(source: string, literal: readonly Span[], remark: Note): Edit[] {
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
    if (embed && /\.(?:png|jpe?g|gif|svg|webp|bmp|avif)$/i.test(name)) remark(index, pictureText(name), true);
    else if (embed) remark(index, `the note ${name} is not embedded; its name stays`, true);
    const picture = embed && /\.\w{2,5}$/.test(name);
    const text = picture ? `![${name}](${destination(name)})` : (shown ?? name.replace(/#\^?/, ' › ').replace(/^ › /, '')).trim();
    edits.push({ start: index, end: index + whole.length, text });
  }
  for (const { 0: whole, index } of source.matchAll(MARKED)) {
    if (!free(index)) continue;
    edits.push({ start: index, end: index + 2, text: '**' }, { start: index + whole.length - 2, end: index + whole.length, text: '**' });
  }
  return edits;
}

/** Puts the address into every reference link and the footnote's words behind its mark. */
function references(nodes: readonly Nodes[], source: string, lines: Set<number>, remark: Note): Edit[] {
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
      remark(start, pictureText(url), true);
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
    if (!used.has(name)) remark(spanOf(node).start, `[${name}] is used nowhere; left out`, true);
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
