import { fromMarkdown } from 'mdast-util-from-markdown';

interface Node {
  type: string;
  depth?: number;
  value?: string;
  url?: string;
  children?: Node[];
  position?: { start: { line: number }; end: { line: number } };
}

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
  | { kind: 'blank' }
  | { kind: 'heading' | 'source'; topic: number }
  | { kind: 'body'; topic: number; section: number; html: boolean }
  | { kind: 'unplaced'; why: 'before the first heading' | 'a separator' };

export interface RawNotes {
  topics: RawTopic[];
  /** By line, from 0. */
  fates: Fate[];
}

/**
 * Reads a raw notes file: each heading of the highest level that occurs more than once is a topic (a single `#`
 * above `##`s is the file's title), deeper ones are its sections, list items that are nothing but a link are its sources.
 */
export function readRawNotes(source: string): RawNotes {
  const lines = source.split(/\r?\n/);
  const nodes = (fromMarkdown(source) as Node).children ?? [];
  const depth = topicDepth(nodes);
  const fates: Fate[] = lines.map((line) =>
    line.trim() === '' ? { kind: 'blank' } : { kind: 'unplaced', why: 'before the first heading' },
  );
  const topics: RawTopic[] = [];
  const place = (node: Node, fate: Fate) => {
    for (let line = node.position!.start.line; line <= node.position!.end.line; line++) fates[line - 1] = fate;
  };
  for (const node of nodes) {
    const topic = topics.length - 1;
    if (node.type === 'heading' && node.depth === depth) {
      topics.push({
        ...splitId(headingText(lines, node)),
        line: node.position!.start.line,
        sections: [{ heading: '', body: '' }],
        links: [],
      });
      place(node, { kind: 'heading', topic: topic + 1 });
    } else if (topic < 0) continue;
    else if (node.type === 'heading' && node.depth! > depth) {
      topics[topic]!.sections.push({ heading: headingText(lines, node), body: '' });
      place(node, { kind: 'heading', topic });
    } else if (node.type === 'thematicBreak') place(node, { kind: 'unplaced', why: 'a separator' });
    else {
      place(node, { kind: 'body', topic, section: topics[topic]!.sections.length - 1, html: holdsHtml(node) });
      for (const { item, link } of linkItems(node)) {
        topics[topic]!.links.push({ title: textOf(link).trim() || link.url!, url: link.url!, line: item.position!.start.line });
        place(item, { kind: 'source', topic });
      }
    }
  }
  fillBodies(topics, fates, lines);
  return { topics, fates };
}

function topicDepth(nodes: readonly Node[]): number {
  const depths = nodes.filter(({ type }) => type === 'heading').map(({ depth }) => depth!);
  const repeated = [...new Set(depths)].sort().find((depth) => depths.filter((other) => other === depth).length > 1);
  return repeated ?? Math.min(...depths, 6);
}

function headingText(lines: readonly string[], { position }: Node): string {
  return lines[position!.start.line - 1]!.replace(/^\s*#+\s*/, '')
    .replace(/\s+#+\s*$/, '')
    .trim();
}

function splitId(heading: string): { heading: string; id?: string } {
  const match = /^(.*?)\s*\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}$/.exec(heading);
  return match ? { heading: match[1]!, id: match[2]! } : { heading };
}

/** List items whose only content is one link to the web. */
function linkItems(node: Node): { item: Node; link: Node }[] {
  if (node.type !== 'list') return [];
  return (node.children ?? []).flatMap((item) => {
    const [paragraph, ...more] = item.children ?? [];
    const content = (paragraph?.children ?? []).filter((child) => child.type !== 'text' || child.value!.trim() !== '');
    const [link] = content;
    return more.length === 0 && content.length === 1 && link?.type === 'link' && /^https?:\/\//.test(link.url ?? '')
      ? [{ item, link }]
      : [];
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
  for (const { sections } of topics) for (const section of sections) section.body = section.body.trim().replace(/\n{3,}/g, '\n\n');
}

function holdsHtml(node: Node): boolean {
  return node.type === 'html' || (node.children ?? []).some(holdsHtml);
}

function textOf(node: Node): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}
