import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Locale, type Localized, localize } from '../../core/locale.ts';
import type { Content } from '../../notes/content.ts';
import { decodeText } from '../../notes/decode-text.ts';
import { DECK_ID, MAX_DECK_FILE, MAX_DECK_QUESTIONS } from '../../notes/load-decks.ts';
import type { BareQuestion } from '../../quiz/question.ts';
import { leftOut, named, type Remark } from './draft.ts';
import { DeckError } from './errors.ts';
import { type ImportFormat, readDeck } from './read-deck.ts';
import { writeYaml } from './write-others.ts';

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

/**
 * Reads a deck and compares it with the one that is there; writes nothing.
 * @throws DeckError when the file cannot be used at all.
 */
export function planImport(options: ImportOptions): ImportPlan {
  const text = readBounded(options.file);
  const deck = options.deck ?? deckIdOf(options.file);
  if (!DECK_ID.test(deck) || options.content.topics.has(deck)) {
    throw new DeckError({
      en: `“${deck}” cannot name a deck: lower-case words joined by hyphens, at most 40 characters, not a topic. Give one: --deck my-deck`,
      zh: `“${deck}”不能作题库名：要用连字符连起来的小写词，最多 40 个字符，且不是主题名。请指定一个：--deck my-deck`,
    });
  }
  const topic = options.topic;
  if (topic !== undefined && !options.content.topics.has(topic))
    throw new DeckError({ en: `there is no topic “${topic}”.`, zh: `没有主题“${topic}”。` });
  const draft = readDeck(options.file, text, { deck, locale: options.locale, format: options.format });
  const { format } = draft;
  const target = join(options.contentDir, 'decks', `${deck}.yaml`);
  const elsewhere = (id: string) => {
    const known = options.content.questions.get(id);
    return known && known.deck !== deck ? (known.deck ?? known.topic) : undefined;
  };
  const questions = draft.questions.filter(({ id }) => {
    const owner = elsewhere(id);
    if (owner)
      draft.remarks.push(
        leftOut(named(id), { en: `${owner} has this question already; change it there`, zh: `${owner} 里已有这道题；请在那里改` }),
      );
    return !owner;
  });
  if (questions.length === 0) {
    const { en, zh = en } = byFrequency(draft.remarks);
    throw new DeckError({
      en: `no question could be read as ${format}. ${en ? `${en}. ` : ''}If it is another format, name it with --format.`,
      zh: `按 ${format} 读不出任何题目。${zh ? `${zh}。` : ''}如果是别的格式，请用 --format 指明。`,
    });
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
export function byFrequency(remarks: readonly Remark[]): Localized {
  const places = new Map<string, Remark[]>();
  for (const remark of remarks) places.set(remark.what.en, [...(places.get(remark.what.en) ?? []), remark]);
  const sorted = [...places.values()].sort((a, b) => b.length - a.length);
  const listed = (locale: Locale, comma: string, semicolon: string, more: (count: number) => string) =>
    sorted
      .map((all) => {
        const where = all.slice(0, 10).map((remark) => localize(remark.where, locale));
        const colon = locale === 'zh' ? '：' : ': ';
        return `${where.join(comma)}${all.length > 10 ? more(all.length - 10) : ''}${colon}${localize(all[0]!.what, locale)}`;
      })
      .join(semicolon);
  return {
    en: listed('en', ', ', '; ', (count) => ` and ${count} more`),
    zh: listed('zh', '、', '；', (count) => ` 等另外 ${count} 处`),
  };
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
  if (!existsSync(file) || !statSync(file).isFile()) throw new DeckError({ en: `there is no file ${file}.`, zh: `没有文件 ${file}。` });
  const { size } = statSync(file);
  if (size > MAX_DECK_FILE) {
    const [mb, most] = [(size / 1024 / 1024).toFixed(1), MAX_DECK_FILE / 1024 / 1024];
    throw new DeckError({
      en: `${file} has ${mb} MB. A deck has at most ${most} MB and ${MAX_DECK_QUESTIONS} questions; split it.`,
      zh: `${file} 有 ${mb} MB。一个题库最多 ${most} MB、${MAX_DECK_QUESTIONS} 题；请拆开。`,
    });
  }
  const text = decodeText(readFileSync(file));
  if (text === undefined)
    throw new DeckError({
      en: `${file} is not UTF-8 text (nor GB18030). Save it as UTF-8.`,
      zh: `${file} 不是 UTF-8（也不是 GB18030）文本。请存为 UTF-8。`,
    });
  return text;
}

/** The id that a deck gets from its file's name. */
export function deckIdOf(file: string): string {
  return basename(file, extname(file))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}
