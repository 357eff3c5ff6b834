import type { Nodes } from 'mdast';
import { shortId } from '../core/ids.ts';
import type { Section } from './content.ts';
import { htmlEdits } from './html-prose.ts';
import { applyEdits, parseMarkdown, spanOf, trimLines, walk } from './markdown-tree.ts';

export interface LocatedSection extends Section {
  line: number;
}

export interface ParsedBody {
  sections: LocatedSection[];
  /** Lines that hold raw HTML, whose tags are left out. */
  html: number[];
  /** Pictures, which chats do not show. */
  pictures: { line: number; url: string }[];
}

/**
 * Splits a note into its `##` sections. `## At test time {#test-time}` names the section's id; without one it is
 * made from the heading. Raw HTML is removed, its prose stays: notes may come from anywhere.
 * @param firstLine line of the file at which `source` begins
 */
export function parseBody(source: string, firstLine = 1): ParsedBody {
  if (!NEEDS_PARSER.test(source)) return { sections: plainSections(source, firstLine), html: [], pictures: [] };
  const { tree } = parseMarkdown(source);
  const edits = htmlEdits(tree);
  const lineOf = (node: Nodes) => firstLine + node.position!.start.line - 1;
  const headings = tree.children.filter((node) => node.type === 'heading' && node.depth === 2);
  const sections = headings.map((node, i): LocatedSection => {
    const { start, end } = spanOf(node);
    const until = headings[i + 1]?.position?.start.offset ?? source.length;
    const { heading, id } = splitHeading(source.slice(start, end), i);
    return { id, heading, body: trimLines(applyEdits(source, edits, end, until)), line: lineOf(node) };
  });
  const intro = trimLines(applyEdits(source, edits, 0, headings[0]?.position?.start.offset ?? source.length));
  if (intro !== '') sections.unshift({ id: 'idea', heading: '', body: intro, line: firstLine });
  const nodes = [...walk(tree)];
  return {
    sections,
    html: nodes.filter(({ type }) => type === 'html').map(lineOf),
    pictures: nodes.flatMap((node) => (node.type === 'image' ? [{ line: lineOf(node), url: node.url }] : [])),
  };
}

/**
 * What may hide a heading or make one otherwise (fences, formulas, tags, indented and underlined headings), and pictures.
 * Without any of it, `##` at the beginning of a line is a heading and nothing else is; most notes of groups are such.
 */
const NEEDS_PARSER = /[<\r\0\u2028\u2029]|!\[|\$\$|`{3}|~{3}|^ {1,3}#|^ {0,3}(?:=+|-+)[ \t]*$|^##[ \t]*$|^##.*#[ \t]*$/m;

function plainSections(source: string, firstLine: number): LocatedSection[] {
  const sections: LocatedSection[] = [];
  const [intro = '', ...parts] = source.split(/^##[ \t]+/m);
  let line = firstLine + intro.split('\n').length - 1;
  if (trimLines(intro) !== '') sections.push({ id: 'idea', heading: '', body: trimLines(intro), line: firstLine });
  parts.forEach((part, i) => {
    const end = part.includes('\n') ? part.indexOf('\n') : part.length;
    const { heading, id } = splitHeading(part.slice(0, end).trimEnd(), i);
    sections.push({ id, heading, body: trimLines(part.slice(end)), line });
    line += part.split('\n').length - 1;
  });
  return sections;
}

function splitHeading(line: string, index: number): { heading: string; id: string } {
  const text = line
    .replace(/^#+\s*/, '')
    // A line of - below makes a heading too.
    .replace(/\n[ \t]*-+\s*$/, '')
    .replace(/\s*#*\s*$/, '')
    .replace(/\s*\n\s*/g, ' ');
  const named = /^(.*?)\s*\{#([a-z0-9-]+)\}\s*$/.exec(text);
  if (named) return { heading: named[1]!, id: shortId(named[2]!) };
  const slug = text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { heading: text, id: shortId(slug) || `section-${index + 1}` };
}
