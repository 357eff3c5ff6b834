import { stripVTControlCharacters as stripStyles } from 'node:util';
import type { Translate } from '../../core/i18n.ts';
import { type Block, type Button, displayWidth, type FileBlock, type ImageBlock, type Reply, sourceName } from '../../core/reply.ts';
import { markdownToLines } from './markdown.ts';
import { tableToLines } from './table.ts';
import { type Paint, type Run, wrap } from './wrap.ts';

export interface Page {
  /** Cells in a line. */
  width: number;
  paint: Paint;
  t: Translate;
  /** Puts a chart or a file on the disk and says where. */
  saveImage: (image: ImageBlock) => string;
  saveFile: (file: FileBlock) => string;
}

/** A reply as a terminal shows it. Buttons are numbered in the order of `buttonsOf`. */
export function renderReply(reply: Reply, page: Page): string {
  let number = 0;
  const numbered = ({ label, form }: Button): Run => {
    number++;
    return { text: `[#${number} ${form ? page.t('terminal.form', { number, label }) : label}]`, format: ['bold'], whole: true };
  };
  return reply.blocks
    .map((block) => blockToLines(block, page, numbered).join('\n'))
    .filter(Boolean)
    .join('\n\n');
}

function blockToLines(block: Block, { width, paint, t, saveImage, saveFile }: Page, numbered: (button: Button) => Run): string[] {
  const plain = (text: string) => text.split('\n').flatMap((line) => plainLine(line, width, paint));
  switch (block.type) {
    case 'heading': {
      const lines = wrap([{ text: block.text, format: ['bold'] }], width, paint);
      return [...lines, '─'.repeat(Math.min(displayWidth(block.text), 60, width))];
    }
    case 'markdown':
      return markdownToLines(block.text, width, paint);
    case 'note':
      return plain(block.tone === 'error' || block.tone === 'warning' ? `! ${block.text}` : block.text);
    case 'fields':
      return block.items.flatMap(({ name, value }) =>
        wrap([{ text: name, format: ['bold'] }, { text: `${/\p{Script=Han}$/u.test(name) ? '：' : ': '}${value}` }], width, paint),
      );
    case 'table':
      return tableToLines(block.columns, block.rows, width, paint);
    case 'image':
      return [...plain(block.alt), t('terminal.image-saved', { path: saveImage(block) })];
    case 'file':
      return [t('terminal.file-saved', { path: saveFile(block) })];
    case 'buttons':
      return wrap(
        block.items.flatMap((button, i) => [...(i > 0 ? [{ text: '  ' }] : []), numbered(button)]),
        width,
        paint,
      );
    case 'rows':
      return block.items.flatMap(({ text, button }) => {
        const run = numbered(button);
        const lines = markdownToLines(text, width, paint);
        const last = lines.at(-1) ?? '';
        const own = paint(run.format ?? [], run.text);
        return displayWidth(stripStyles(`${last}  ${run.text}`)) <= width ? [...lines.slice(0, -1), `${last}  ${own}`] : [...lines, own];
      });
    case 'sources':
      return wrap(
        [
          { text: `${block.label} ` },
          ...block.items.flatMap((source, i): Run[] => [
            { text: `${i > 0 ? ' · ' : ''}${sourceName(source)} ` },
            { text: source.url, format: ['dim'], whole: true },
          ]),
        ],
        width,
        paint,
      );
    case 'deadline':
      return plain(block.text.replace('{time}', new Date(block.at).toTimeString().slice(0, 8)));
    case 'divider':
      return ['────'];
    default:
      return block satisfies never;
  }
}

/** A command stays on one line, so that it can be copied and given back. */
function plainLine(line: string, width: number, paint: Paint): string[] {
  if (line === '') return [''];
  return line.startsWith('/') ? [line] : wrap([{ text: line }], width, paint);
}
