import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { replaceFormulas } from '../../core/latex.ts';
import type { Locale } from '../../core/locale.ts';
import type { Content, Problem } from '../../notes/content.ts';
import { decodeText } from '../../notes/decode-text.ts';
import { DECK_ID, deckSchema, MAX_DECK_FILE, MAX_DECK_QUESTIONS } from '../../notes/load-decks.ts';
import { readQuestionList } from '../../notes/question-file.ts';
import { answerFaults } from '../../quiz/faults.ts';
import type { BareQuestion } from '../../quiz/question.ts';
import type { Draft, DraftOptions, Remark } from './draft.ts';
import { DeckError } from './errors.ts';
import { readGift } from './read-gift.ts';
import { readAnki, readMdbook, readOpenTrivia } from './read-others.ts';
import { writeYaml } from './write-others.ts';

export const IMPORT_FORMATS = ['yaml', 'gift', 'anki', 'mdbook', 'opentrivia'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportOptions {
  file: string;
  contentDir: string;
  content: Content;
  format?: ImportFormat | undefined;
  /** Id of the deck; by default from the file's name. */
  deck?: string | undefined;
  title?: string | undefined;
  topic?: string | undefined;
  locale?: Locale | undefined;
}

/** What an import would do, or has done. */
export interface ImportPlan {
  deck: string;
  /** Where the deck stands. */
  target: string;
  format: ImportFormat;
  added: BareQuestion[];
  /** Questions that stay, with the fields that change. */
  changed: { question: BareQuestion; fields: string[] }[];
  removed: BareQuestion[];
  same: number;
  remarks: Remark[];
  /** The new file. */
  yaml: string;
}

const READERS: Record<Exclude<ImportFormat, 'yaml'>, (text: string, options: DraftOptions) => Draft> = {
  gift: readGift,
  anki: readAnki,
  mdbook: readMdbook,
  opentrivia: readOpenTrivia,
};

/**
 * Reads a deck and compares it with the one that is there; writes nothing.
 * @throws DeckError when the file cannot be used at all.
 */
export function planImport(options: ImportOptions): ImportPlan {
  const text = readBounded(options.file);
  const format = options.format ?? guessFormat(options.file, text);
  const deck = options.deck ?? deckIdOf(options.file);
  if (!DECK_ID.test(deck) || options.content.topics.has(deck)) {
    throw new DeckError(
      `“${deck}” cannot name a deck: lower-case words joined by hyphens, at most 40 characters, not a topic. Give one: --deck my-deck`,
    );
  }
  const topic = options.topic;
  if (topic !== undefined && !options.content.topics.has(topic)) throw new DeckError(`there is no topic “${topic}”.`);
  const draft = format === 'yaml' ? readYaml(options.file, text) : READERS[format](text, { deck, locale: options.locale });
  const target = join(options.contentDir, 'decks', `${deck}.yaml`);
  const elsewhere = (id: string) => {
    const known = options.content.questions.get(id);
    return known && known.deck !== deck ? (known.deck ?? known.topic) : undefined;
  };
  const questions = draft.questions.filter(({ id }) => {
    const owner = elsewhere(id);
    if (owner) draft.remarks.push({ where: id, what: `left out: ${owner} has this question already; change it there` });
    return !owner;
  });
  if (questions.length === 0) {
    const reasons = byFrequency(draft.remarks);
    throw new DeckError(
      `no question could be read as ${format}. ${reasons ? `${reasons}. ` : ''}If it is another format, name it with --format.`,
    );
  }
  const head = {
    title: options.title ?? draft.title ?? deck,
    topic: topic ?? draft.topic,
    source: draft.source,
    license: draft.license,
  };
  const before = new Map(
    [...options.content.questions.values()].filter((question) => question.deck === deck).map((one) => [one.id, bare(one)]),
  );
  return { deck, target, format, ...compare(before, questions), remarks: draft.remarks, yaml: writeYaml(head, questions) };
}

/** Writes the deck; a reader sees the old file or the new one, never half of it. */
export function carryOut({ target, yaml }: ImportPlan): void {
  mkdirSync(join(target, '..'), { recursive: true });
  const whole = `${target}.${process.pid}`;
  writeFileSync(whole, yaml);
  renameSync(whole, target);
}

/** All that went wrong, what is most frequent first: `lines 3, 5: …; line 1: …`. */
function byFrequency(remarks: readonly Remark[]): string {
  const places = new Map<string, string[]>();
  for (const { where, what } of remarks) places.set(what, [...(places.get(what) ?? []), where]);
  return [...places]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([what, where]) => `${where.slice(0, 10).join(', ')}${where.length > 10 ? ` and ${where.length - 10} more` : ''}: ${what}`)
    .join('; ');
}

