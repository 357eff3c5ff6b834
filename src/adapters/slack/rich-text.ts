import type { RichTextBlockElement, RichTextElement, RichTextList, RichTextSection } from '@slack/types';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { cjkFriendlyExtension } from 'micromark-extension-cjk-friendly';
import { formulasToUnicode } from '../../core/latex.ts';
import { escapeText, LIMITS, length, split } from './limits.ts';

/** A node of the Markdown tree, as far as we look at it. */
interface Node {
  type: string;
  value?: string;
  url?: string;
  alt?: string | null;
  ordered?: boolean | null;
  start?: number | null;
  children?: Node[];
}

type Style = { bold?: true; italic?: true; code?: true };

/**
 * CommonMark as Slack's rich text. Unlike Slack's own markup it needs no escaping, cannot mention anyone by
 * accident, and marks words as bold also where they touch Chinese characters.
 */
export function markdownToRichText(markdown: string): RichTextBlockElement[] {
  const text = formulasToUnicode(markdown);
  try {
    // Stars beside full-width marks, `**注意：**这里`, are bold to whoever writes them, though not to CommonMark.
    const tree = fromMarkdown(text, { extensions: [cjkFriendlyExtension()] }) as Node;
    return (tree.children ?? []).reduce<RichTextBlockElement[]>((done, node) => join(done, blockOf(node)), []);
  } catch (error) {
    // Nested a thousand levels deep, it is no note; what it says is still shown.
    if (error instanceof RangeError) return [section(text)];
    throw error;
  }
}

/** Text in one style as a section. */
export function section(text: string, style?: Style): RichTextSection {
  return { type: 'rich_text_section', elements: textElements(text, style) };
}

/** `items` as a bulleted list with bold names. */
export function namedList(items: readonly { name: string; value: string }[]): RichTextList[] {
  const rows = items.map(({ name, value }): RichTextSection => {
    const elements = [...textElements(name, { bold: true }), ...textElements(value === '' ? '' : `  ${value}`)];
    return { type: 'rich_text_section', elements: elements.length > 0 ? elements : textElements('—') };
  });
  return rows.length > 0 ? [{ type: 'rich_text_list', style: 'bullet', indent: 0, elements: rows }] : [];
}

/** What a reader sees of rich text, for the plain text beside it. */
export function richTextToText(elements: readonly RichTextBlockElement[]): string {
  return elements
    .map((element) => {
      if (element.type !== 'rich_text_list') return inlineText(element.elements);
      return element.elements
        .map(
          (row, i) => `${'  '.repeat(element.indent ?? 0)}${element.style === 'ordered' ? `${i + 1}.` : '•'} ${inlineText(row.elements)}`,
        )
        .join('\n');
    })
    .join('\n');
}

/** The same in Slack's own markup, for the places that take no rich text: nothing in it can mention anyone. */
export function richTextToMrkdwn(elements: readonly RichTextBlockElement[]): string {
  return elements
    .flatMap((element) => (element.type === 'rich_text_list' ? element.elements.map((row) => row.elements) : [element.elements]))
    .map((row) =>
      (row as RichTextElement[])
        .map((element, i, all) => inlineMrkdwn(element, inlineText(all.slice(0, i)), inlineText(all.slice(i + 1))))
        .join(''),
    )
    .join('\n');
}

/** Slack takes marks only where a space, a bracket or nothing stands outside them; elsewhere words stay plain. */
function inlineMrkdwn(element: RichTextElement, before: string, after: string): string {
  const text = inlineText([element]);
  const style = 'style' in element ? (element.style as Style | undefined) : undefined;
  const mark = style?.code ? '`' : style?.bold ? '*' : style?.italic ? '_' : '';
  const [, lead, inner, tail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text)!;
  const open = lead !== '' || before === '' || /[\s(]$/.test(before);
  const closed = tail !== '' || after === '' || /^[\s).,:;!?]/.test(after);
  const escaped = escapeText(inner ?? '');
  return mark !== '' && inner && open && closed ? `${lead}${mark}${escaped}${mark}${tail}` : `${lead}${escaped}${tail}`;
}

/** Groups of elements that each stay within one block's length; a longer element is cut, not dropped. */
export function chunks(elements: readonly RichTextBlockElement[], max: number = LIMITS.text): RichTextBlockElement[][] {
  const groups: RichTextBlockElement[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const element of elements.flatMap((whole) => pieces(whole, max))) {
    const own = length(richTextToText([element]));
    if (size + own > max) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(element);
    size += own;
  }
  return groups;
}

/** Paragraphs that follow each other share a section with an empty line between, as Slack's own composer writes them. */
function join(done: RichTextBlockElement[], next: readonly RichTextBlockElement[]): RichTextBlockElement[] {
  const [last, first] = [done.at(-1), next[0]];
  if (!last || !first) return [...done, ...next];
  if (last.type === 'rich_text_section' && first.type === 'rich_text_section') {
    const joined: RichTextSection = {
      type: 'rich_text_section',
      elements: [...last.elements, { type: 'text', text: '\n\n' }, ...first.elements],
    };
    return [...done.slice(0, -1), joined, ...next.slice(1)];
  }
  if (last.type === 'rich_text_section') last.elements.push({ type: 'text', text: '\n' });
  else if (first.type === 'rich_text_section') first.elements.unshift({ type: 'text', text: '\n' });
  return [...done, ...next];
}

