import type { Heading, Link, Nodes } from 'mdast';
import { toString as plainText } from 'mdast-util-to-string';
import { isWebAddress } from '../front-matter.ts';
import { parseMarkdown, spanOf, trimLines, walk } from '../markdown-tree.ts';
import { type CleanOptions, cleanNotes, type Remark } from './clean.ts';
import { pageName } from './names.ts';
import { MAX_ID } from './propose.ts';

export interface RawLink {
  title: string;
  url: string;
  line: number;
}

/** One heading of a raw notes file and what stands below it. */
export interface RawTopic {
  heading: string;
  /** An id that the author gave: `# 什么是梯度 {#gradient}`. */
  id?: string;
  line: number;
  /** Sub-headings with their Markdown; the first has no heading. */
  sections: { heading: string; body: string }[];
  links: RawLink[];
}

/** Where a line of the raw file went; every line has one. */
export type Fate =
  | { kind: 'blank' | 'front' | 'title' | 'separator' | 'definition' | 'empty' }
  | { kind: 'heading' | 'source'; topic: number }
  | { kind: 'body'; topic: number; section: number };

export interface RawNotes {
  topics: RawTopic[];
  /** By line, from 0. */
  fates: Fate[];
  /** What a reader of the report should know about single lines. */
  remarks: Remark[];
  /** The file's Markdown without its front matter, as it was before anything was turned. */
  source: string;
}

/**
 * Reads a raw notes file: each heading of the highest level that occurs more than once is a topic (a single `#`
 * above `##`s is the file's title, and a topic when text follows it), deeper ones are its sections, list items that are
 * nothing but a link are its sources. Text before the first heading, or without any, is a topic too, named by the front
 * matter or `name`.
 */
export function readRawNotes(source: string, name?: string, hasPicture?: CleanOptions['hasPicture']): RawNotes {
  const { text, source: body, frontLines, title = name && pageName(name), remarks, definitions } = cleanNotes(source, { name, hasPicture });
  const lines = text.split('\n').slice(0, source.split('\n').length);
  const { tree } = parseMarkdown(text);
  const nodes = tree.children;
  const depth = topicDepth(nodes);
  const fates: Fate[] = lines.map((_, i) => ({ kind: i < frontLines ? 'front' : 'blank' }));
  const topics: RawTopic[] = [];
  const place = (node: Nodes, fate: Fate) => {
    for (let line = node.position!.start.line; line <= node.position!.end.line; line++) fates[line - 1] = fate;
  };
  const begin = (heading: { heading: string; id?: string }, line: number) =>
    topics.push({ ...heading, line, sections: [{ heading: '', body: '' }], links: [] }) - 1;
  const titles = new Set<number>();
  for (const node of nodes) {
    const { line } = node.position!.start;
    if (node.type === 'heading' && node.depth <= depth) {
      const topic = begin(splitId(headingText(text, node)), line);
      if (node.depth < depth) titles.add(topic);
      place(node, { kind: 'heading', topic });
    } else if (node.type === 'thematicBreak') place(node, { kind: 'separator' });
    else if (node.type === 'definition' || node.type === 'footnoteDefinition') continue;
    else {
      // Pasted text has no name.
      if (topics.length === 0 && title === undefined) {
        place(node, { kind: 'empty' });
        continue;
      }
      const topic = topics.length > 0 ? topics.length - 1 : begin({ heading: title! }, line);
      const { sections, links } = topics[topic]!;
      if (node.type === 'heading') {
        sections.push({ heading: splitId(headingText(text, node)).heading, body: '' });
        place(node, { kind: 'heading', topic });
        continue;
      }
      place(node, { kind: 'body', topic, section: sections.length - 1 });
      for (const { item, link } of linkItems(node)) {
        links.push({ title: plainText(link).trim() || link.url, url: link.url, line: item.position!.start.line });
        place(item, { kind: 'source', topic });
      }
    }
  }
  for (const node of walk(tree))
    if (node.type === 'link' && /^https?:/i.test(node.url) && !isWebAddress(node.url))
      remarks.push({
        line: node.position!.start.line,
        text: { en: `${node.url.slice(0, 60)} is no address; it stays in the text`, zh: `${node.url.slice(0, 60)} 不是地址；文字保留` },
        lost: false,
      });
  for (const line of definitions) fates[line - 1] = { kind: 'definition' };
  fillBodies(topics, fates, lines);
  remarks.sort((a, b) => a.line - b.line);
  return { ...withoutEmpty(topics, fates, titles), remarks, source: body };
}

