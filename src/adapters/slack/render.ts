import type { ActionsBlock, ContextBlock, KnownBlock, Button as SlackButton, TableBlock } from '@slack/types';
import { z } from 'zod';
import {
  type Block,
  type Button,
  blockToText,
  type FileBlock,
  type Form,
  type ImageBlock,
  type Reply,
  sourceName,
  tableToText,
} from '../../core/reply.ts';
import type { SourceLink } from '../../core/result.ts';
import { clip, escapeText, LIMITS, length, split } from './limits.ts';
import { chunks, markdownToRichText, namedList, richTextToMrkdwn, richTextToText, section } from './rich-text.ts';

/** One message as chat.postMessage takes it: blocks, and the same in plain text for notifications and screen readers. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** A file to upload beside the message. */
export interface Upload {
  file: Buffer;
  filename: string;
  title: string;
  alt?: string;
  /** What stands above a picture in the message that brings it. */
  caption?: string;
}

export interface Rendered {
  /** A long answer takes several messages; at least one unless the reply holds files only. */
  pages: SlackMessage[];
  uploads: Upload[];
}

/** A Slack block with what it says, to count and to fall back on. Files have words only: they are uploaded beside the message. */
interface Piece {
  block?: KnownBlock;
  text: string;
}

/** Blocks that the adapter may add below a page. */
const ROOM = 1;

/** Ids of our buttons in Slack's terms; the button's own id travels as its value. */
export const BUTTON = /^tutor-\d+$/;
/** Ids of buttons that open a form; their value holds what the form asks. */
export const FORM = /^tutor-form-\d+$/;

/**
 * A Reply as Slack messages. Pure and total: every block has a form, nothing is dropped in silence, and no text can
 * mention anyone. What Slack lacks: a disabled button is named in a note; a second table in one message is
 * monospaced text.
 */
export function renderReply(reply: Reply): Rendered {
  const pages: Piece[][] = [];
  const numbers = counter();
  let size = 0;
  for (const piece of reply.blocks.flatMap((block) => piecesOf(block, numbers))) {
    const open = pages.at(-1);
    const own = length(piece.text);
    if (!open || open.length >= LIMITS.blocksInMessage - ROOM || size + own > LIMITS.page) {
      pages.push([piece]);
      size = own;
    } else {
      open.push(isTable(piece) && open.some(isTable) ? monospaced(piece) : piece);
      size += own;
    }
  }
  return { pages: pages.map(toMessage).filter(({ blocks }) => blocks.length > 0), uploads: uploadsOf(reply) };
}

/** The reply as a single message, for places that cannot hold more: what does not fit is said to be missing. */
export function renderOne(reply: Reply): SlackMessage {
  const [first, ...more] = renderReply(reply).pages;
  if (!first) return toMessage([notePiece(reply.blocks.map(blockToText).join('\n'))]);
  if (more.length === 0) return first;
  return { text: first.text, blocks: [...first.blocks, note('…')] };
}

/** A short line of ours as a message. */
export function plainMessage(text: string, tone?: 'error' | 'warning'): SlackMessage {
  return toMessage(piecesOf({ type: 'note', text, ...(tone && { tone }) }, counter()));
}

/** Blocks for the App Home, which takes neither tables nor more than 100 blocks. */
export function renderForHome(blocks: readonly Block[], numbers = counter()): KnownBlock[] {
  return blocks
    .flatMap((block) => piecesOf(block, numbers))
    .flatMap((piece) => (isTable(piece) ? monospaced(piece) : piece).block ?? [])
    .slice(0, LIMITS.blocksInHome);
}

/** Numbers for the buttons of one message: Slack wants action ids unique in it. */
export function counter(): () => number {
  let next = 0;
  return () => next++;
}

function toMessage(pieces: readonly Piece[]): SlackMessage {
  const text = pieces.map((piece) => piece.text).join('\n\n');
  return { text: escapeText(clip(text, LIMITS.fallback)) || '…', blocks: pieces.flatMap(({ block }) => block ?? []) };
}

