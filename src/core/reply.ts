import { formulasToUnicode } from './latex.ts';
import type { Result, SourceLink } from './result.ts';

export interface Button {
  /** ≤ 100 characters, versioned, stateless; never holds the right answer. See ids.ts. */
  id: string;
  label: string;
  style?: 'primary' | 'secondary' | 'success' | 'danger';
  disabled?: boolean;
  /** Opens a form with one field to fill in; without forms the platform sends the press alone, and is told what to type. */
  form?: Form;
}

/**
 * What a button asks for. What is typed comes as a press of that button with the text beside it:
 * `{ action: <button id>, options: { text } }`.
 */
export interface Form {
  title: string;
  /** Name of the field. */
  label: string;
  /** An example, shown in the empty field. */
  placeholder?: string;
  maxLength: number;
  /** Holds several lines. */
  lines?: true;
  /** What stands in the field already. */
  value?: string;
}

export interface ImageBlock {
  type: 'image';
  png: Uint8Array;
  /** File name, e.g. `gradient-norms.png`. */
  name: string;
  /** What the picture shows, with its numbers. Required: it is all that some readers get. */
  alt: string;
  width: number;
  height: number;
  /** What the picture was drawn from, for a platform that draws charts by itself; see `ChartSpec`. */
  chart?: object;
}

/** A text file to keep, such as an export: attached where the platform can, else offered as a download. */
export interface FileBlock {
  type: 'file';
  /** File name, e.g. `my-data.json`. */
  name: string;
  /** Media type, e.g. `application/json`. */
  mime: string;
  text: string;
}

export type Block =
  | { type: 'heading'; text: string }
  /** CommonMark with `$…$` formulas and no HTML. */
  | { type: 'markdown'; text: string }
  | { type: 'note'; text: string; tone?: 'info' | 'warning' | 'error' }
  | { type: 'fields'; items: { name: string; value: string }[] }
  | { type: 'table'; columns: string[]; rows: string[][] }
  | ImageBlock
  | FileBlock
  | { type: 'buttons'; items: Button[] }
  /** Lines of Markdown (a sentence or two, no paragraphs), each with the button that belongs to it. */
  | { type: 'rows'; items: { text: string; button: Button }[] }
  /** Where what is said comes from. Pages fold it; chats show names and links in one line. `label` is "Sources:", with its colon. */
  | { type: 'sources'; label: string; items: SourceLink[] }
  /** A moment shown in the reader's own time, e.g. a quiz deadline. `text` has a `{time}` place. */
  | { type: 'deadline'; text: string; at: number }
  | { type: 'divider' };

export type Visibility = 'public' | 'private';

/** What a command answers. Renderers turn it into a platform's payload; nothing here knows a platform. */
export interface Reply {
  blocks: Block[];
  visibility: Visibility;
  /** Machine-readable outcome, the same on every platform. */
  result?: Result;
  /**
   * Private replies of one slot to one person are one message: where a platform can edit what one person sees, the
   * next takes the place of the last.
   */
  slot?: string;
  /** Says what another message shows too, such as the run that was cancelled: left out where a press needs no answer. */
  echo?: true;
}

/** A public reply from blocks. */
export function say(blocks: Block[], result?: Result): Reply {
  return { blocks, visibility: 'public', ...(result && { result }) };
}

/** A reply that only the asking person sees. */
export function whisper(blocks: Block[], result?: Result): Reply {
  return { blocks, visibility: 'private', ...(result && { result }) };
}

/** The whole reply as plain text: every block has a text form, images and buttons included. */
export function toText(reply: Reply): string {
  return reply.blocks.map(blockToText).filter(Boolean).join('\n\n');
}

/** Text form of one block; total over the union, so that a new block cannot be forgotten. */
export function blockToText(block: Block): string {
  switch (block.type) {
    case 'heading':
      return /[A-Z]/.test(block.text) && block.text.toUpperCase() === block.text && !/\p{Script=Han}/u.test(block.text)
        ? block.text
        : `${block.text}\n${'─'.repeat(Math.min(displayWidth(block.text), 60))}`;
    case 'markdown':
      return formulasToUnicode(block.text);
    case 'note':
      return block.tone === 'error' || block.tone === 'warning' ? `! ${block.text}` : block.text;
    case 'fields':
      return block.items.map(({ name, value }) => `${name}: ${value}`).join('\n');
    case 'table':
      return tableToText(block.columns, block.rows);
    case 'image':
      return `[${block.name}] ${block.alt}`;
    case 'file':
      return `[${block.name}] ${Math.ceil(Buffer.byteLength(block.text) / 1024)} kB`;
    case 'buttons':
      return block.items.map(({ label }) => `[ ${label} ]`).join(' ');
    case 'rows':
      return block.items.map(({ text, button }) => `${formulasToUnicode(text)}  [ ${button.label} ]`).join('\n');
    case 'sources':
      return `${block.label} ${block.items.map((source) => `${sourceName(source)} ${source.url}`).join(' · ')}`;
    case 'deadline':
      return block.text.replace('{time}', new Date(block.at).toISOString().slice(11, 19));
    case 'divider':
      return '────';
    default:
      return block satisfies never;
  }
}

/** A source in a few words: who wrote it and when, else what it is called. */
export function sourceName({ title, author, year }: SourceLink): string {
  return author ? [author, year].filter(Boolean).join(', ') : title;
}

/** Every button of a block. */
export function buttonsOf(block: Block): readonly Button[] {
  if (block.type === 'buttons') return block.items;
  return block.type === 'rows' ? block.items.map(({ button }) => button) : [];
}

/** A table in aligned columns. Han characters count as two cells. */
export function tableToText(columns: string[], rows: string[][]): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => displayWidth(row[i] ?? ''))));
  const line = (row: string[]) =>
    widths
      .map((width, i) => (row[i] ?? '') + ' '.repeat(width - displayWidth(row[i] ?? '')))
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** The text, shortened to so many cells of a fixed-width font. */
export function clipWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const letters = [...text];
  while (displayWidth(letters.join('')) > width - 1) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Cells that a text takes in a fixed-width font: two for East Asian wide characters, one for the rest. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
      char,
    )
      ? 2
      : 1;
  return width;
}