/** Headings with nothing below them make no topic; one above all others was the file's title. */
function withoutEmpty(
  topics: readonly RawTopic[],
  fates: readonly Fate[],
  titles: ReadonlySet<number>,
): Pick<RawNotes, 'topics' | 'fates'> {
  const isKept = ({ sections, links }: RawTopic) => links.length > 0 || sections.some(({ heading, body }) => heading !== '' || body !== '');
  const kept = topics.filter(isKept);
  const place = new Map(topics.map((topic, i) => [i, kept.indexOf(topic)]));
  return {
    topics: kept,
    fates: fates.map((fate): Fate => {
      if (!('topic' in fate)) return fate;
      const topic = place.get(fate.topic)!;
      return topic >= 0 ? { ...fate, topic } : { kind: titles.has(fate.topic) ? 'title' : 'empty' };
    }),
  };
}

function topicDepth(nodes: readonly Nodes[]): number {
  const depths = nodes.flatMap((node) => (node.type === 'heading' ? [node.depth] : []));
  const repeated = [...new Set(depths)].sort().find((depth) => depths.filter((other) => other === depth).length > 1);
  return repeated ?? Math.min(...depths, 6);
}

/** The heading as written, in one line; a link in it gives its words only. */
function headingText(source: string, { children }: Heading): string {
  return children
    .map((child) => (child.type === 'link' ? plainText(child) : source.slice(spanOf(child).start, spanOf(child).end)))
    .join('')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

function splitId(heading: string): { heading: string; id?: string } {
  const [, words = heading, marks = ''] =
    /^(.*?)\s*(\{(?:[#.][^{}]*|-|:[^{}]*|[a-z-]+=[^{}]*)\}|\{\/\*\s*#[^{}]*\*\/\})$/.exec(heading) ?? [];
  const id = /#([a-z0-9]+(?:-[a-z0-9]+)*)(?=[\s}*])/.exec(marks)?.[1];
  return id && id.length <= MAX_ID ? { heading: words, id } : { heading: words };
}

/** List items whose only content is one link to the web. */
function linkItems(node: Nodes): { item: Nodes; link: Link }[] {
  if (node.type !== 'list') return [];
  return node.children.flatMap((item) => {
    const [paragraph, ...more] = item.children;
    if (paragraph?.type !== 'paragraph') return [];
    const content = paragraph.children.filter((child) => child.type !== 'text' || child.value.trim() !== '');
    const [link] = content;
    return more.length === 0 && content.length === 1 && link?.type === 'link' && isWebAddress(link.url) ? [{ item, link }] : [];
  });
}

/** Bodies keep the author's Markdown, blank lines included. */
function fillBodies(topics: readonly RawTopic[], fates: readonly Fate[], lines: readonly string[]): void {
  let current: { topic: number; section: number } | undefined;
  fates.forEach((fate, i) => {
    if (fate.kind === 'body') current = fate;
    else if (fate.kind === 'heading') current = undefined;
    if (!current || (fate.kind !== 'body' && fate.kind !== 'blank')) return;
    topics[current.topic]!.sections[current.section]!.body += `${lines[i]}\n`;
  });
  for (const { sections } of topics) for (const section of sections) section.body = trimLines(section.body);
}
