import { MAX_BUTTON_ID } from '../../core/ids.ts';
import { type Block, type Button, displayWidth, type Reply, sourceName, tableToText } from '../../core/reply.ts';
import { defuse, plain } from './escape.ts';
import { ALT, FILE_BYTES, TABLE_WIDTH } from './limits.ts';
import { fence, link, type Piece, toDiscord } from './markdown.ts';
import { firstSentences } from './sentences.ts';

/** A file that goes up with the message. */
export interface Upload {
  name: string;
  data: Uint8Array;
  contentType: string;
  /** Alt text of a picture. */
  description?: string;
}

/** What a page is made of, in reading order. */
export type Part =
  | ({ kind: 'text' } & Piece)
  | { kind: 'image' | 'file'; file: Upload }
  | { kind: 'buttons'; items: Button[] }
  /** A line with a button of its own. */
  | { kind: 'row'; text: string; item: Button }
  | { kind: 'divider' };

export type Tone = 'info' | 'warning' | 'error';

/** The gravest tone of a reply's notes; it colours the message. */
export function toneOf(reply: Reply): Tone {
  const tones = reply.blocks.map((block) => (block.type === 'note' ? block.tone : undefined));
  return tones.includes('error') ? 'error' : tones.includes('warning') ? 'warning' : 'info';
}

/** File names and button ids that a reply has used: neither may come twice. */
interface Used {
  names: Set<string>;
  ids: Set<string>;
}

/** A reply's blocks as parts; total over the blocks. */
export function toParts(reply: Reply): Part[] {
  const used: Used = { names: new Set(), ids: new Set() };
  // A lone note is the answer itself and is not to be printed small.
  const small = reply.blocks.some(({ type }) => type !== 'note' && type !== 'buttons');
  return reply.blocks.flatMap((block) => partsOf(block, small, used));
}

function partsOf(block: Block, small: boolean, { names, ids }: Used): Part[] {
  switch (block.type) {
    case 'heading':
      return text({ text: `## ${plain(block.text.replace(/\s+/g, ' '))}`, leads: true });
    case 'markdown':
      return toDiscord(block.text).flatMap(text);
    case 'note':
      return text({ text: note(block.text, block.tone, small) });
    case 'fields':
      return block.items.flatMap(({ name, value }) => text({ text: `**${plain(name)}**\n${plain(value)}` }));
    case 'table':
      return table(block.columns, block.rows);
    case 'image': {
      const description = firstSentences(defuse(block.alt), ALT);
      // A picture that may not go up is told in words.
      if (block.png.length > FILE_BYTES) return text({ text: plain(block.alt) });
      return [{ kind: 'image', file: { name: fileName(block.name, names), data: block.png, contentType: 'image/png', description } }];
    }
    case 'file': {
      const data = Buffer.from(block.text, 'utf8');
      if (data.length > FILE_BYTES) return text({ text: plain(`${block.name}: ${Math.ceil(data.length / 1024 / 1024)} MB > 10 MB`) });
      return [{ kind: 'file', file: { name: fileName(block.name, names), data, contentType: block.mime } }];
    }
    case 'buttons': {
      const items = block.items.filter((button) => isUsable(button, ids));
      return items.length > 0 ? [{ kind: 'buttons', items }] : [];
    }
    case 'rows':
      return block.items.flatMap(({ text: words, button }): Part[] => {
        const line = toDiscord(words)
          .map((piece) => piece.text)
          .join('\n')
          .trim();
        const usable = isUsable(button, ids);
        if (line === '') return usable ? [{ kind: 'buttons', items: [button] }] : [];
        return usable ? [{ kind: 'row', text: line, item: button }] : text({ text: line });
      });
    case 'sources': {
      const names = block.items.map((source) => link(plain(sourceName(source)), source.url));
      return names.length > 0 ? text({ text: `-# ${plain(block.label)} ${names.join(' · ')}` }) : [];
    }
    case 'deadline':
      return text({ text: deadline(block.text, block.at) });
    case 'divider':
      return [{ kind: 'divider' }];
    default:
      return block satisfies never;
  }
}

/** Discord refuses a message that has an id twice; the first place is the better one. */
function isUsable({ id }: Button, ids: Set<string>): boolean {
  if (id.length === 0 || id.length > MAX_BUTTON_ID || ids.has(id)) return false;
  ids.add(id);
  return true;
}

function text(piece: Piece): Part[] {
  return piece.text.trim() === '' ? [] : [{ kind: 'text', ...piece }];
}

function note(words: string, tone: Tone = 'info', small: boolean): string {
  const lines = plain(words);
  if (tone !== 'info') return `⚠️ ${lines}`;
  return small ? lines.replace(/^(?=.*\S)/gm, '-# ') : lines;
}

/** The moment in the reader's own time zone, and how far off it is; Discord keeps the second one running. */
function deadline(words: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  return plain(words).replace('{time}', `<t:${seconds}:T> (<t:${seconds}:R>)`);
}

/** Aligned columns where they fit a phone, else a list with one row an entry. */
function table(columns: string[], rows: string[][]): Part[] {
  const drawn = tableToText(columns, rows);
  if (Math.max(...drawn.split('\n').map(displayWidth)) <= TABLE_WIDTH) {
    const [head, rule, ...lines] = drawn.split('\n');
    return slices(lines, 30).flatMap((slice) => text({ text: fence([head, rule, ...slice].join('\n')) }));
  }
  return rows.flatMap(([first = '', ...others], i) => {
    const values = others.map((value, column) => `${plain(columns[column + 1] ?? '')}: ${plain(value)}`);
    return text({ text: `- **${plain(first)}**\n  ${values.join(' · ')}`, tight: i > 0 });
  });
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.max(1, Math.ceil(items.length / size)) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Letters, digits, dot, dash: what Discord keeps of a name, so that `attachment://name` finds the file. */
function fileName(name: string, taken: Set<string>): string {
  const clean =
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+/, '')
      .slice(-80) || 'file';
  const [, stem, ending] = /^(.*?)(\.[A-Za-z0-9]+)?$/.exec(clean)!;
  let unique = clean;
  for (let number = 2; taken.has(unique); number++) unique = `${stem}-${number}${ending ?? ''}`;
  taken.add(unique);
  return unique;
}
