import { fromMarkdown } from 'mdast-util-from-markdown';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { latexToUnicode, replaceFormulas } from '../../core/latex.ts';
import { displayWidth } from '../../core/reply.ts';
import { type Format, type Paint, type Run, wrap } from './wrap.ts';

interface Node {
  type: string;
  value?: string;
  url?: string;
  alt?: string | null;
  ordered?: boolean | null;
  start?: number | null;
  spread?: boolean | null;
  children?: Node[];
}

/** Formulas travel through the Markdown parser as `⟨n⟩` between characters that no text uses. */
const FORMULA = /\ue000(\d+)\ue001/;
/** Longer formulas may break. */
const SHORT_FORMULA = 40;

interface Formula {
  shown: string;
  source: string;
  display: boolean;
}

interface Writing {
  paint: Paint;
  formulas: readonly Formula[];
}

/**
 * CommonMark with `$…$` formulas as lines of at most `width` cells: marks become styles, lists get bullets, formulas
 * Unicode. Lines of code stay as they are.
 */
export function markdownToLines(markdown: string, width: number, paint: Paint): string[] {
  const formulas: Formula[] = [];
  const marked = replaceFormulas(markdown.replace(/[\ue000\ue001]/g, ''), (latex, display, source) => {
    formulas.push({ shown: latexToUnicode(latex), source, display });
    return `\ue000${formulas.length - 1}\ue001`;
  });
  const writing = { paint, formulas };
  try {
    return spaced((fromMarkdown(marked, { extensions: [cjkFriendlyExtension()] }) as Node).children ?? [], width, writing);
  } catch (error) {
    // Nested a thousand levels deep, it is no note; what it says is still shown.
    if (error instanceof RangeError) return wrap(textRuns(marked, [], formulas), width, paint);
    throw error;
  }
}

/** Blocks one below the other, with an empty line between. */
function spaced(nodes: readonly Node[], width: number, writing: Writing, tight = false): string[] {
  return nodes
    .map((node) => blockLines(node, width, writing))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i > 0 && !tight ? ['', ...lines] : lines));
}

function blockLines(node: Node, width: number, writing: Writing): string[] {
  const { paint } = writing;
  switch (node.type) {
    case 'heading':
      return wrap(inline(node, ['bold'], writing), width, paint);
    case 'list':
      return (node.children ?? []).flatMap((item, i) => {
        const marker = node.ordered ? `${(node.start ?? 1) + i}. ` : '• ';
        const lines = spaced(item.children ?? [], width - displayWidth(marker), writing, !item.spread);
        return indent(lines.length > 0 ? lines : [''], ' '.repeat(marker.length), marker);
      });
    case 'blockquote':
      return indent(spaced(node.children ?? [], width - 2, writing), '│ ');
    case 'code':
      return indent(restore(node.value ?? '', writing.formulas).split('\n'), '  ').map((line) => paint(['cyan'], line));
    case 'thematicBreak':
      return ['────'];
    case 'definition':
      return [];
    default:
      return wrap(node.children ? inline(node, [], writing) : textRuns(node.value ?? '', [], writing.formulas), width, paint);
  }
}

function indent(lines: readonly string[], by: string, first = by): string[] {
  return lines.map((line, i) => (line === '' && by.trim() === '' && i > 0 ? '' : (i === 0 ? first : by) + line));
}

function inline(node: Node, format: readonly Format[], writing: Writing): Run[] {
  return (node.children ?? []).flatMap((child): Run[] => {
    switch (child.type) {
      case 'strong':
        return inline(child, [...format, 'bold'], writing);
      case 'emphasis':
        return inline(child, [...format, 'italic'], writing);
      case 'inlineCode':
        return [{ text: restore(child.value ?? '', writing.formulas), format: [...format, 'cyan'] }];
      case 'break':
        return [{ text: '\n' }];
      case 'link':
        return link(inline(child, format, writing), child.url ?? '');
      case 'image':
        return link([{ text: child.alt ?? '', format }], child.url ?? '');
      default:
        return child.children ? inline(child, format, writing) : textRuns(joinLines(child.value ?? ''), format, writing.formulas);
    }
  });
}

/** What it is called and where it is, since a terminal can only show it. */
function link(runs: Run[], url: string): Run[] {
  const text = runs.map((run) => run.text).join('');
  if (url === '' || url === text || url === `mailto:${text}`) return runs.map((run) => ({ ...run, whole: true }));
  return [...runs, { text: text === '' ? '' : ' ' }, { text: text === '' ? url : `(${url})`, format: ['dim'], whole: true }];
}

function textRuns(text: string, format: readonly Format[], formulas: readonly Formula[]): Run[] {
  // Every second part is the number of a formula.
  return text.split(FORMULA).flatMap((part, i): Run[] => {
    if (i % 2 === 0) return part === '' ? [] : [{ text: part, format }];
    const { shown, display } = formulas[Number(part)]!;
    if (display) return [{ text: `\n  ${shown.replaceAll('\n', '\n  ')}\n` }];
    return [{ text: shown, format, ...(displayWidth(shown) <= SHORT_FORMULA && { whole: true as const }) }];
  });
}

const restore = (text: string, formulas: readonly Formula[]): string =>
  text.replace(new RegExp(FORMULA, 'g'), (_, number: string) => formulas[Number(number)]!.source);

/** A line break in the source is a space, except between Chinese characters. */
function joinLines(text: string): string {
  return text.replace(/(\S)[ \t]*\n[ \t]*(?=(\S))/g, (_, before: string, after: string) =>
    HAN.test(before) && HAN.test(after) ? before : `${before} `,
  );
}

const HAN = /\p{Script=Han}|[，。；：、（）]/u;
