import { basename, extname } from 'node:path';
import { replaceFormulas } from '../../core/latex.ts';
import type { Problem } from '../../notes/content.ts';
import { deckSchema } from '../../notes/load-decks.ts';
import { readQuestionList } from '../../notes/question-file.ts';
import { answerFaults } from '../../quiz/faults.ts';
import { atLine, type Draft, type DraftOptions, leftOut, named, type Remark } from './draft.ts';
import { DeckError } from './errors.ts';
import { readGift } from './read-gift.ts';
import { readAnki, readMdbook, readOpenTrivia } from './read-others.ts';

export const IMPORT_FORMATS = ['yaml', 'gift', 'anki', 'mdbook', 'opentrivia'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const READERS: Record<Exclude<ImportFormat, 'yaml'>, (text: string, options: DraftOptions) => Draft> = {
  gift: readGift,
  anki: readAnki,
  mdbook: readMdbook,
  opentrivia: readOpenTrivia,
};

/**
 * Reads the text of a deck of any format.
 * @param file its name, which tells most formats
 * @throws DeckError when it cannot be used at all
 */
export function readDeck(
  file: string,
  text: string,
  options: DraftOptions & { format?: ImportFormat | undefined },
): Draft & { format: ImportFormat } {
  const format = options.format ?? guessFormat(file, text);
  return { format, ...(format === 'yaml' ? readYaml(file, text) : READERS[format](text, options)) };
}

/** Whether a file is a deck rather than notes. */
export function isDeck(file: string, text: string): boolean {
  switch (extname(file).toLowerCase()) {
    case '.gift':
    case '.toml':
    case '.json':
    case '.csv':
    case '.tsv':
      return true;
    case '.yaml':
    case '.yml':
      return /^questions:/m.test(text);
    case '.txt':
      return isGift(text) || isCards(text);
    default:
      return false;
  }
}

/** Anki's head, or two fields in every line. */
function isCards(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return (
    /^#(?:separator|html|columns|notetype|deck|tags)[a-z ]*:/im.test(text.slice(0, 500)) ||
    (lines.length > 1 && lines.every((line) => line.includes('\t')))
  );
}

function guessFormat(file: string, text: string): ImportFormat {
  switch (extname(file).toLowerCase()) {
    case '.yaml':
    case '.yml':
      return 'yaml';
    case '.toml':
      return 'mdbook';
    case '.json':
      return 'opentrivia';
    case '.gift':
      return 'gift';
    case '.tex':
    case '.md':
    case '.html':
    case '.htm':
      throw new DeckError({
        en: `${basename(file)} is no deck: questions come as GIFT, Anki text, TOML, JSON or YAML. If it is one, name it with --format.`,
        zh: `${basename(file)} 不是题库：题目要用 GIFT、Anki 文本、TOML、JSON 或 YAML。如果确实是，请用 --format 指明。`,
      });
    case '.csv':
    case '.tsv':
      return 'anki';
    default:
      if (/^#[a-z ]+:/im.test(text.slice(0, 500))) return 'anki';
      if (/^\s*\\(?:documentclass|begin)\b/m.test(text))
        throw new DeckError({ en: `${basename(file)} is LaTeX and no deck.`, zh: `${basename(file)} 是 LaTeX，不是题库。` });
      return isGift(text) ? 'gift' : 'anki';
  }
}

/** Braces that open as GIFT's answers do, outside formulas, in lines that a tab does not split into a card. */
function isGift(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  if (lines.length > 0 && lines.every((line) => line.includes('\t'))) return false;
  return /^::|(?<!\\)\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\b|[^{}]*(?<!\\)[=~])/m.test(replaceFormulas(text, () => ''));
}

/** Our own files: a deck, or the quiz.yaml of a topic. */
function readYaml(file: string, text: string): Draft {
  const problems: Problem[] = [];
  const schema = deckSchema.partial({ title: true });
  const { whole, questions, dropped } = readQuestionList({ file, text }, schema, problems);
  // All that is wrong with a question is one remark.
  const rest = problems.filter((one) => !dropped.flat().includes(one));
  const remarks = [...rest.map((one) => [one]), ...dropped].map(
    (all): Remark => ({
      where: atLine(all[0]?.line ?? 1),
      what: named(all.map(({ message }) => message).join('; ')),
      lost: dropped.includes(all),
    }),
  );
  if (!whole) {
    const told = (locale: 'en' | 'zh') => remarks.map(({ where, what }) => `${where[locale]}: ${what[locale]}`).join('; ');
    throw new DeckError({ en: told('en') || 'this is no deck.', zh: told('zh') || '这不是题库。' });
  }
  const seen = new Set<string>();
  const sound = questions.filter((question) => {
    const fault = seen.has(question.id) ? { en: 'this id stands twice', zh: '这个编号出现了两次' } : answerFaults(question).map(named)[0];
    seen.add(question.id);
    if (fault) remarks.push(leftOut(named(question.id), fault));
    return !fault;
  });
  const { title, topic, source, license } = whole;
  return { title, topic, source, license, questions: sound, remarks };
}