function compare(before: ReadonlyMap<string, BareQuestion>, questions: readonly BareQuestion[]) {
  const now = new Set(questions.map(({ id }) => id));
  const changed = questions.flatMap((question) => {
    const old = before.get(question.id) as Record<string, unknown> | undefined;
    if (!old) return [];
    const fields = Object.keys({ ...old, ...question }).filter(
      (key) => !isDeepStrictEqual(old[key], (question as Record<string, unknown>)[key]),
    );
    return fields.length > 0 ? [{ question, fields }] : [];
  });
  const added = questions.filter(({ id }) => !before.has(id));
  const removed = [...before.values()].filter(({ id }) => !now.has(id));
  return { added, changed, removed, same: questions.length - added.length - changed.length };
}

function bare({ topic: _, deck: __, ...question }: BareQuestion & { topic: string; deck?: string }): BareQuestion {
  return question as BareQuestion;
}

/** Size is looked at before anything is read, so that a file of a million questions costs nothing. */
function readBounded(file: string): string {
  if (!existsSync(file) || !statSync(file).isFile()) throw new DeckError(`there is no file ${file}.`);
  const { size } = statSync(file);
  const limit = `A deck has at most ${MAX_DECK_FILE / 1024 / 1024} MB and ${MAX_DECK_QUESTIONS} questions; split it.`;
  if (size > MAX_DECK_FILE) throw new DeckError(`${file} has ${(size / 1024 / 1024).toFixed(1)} MB. ${limit}`);
  const text = decodeText(readFileSync(file));
  if (text === undefined) throw new DeckError(`${file} is not UTF-8 text (nor GB18030). Save it as UTF-8.`);
  return text;
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
      throw new DeckError(
        `${basename(file)} is no deck: questions come as GIFT, Anki text, TOML, JSON or YAML. If it is one, name it with --format.`,
      );
    case '.csv':
    case '.tsv':
      return 'anki';
    default:
      if (/^#[a-z ]+:/im.test(text.slice(0, 500))) return 'anki';
      if (/^\s*\\(?:documentclass|begin)\b/m.test(text)) throw new DeckError(`${basename(file)} is LaTeX and no deck.`);
      return isGift(text) ? 'gift' : 'anki';
  }
}

/** Braces that open as GIFT's answers do, outside formulas, in lines that a tab does not split into a card. */
function isGift(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  if (lines.length > 0 && lines.every((line) => line.includes('\t'))) return false;
  return /^::|(?<!\\)\{\s*(?:[=~#}]|(?:T|F|TRUE|FALSE)\b|[^{}]*(?<!\\)[=~])/m.test(replaceFormulas(text, () => ''));
}

function deckIdOf(file: string): string {
  return basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

/** Our own files: a deck, or the quiz.yaml of a topic. */
function readYaml(file: string, text: string): Draft {
  const problems: Problem[] = [];
  const schema = deckSchema.partial({ title: true });
  const { whole, questions } = readQuestionList({ file, text }, schema, problems);
  const remarks = problems.map(({ line, message }) => ({ where: `line ${line ?? 1}`, what: message }));
  if (!whole) throw new DeckError(remarks.map(({ where, what }) => `${where}: ${what}`).join('; ') || 'this is no deck.');
  const seen = new Set<string>();
  const sound = questions.filter((question) => {
    const fault = seen.has(question.id) ? 'this id stands twice' : answerFaults(question)[0];
    seen.add(question.id);
    if (fault) remarks.push({ where: question.id, what: `left out: ${fault}` });
    return !fault;
  });
  const { title, topic, source, license } = whole;
  return { title, topic, source, license, questions: sound, remarks };
}
