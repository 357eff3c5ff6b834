import type { Translate } from '../../core/i18n.ts';
import type { Locale } from '../../core/locale.ts';
import type { FileBlock } from '../../core/reply.ts';
import type { Question } from '../../quiz/question.ts';
import type { Remark } from './draft.ts';
import { writeGift } from './write-gift.ts';
import { type DeckHead, writeAnki, writeCsv, writeYaml } from './write-others.ts';

export const EXPORT_FORMATS = ['yaml', 'csv', 'gift', 'anki'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const FILES: Record<ExportFormat, { ending: string; mime: string }> = {
  yaml: { ending: '.yaml', mime: 'application/yaml' },
  csv: { ending: '.csv', mime: 'text/csv' },
  gift: { ending: '.gift.txt', mime: 'text/plain' },
  anki: { ending: '.anki.txt', mime: 'text/tab-separated-values' },
};

export interface ExportedDeck {
  file: FileBlock;
  /** What the format cannot hold. */
  lost: Remark[];
}

/** Questions as a file of the wanted format, in one language where the format holds only one. */
export function exportDeck(
  name: string,
  head: DeckHead,
  questions: readonly Question[],
  format: ExportFormat,
  locale: Locale,
  t: Translate,
): ExportedDeck {
  const { text, lost } = write();
  const { ending, mime } = FILES[format];
  return { file: { type: 'file', name: `${name}${ending}`, mime, text }, lost };

  function write() {
    switch (format) {
      case 'yaml':
        return { text: writeYaml(head, questions), lost: [] };
      case 'gift':
        return writeGift(questions, locale, typeof head.title === 'string' ? head.title : (head.title[locale] ?? head.title.en));
      case 'csv':
        return writeCsv(questions, locale, t);
      case 'anki':
        return writeAnki(questions, locale, t);
      default:
        return format satisfies never;
    }
  }
}