function blockOf(node: Node): RichTextBlockElement[] {
  switch (node.type) {
    case 'list':
      return listOf(node, 0);
    case 'blockquote':
      return nonEmpty('rich_text_quote', flow(node, {}));
    case 'code':
      return nonEmpty('rich_text_preformatted', textElements(node.value ?? ''));
    case 'heading':
      return nonEmpty('rich_text_section', inline(node, { bold: true }));
    case 'thematicBreak':
      return [section('────')];
    default:
      return nonEmpty('rich_text_section', flow(node, {}));
  }
}

/** Slack has no nested lists: each level is a list of its own with an indent. */
function listOf(node: Node, indent: number): RichTextBlockElement[] {
  const style = node.ordered ? 'ordered' : 'bullet';
  const lists: RichTextBlockElement[] = [];
  let number = (node.start ?? 1) - 1;
  for (const item of node.children ?? []) {
    const nested = (item.children ?? []).filter(({ type }) => type === 'list');
    const own = { ...item, children: (item.children ?? []).filter(({ type }) => type !== 'list') };
    const row: RichTextSection = { type: 'rich_text_section', elements: flow(own, {}) };
    if (row.elements.length === 0) row.elements.push({ type: 'text', text: ' ' });
    const open = lists.at(-1);
    if (open?.type === 'rich_text_list' && open.indent === Math.min(indent, 8)) open.elements.push(row);
    else
      lists.push({
        type: 'rich_text_list',
        style,
        indent: Math.min(indent, 8),
        ...(number > 0 && { offset: number }),
        elements: [row],
      } as RichTextList);
    number++;
    for (const inner of nested) lists.push(...listOf(inner, indent + 1));
  }
  return lists;
}

/** The inline content of a node; blocks inside it (paragraphs of a quote or list item) are parted by lines. */
function flow(node: Node, style: Style): RichTextElement[] {
  const blocks = (node.children ?? []).filter(isBlock);
  if (blocks.length === 0) return inline(node, style);
  return blocks.flatMap((block, i) => [
    ...(i > 0 ? textElements('\n') : []),
    ...(block.type === 'code' ? textElements(block.value ?? '', { code: true }) : flow(block, style)),
  ]);
}

function isBlock({ type }: Node): boolean {
  return ['paragraph', 'heading', 'blockquote', 'list', 'listItem', 'code'].includes(type);
}

function inline(node: Node, style: Style): RichTextElement[] {
  return (node.children ?? []).flatMap((child): RichTextElement[] => {
    switch (child.type) {
      case 'strong':
        return inline(child, { ...style, bold: true });
      case 'emphasis':
        return inline(child, { ...style, italic: true });
      case 'inlineCode':
        return textElements(child.value ?? '', { ...style, code: true });
      case 'break':
        return textElements('\n', style);
      case 'link':
        return linkElements(child.url ?? '', inlineText(inline(child, {})), style);
      case 'image':
        return linkElements(child.url ?? '', child.alt ?? '', style);
      default:
        return child.children ? inline(child, style) : textElements(child.value ?? '', style);
    }
  });
}

function linkElements(url: string, text: string, style: Style): RichTextElement[] {
  if (!/^(https?|mailto):/.test(url) || url.length > LIMITS.text) return textElements(text || url, style);
  const styled = Object.keys(style).length > 0 ? { style } : {};
  return [{ type: 'link', url, ...(text !== '' && { text }), ...styled }];
}

function textElements(text: string, style: Style = {}): RichTextElement[] {
  if (text === '') return [];
  return [{ type: 'text', text, ...(Object.keys(style).length > 0 && { style }) }];
}

function nonEmpty(type: 'rich_text_section' | 'rich_text_quote' | 'rich_text_preformatted', elements: RichTextElement[]) {
  return elements.length > 0 ? [{ type, elements } as RichTextBlockElement] : [];
}

function inlineText(elements: readonly RichTextElement[]): string {
  return elements.map((element) => ('text' in element && element.text) || ('url' in element && element.url) || '').join('');
}

/** An element that is longer than a block, as several. */
function pieces(element: RichTextBlockElement, max: number): RichTextBlockElement[] {
  if (length(richTextToText([element])) <= max) return [element];
  if (element.type === 'rich_text_list') {
    const rows = element.elements.flatMap((row) => pieces(row, max - 10) as RichTextSection[]);
    return rows.map((row) => ({ ...element, elements: [row] }));
  }
  const groups: RichTextElement[][] = [[]];
  let size = 0;
  for (const part of element.elements.flatMap((inner) => cut(inner as RichTextElement, max))) {
    const own = length(inlineText([part]));
    if (size + own > max) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)!.push(part);
    size += own;
  }
  return groups.filter((group) => group.length > 0).map((elements) => ({ ...element, elements }) as RichTextBlockElement);
}

function cut(element: RichTextElement, max: number): RichTextElement[] {
  if (element.type !== 'text') return [element];
  return split(element.text, max).map((text) => ({ ...element, text }));
}
