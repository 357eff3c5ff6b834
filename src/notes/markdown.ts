import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Section } from './content.ts';

interface Node {
  type: string;
  depth?: number;
  children?: Node[];
  position?: { start: { offset?: number; line: number }; end: { offset?: number } };
}

export interface LocatedSection extends Section {
  line: number;
}

export interface ParsedBody {
  sections: LocatedSection[];
  /** Lines that hold raw HTML, which is left out. */
  html: number[];
}

/**
 * Splits a note into its `##` sections. `## At test time {#test-time}` names the section's id; without one it is
 * made from the heading. Raw HTML is removed: notes may come from anywhere.
 * @param firstLine line of the file at which `source` begins
 */
export function parseBody(source: string, firstLine = 1): ParsedBody {
  const tree = fromMarkdown(source) as Node;
  const html = htmlNodes(tree);
  const headings = (tree.children ?? []).filter((node) => node.type === 'heading' && node.depth === 2);
  const sections = headings.map((node, i): LocatedSection => {
    const start = node.position!.start.offset!;
    const end = node.position!.end.offset!;
    const until = headings[i + 1]?.position?.start.offset ?? source.length;
    const { heading, id } = splitHeading(source.slice(start, end), i);
    return {
      id,
      heading,
      body: without(source, end, until, html).trim(),
      line: firstLine + node.position!.start.line - 1,
    };
  });
  const intro = without(source, 0, headings[0]?.position?.start.offset ?? source.length, html).trim();
  if (intro !== '') sections.unshift({ id: 'idea', heading: '', body: intro, line: firstLine });
  return { sections, html: html.map((node) => firstLine + node.position!.start.line - 1) };
}

function splitHeading(line: string, index: number): { heading: string; id: string } {
  const text = line.replace(/^#+\s*/, '').replace(/\s*#*\s*$/, '');
  const named = /^(.*?)\s*\{#([a-z0-9-]+)\}\s*$/.exec(text);
  if (named) return { heading: named[1]!, id: named[2]! };
  const slug = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { heading: text, id: slug || `section-${index + 1}` };
}

function htmlNodes(node: Node): Node[] {
  if (node.type === 'html') return [node];
  return (node.children ?? []).flatMap(htmlNodes);
}

function without(source: string, from: number, to: number, nodes: readonly Node[]): string {
  let text = '';
  let at = from;
  for (const node of nodes) {
    const start = node.position!.start.offset!;
    const end = node.position!.end.offset!;
    if (start < at || end > to) continue;
    text += source.slice(at, start);
    at = end;
  }
  return text + source.slice(at, to);
}
