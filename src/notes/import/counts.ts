import { toString as plainText } from 'mdast-util-to-string';
import { htmlEdits } from '../html-prose.ts';
import { applyEdits, parseMarkdown, walk } from '../markdown-tree.ts';
import type { RawNotes } from './raw.ts';

export const COUNTED = ['headings', 'formulas', 'links', 'pictures', 'tables', 'words'] as const;
export type Counts = Record<(typeof COUNTED)[number], number>;

/** Pictures that are no Markdown. */
const PICTURE = /<img\b|!\[\[[^\]\n]+\.(?:png|jpe?g|gif|svg|webp|bmp|avif)(?:\|[^\]\n]*)?\]\]/gi;

/** What a text holds; a Han character is a word. */
export function countParts(marked: string): Counts {
  const whole = parseMarkdown(marked).tree;
  const { tree, formulas } = parseMarkdown(applyEdits(marked, htmlEdits(whole)));
  const counts: Counts = {
    headings: 0,
    formulas: formulas.length,
    links: 0,
    pictures: marked.match(PICTURE)?.length ?? 0,
    tables: marked.match(/<table\b/gi)?.length ?? 0,
    words: 0,
  };
  for (const { type } of walk(tree)) {
    if (type === 'heading') counts.headings++;
    else if (type === 'inlineMath') counts.formulas++;
    else if (type === 'link' || type === 'linkReference') counts.links++;
    else if (type === 'image' || type === 'imageReference') counts.pictures++;
    else if (type === 'table') counts.tables++;
  }
  const text = tree.children.map((node) => plainText(node, { includeHtml: false, includeImageAlt: false })).join('\n');
  counts.words = text.match(/\p{Script=Han}|[\p{L}\p{N}]+/gu)?.length ?? 0;
  return counts;
}

/** The same of everything that became part of a topic. */
export function countTopics({ topics }: RawNotes): Counts {
  const text = topics
    .map(({ heading, sections, links }) =>
      [
        `# ${heading}`,
        ...sections.map((section) => `${section.heading ? `## ${section.heading}\n\n` : ''}${section.body}`),
        ...links.map(({ title, url }) => `- [${title.replace(/[[\]]/g, '')}](${url})`),
      ].join('\n\n'),
    )
    .join('\n\n');
  return countParts(text);
}