function piecesOf(block: Block, numbers: () => number): Piece[] {
  switch (block.type) {
    case 'heading':
      return heading(block.text);
    case 'markdown':
      return richText(markdownToRichText(block.text));
    case 'note':
      if (block.text.trim() === '') return [];
      // Small grey print suits a hint; a refusal or warning must be seen.
      if (block.tone === 'error' || block.tone === 'warning') return richText([section(`⚠️ ${block.text}`)]);
      return split(block.text, LIMITS.text).map((text) => ({ block: note(text), text }));
    case 'fields':
      return richText(namedList(block.items));
    case 'table':
      return tables(block.columns, block.rows);
    case 'image':
    case 'file':
      return [{ text: blockToText(block) }];
    case 'buttons':
      return buttons(block.items, numbers);
    case 'rows':
      return block.items.flatMap((item) => rowPieces(item, numbers));
    case 'sources':
      return block.items.length > 0 ? [sources(block.label, block.items)] : [];
    case 'deadline':
      return block.text.trim() === '' ? [] : [deadline(block.text, block.at)];
    case 'divider':
      return [{ block: { type: 'divider' }, text: '────' }];
    default:
      return block satisfies never;
  }
}

function heading(text: string): Piece[] {
  if (text.trim() === '') return [];
  // A header holds plain text of one size only; a longer heading becomes bold text rather than lose its end.
  if (length(text) > LIMITS.header) return richText([section(text, { bold: true })]);
  return [{ block: { type: 'header', text: { type: 'plain_text', text, emoji: false } }, text }];
}

function richText(elements: Parameters<typeof chunks>[0]): Piece[] {
  return chunks(elements).map((group) => ({ block: { type: 'rich_text', elements: group }, text: richTextToText(group) }));
}

function notePiece(text: string): Piece {
  return { block: note(clip(text || '…', LIMITS.text)), text };
}

function note(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] };
}

/** As many tables as it takes: each of them has the columns' names. */
function tables(columns: readonly string[], rows: readonly string[][]): Piece[] {
  const tidy = (row: readonly string[]) => columns.map((_, i) => clip(row[i] || ' ', LIMITS.cell));
  const parts: string[][][] = [[]];
  for (const row of rows.map(tidy)) {
    const open = parts.at(-1)!;
    const full = open.length + 1 >= LIMITS.tableRows || length(tableToText(tidy(columns), [...open, row])) > LIMITS.text;
    if (full && open.length > 0) parts.push([row]);
    else open.push(row);
  }
  return parts.map((part): Piece => {
    const text = tableToText(tidy(columns), part);
    if (columns.length > LIMITS.tableColumns) return monospaced({ text });
    const cells = (row: readonly string[]) => row.map((cell) => ({ type: 'raw_text' as const, text: cell }));
    const block: TableBlock = { type: 'table', rows: [cells(tidy(columns)), ...part.map(cells)] };
    return { block, text };
  });
}

function isTable({ block }: Piece): boolean {
  return block?.type === 'table';
}

function monospaced({ text }: Piece): Piece {
  return { block: { type: 'rich_text', elements: [preformatted(text)] }, text };
}

function preformatted(text: string) {
  return { type: 'rich_text_preformatted' as const, elements: [{ type: 'text' as const, text }] };
}

function buttons(items: readonly Button[], numbers: () => number): Piece[] {
  const live = items.filter(({ disabled }) => !disabled);
  const dead = items.filter(({ disabled }) => disabled).map(({ label }) => label);
  const rows = Array.from({ length: Math.ceil(live.length / LIMITS.buttonsInBlock) }, (_, i) =>
    live.slice(i * LIMITS.buttonsInBlock, (i + 1) * LIMITS.buttonsInBlock),
  );
  return [
    ...rows.map((row): Piece => {
      const elements = oneAccent(row.map((item) => button(item, numbers())));
      const block: ActionsBlock = { type: 'actions', elements };
      return { block, text: row.map(({ label }) => `[ ${label} ]`).join(' ') };
    }),
    ...(dead.length > 0 ? [notePiece(`(${dead.join(', ')})`)] : []),
  ];
}

