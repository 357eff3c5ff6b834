import type { Nodes, Root } from 'mdast';
import unicodeit from 'unicodeit';
import { type Edit, spanOf, walk } from './markdown-tree.ts';

const TAG = /<!--[\s\S]*?(?:-->|$)|<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<\/?[a-z][^<>]*>|<[!?][^<>]*>/gi;
const RAISED = /^<(sup|sub)>$/i;

/**
 * What takes raw HTML out of a note and leaves its prose: tags, comments and scripts go, `x<sup>2</sup>` becomes x².
 * Every edit keeps its line breaks, so lines stay where they are.
 */
export function htmlEdits(tree: Root): Edit[] {
  const edits: Edit[] = [];
  for (const node of walk(tree)) {
    if (node.type === 'html') {
      const text = plain(node.value);
      // What was indented for its tags must not become code.
      const block = tree.children.includes(node) && !/<pre\b/i.test(node.value);
      edits.push({ ...spanOf(node), text: block ? text.replace(/^[ \t]+/gm, '') : text });
    }
    if ('children' in node) edits.push(...raised(node.children));
  }
  return edits;
}

/** True when nothing would be left of the HTML: tags only. */
export function onlyTags(html: string): boolean {
  return plain(html).trim() === '';
}

function raised(nodes: readonly Nodes[]): Edit[] {
  return nodes.flatMap((open, i) => {
    const [text, close] = [nodes[i + 1], nodes[i + 2]];
    const kind = open.type === 'html' ? RAISED.exec(open.value)?.[1]?.toLowerCase() : undefined;
    if (!kind || text?.type !== 'text' || close?.type !== 'html' || close.value.toLowerCase() !== `</${kind}>`) return [];
    return [{ start: spanOf(open).start, end: spanOf(close).end, text: shift(kind, text.value) }];
  });
}

function shift(kind: string, text: string): string {
  const mark = kind === 'sup' ? '^' : '_';
  const found = /^[\w+\-()]+$/.test(text) ? unicodeit.replace(`${mark}{${text}}`) : mark;
  if (!/[\^_{}]/.test(found)) return found;
  return text.length === 1 ? `${mark}${text}` : `${mark}(${text})`;
}

function plain(html: string): string {
  // What a removed tag leaves may be a tag again.
  for (let before = html; ; before = html) {
    html = before
      .replace(/<(su[pb])>([^<]*)<\/\1>/gi, (_, kind: string, text: string) => shift(kind.toLowerCase(), text))
      .replace(TAG, (tag) => tag.replace(/[^\n]/g, ''));
    if (html === before) return html;
  }
}
