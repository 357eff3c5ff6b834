import { fromMarkdown } from 'mdast-util-from-markdown';
import { latexToUnicode, replaceFormulas } from '../../core/latex.ts';
import { defuse, plain } from './escape.ts';

/** A part of a text that may be moved to another page as a whole. */
export interface Piece {
  text: string;
  /** Stands on the line after the piece before it, without an empty line. */
  tight?: boolean;
  /** Introduces what follows, so it does not stand last on a page. */
  leads?: boolean;
}

interface Node {
  type: string;
  value?: string;
  url?: string;
  alt?: string | null;
  lang?: string | null;
  depth?: number;
  ordered?: boolean;
  start?: number | null;
  identifier?: string;
  children?: Node[];
}

/** Formulas travel through the Markdown parser as `⟨n⟩` between characters that no text uses. */
const FORMULA = /\ue000(\d+)\ue001/g;

/**
 * CommonMark with `$…$` formulas as Discord's Markdown, in pieces. Discord shows line breaks as they are typed and
 * knows neither formulas nor deep headings; anything that only looks like its markup is escaped.
 */
export function toDiscord(markdown: string): Piece[] {
  const formulas: { shown: string; source: string }[] = [];
  const marked = replaceFormulas(markdown.replace(/[\ue000\ue001]/g, ''), (latex, display, source) => {
    const shown = plain(latexToUnicode(latex));
    formulas.push({ shown: display ? `\n${shown}\n` : shown, source });
    return `\ue000${formulas.length - 1}\ue001`;
  });
  const tree = fromMarkdown(marked) as Node;
  const links = new Map(
    (tree.children ?? []).filter(({ type }) => type === 'definition').map(({ identifier, url }) => [identifier, url] as const),
  );
  const restore = (text: string) => text.replace(FORMULA, (_, index: string) => formulas[Number(index)]!.source);
  const write = createWriter(links, restore);
  return blocks(tree.children ?? [], write).map((piece) => ({
    ...piece,
    text: piece.text.replace(FORMULA, (_, index: string) => formulas[Number(index)]!.shown).replace(/\n{3,}/g, '\n\n'),
  }));
}

type Write = (node: Node) => string;

function createWriter(links: ReadonlyMap<string | undefined, string | undefined>, restore: (text: string) => string): Write {
  const inside = (node: Node): string => (node.children ?? []).map(write).join('');
  const write: Write = (node) => {
    switch (node.type) {
      case 'text':
        return plain(joinLines(node.value ?? ''));
      case 'emphasis':
        return `*${inside(node)}*`;
      case 'strong':
        return `**${inside(node)}**`;
      case 'inlineCode':
        return code(restore(node.value ?? ''));
      case 'break':
        return '\n';
      case 'link':
        return link(inside(node), node.url);
      case 'linkReference':
        return link(inside(node), links.get(node.identifier));
      case 'image':
        return link(plain(node.alt ?? ''), node.url);
      case 'code':
        return fence(restore(node.value ?? ''), node.lang ?? '');
      case 'html':
        return plain(node.value ?? '');
      default:
        return inside(node);
    }
  };
  return write;
}

function blocks(nodes: readonly Node[], write: Write): Piece[] {
  return nodes.flatMap((node): Piece[] => {
    switch (node.type) {
      case 'definition':
        return [];
      case 'heading':
        return [{ text: `### ${write(node)}`, leads: true }];
      case 'thematicBreak':
        return [{ text: '───' }];
      case 'blockquote':
        return blocks(node.children ?? [], write).map((piece) => ({ ...piece, text: indent(piece.text, '> ', '> ') }));
      case 'list':
        return items(node, write);
      case 'paragraph': {
        const text = write(node).trim();
        // A paragraph in bold only is a heading in all but name.
        return text === '' ? [] : [{ text, ...(/^\*\*[^*]+\*\*$/.test(text) && { leads: true }) }];
      }
      default:
        return [{ text: write(node) }];
    }
  });
}

function items(list: Node, write: Write): Piece[] {
  return (list.children ?? []).map((item, i) => {
    const mark = list.ordered ? `${(list.start ?? 1) + i}. ` : '- ';
    const text = blocks(item.children ?? [], write)
      .map((piece) => piece.text)
      .join('\n');
    return { text: indent(text, mark, ' '.repeat(list.ordered ? 3 : 2)), tight: i > 0 };
  });
}

function indent(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((line, i) => (i === 0 ? first : others) + line)
    .join('\n');
}

/** A break inside a paragraph is a space to CommonMark; between Han characters there is none. */
function joinLines(text: string): string {
  return text.replace(/(\S)[ \t]*\n[ \t]*(\S)/g, (_, before: string, after: string) =>
    /\p{Script=Han}|[，。；：、（）]/u.test(before) && /\p{Script=Han}|[，。；：、（）]/u.test(after)
      ? before + after
      : `${before} ${after}`,
  );
}

function code(value: string): string {
  const text = defuse(value);
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A code block whose content cannot end it. */
export function fence(value: string, language = ''): string {
  return `\`\`\`${language.replace(/[^\w+-]/g, '')}\n${defuse(value).replace(/`{3}/g, '`\u200b`\u200b`')}\n\`\`\``;
}

/** Discord links only to web addresses, and not under a text that is an address itself. */
export function link(text: string, url: string | undefined): string {
  if (!url || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return text;
  const target = `<${new URL(url).href.replace(/[<>]/g, encodeURIComponent)}>`;
  return text === '' || /^https?:/i.test(text) ? target : `[${text}](${target})`;
}