/** A line with its button beside it, where the line fits a section; else below it. */
function rowPieces({ text, button: item }: { text: string; button: Button }, numbers: () => number): Piece[] {
  const elements = markdownToRichText(text);
  const shown = richTextToMrkdwn(elements);
  if (shown.trim() === '' || length(shown) > LIMITS.text || item.disabled) return [...richText(elements), ...buttons([item], numbers)];
  const words = `${richTextToText(elements)}  [ ${item.label} ]`;
  return [{ block: { type: 'section', text: { type: 'mrkdwn', text: shown }, accessory: button(item, numbers()) }, text: words }];
}

/** Names as links, in one small line. */
function sources(label: string, items: readonly SourceLink[]): Piece {
  const link = (source: SourceLink) =>
    /^https?:[^\s<>|]+$/.test(source.url)
      ? `<${escapeText(source.url)}|${escapeText(sourceName(source))}>`
      : escapeText(sourceName(source));
  const text = `${label} ${items.map(sourceName).join(' · ')}`;
  const links = `${escapeText(label)} ${items.map(link).join(' · ')}`;
  if (length(links) > LIMITS.text) return notePiece(text);
  return { block: { type: 'context', elements: [{ type: 'mrkdwn', text: links }] }, text };
}

/** The accent leads to one button; where several are alike, none has it. */
function oneAccent(row: SlackButton[]): SlackButton[] {
  if (row.filter(({ style }) => style === 'primary').length <= 1) return row;
  return row.map(({ style, ...item }) => (style === 'danger' ? { ...item, style } : item));
}

function button({ id, label, style, form }: Button, number: number): SlackButton {
  const shown = style === 'success' ? 'primary' : style;
  const asks = form && JSON.stringify({ id, form });
  const [action, value] = asks && length(asks) <= LIMITS.buttonValue ? [`tutor-form-${number}`, asks] : [`tutor-${number}`, id];
  return {
    type: 'button',
    action_id: action,
    value,
    text: { type: 'plain_text', text: clip(label || '…', LIMITS.buttonLabel), emoji: false },
    ...((shown === 'primary' || shown === 'danger') && { style: shown }),
  };
}

const Asking = z.object({
  id: z.string(),
  form: z.object({
    title: z.string(),
    label: z.string(),
    placeholder: z.string().optional(),
    maxLength: z.number(),
    lines: z.literal(true).optional(),
    value: z.string().optional(),
  }),
});

/** What a button that opens a form holds; undefined for anything else. */
export function readForm(value: string): { id: string; form: Form } | undefined {
  try {
    return Asking.parse(JSON.parse(value)) as { id: string; form: Form };
  } catch {
    return undefined;
  }
}

/** A moment in the reader's own time zone. */
function deadline(text: string, at: number): Piece {
  const seconds = Math.round(at / 1000);
  const utc = `${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC`;
  const shown = escapeText(text).replace('{time}', `<!date^${seconds}^{time_secs}|${utc}>`);
  const block: ContextBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: shown }] };
  return { block, text: text.replace('{time}', utc) };
}

function uploadsOf(reply: Reply): Upload[] {
  const files = reply.blocks.filter((block): block is ImageBlock | FileBlock => block.type === 'image' || block.type === 'file');
  const heading = reply.blocks.find((block) => block.type === 'heading')?.text;
  const caption = heading && clip(heading, LIMITS.caption);
  return files.map((block) =>
    block.type === 'image'
      ? {
          ...{ file: Buffer.from(block.png), filename: block.name, title: caption ?? block.name, alt: clip(block.alt, LIMITS.altText) },
          ...(caption && { caption: `📈 ${caption}` }),
        }
      : { file: Buffer.from(block.text, 'utf8'), filename: block.name, title: block.name },
  );
}
