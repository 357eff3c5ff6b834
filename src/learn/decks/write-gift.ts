import { isDeepStrictEqual } from 'node:util';
import { LOCALES, type Locale, type Localized, localize } from '../../core/locale.ts';
import type { BareQuestion } from '../../quiz/question.ts';
import { leftOut, named, type Remark } from './draft.ts';
import { readGift } from './read-gift.ts';

export interface Written {
  text: string;
  /** What the format cannot hold. */
  lost: Remark[];
}

/**
 * Questions as GIFT, in one language. What was written is read back and compared, so that whatever the format loses
 * is reported, question by question.
 */
export function writeGift(questions: readonly BareQuestion[], locale: Locale, title?: string): Written {
  const lost: Remark[] = [];
  const blocks = questions.flatMap((question) => {
    const answers = answersOf(question, locale);
    if (answers === undefined) {
      lost.push(
        leftOut(named(question.id), {
          en: `GIFT has no questions of the kind “${question.kind}”`,
          zh: `GIFT 没有“${question.kind}”这种题`,
        }),
      );
      return [];
    }
    const tags = [`difficulty-${question.difficulty}`, ...(question.section ? [`section-${question.section}`] : [])];
    const block = [
      `// [id:${question.id}] ${tags.map((tag) => `[tag:${tag}]`).join(' ')}`,
      `::${escaped(question.id)}::[markdown]${escaped(localize(question.prompt, locale))} {`,
      ...answers,
      `####${escaped(localize(question.explanation, locale))}`,
      '}',
    ].join('\n');
    const missing = compare(question, block, locale);
    if (missing.length > 0)
      lost.push({
        where: named(question.id),
        what: { en: `not held by GIFT: ${missing.join(', ')}`, zh: `GIFT 存不下：${missing.join('、')}` },
        lost: false,
      });
    return [block];
  });
  const head = title ? [`$CATEGORY: ${title.replace(/\s+/g, ' ').replaceAll('/', '-')}`] : [];
  return { text: `${[...head, ...blocks].join('\n\n')}\n`, lost };
}

/** The lines between the braces; undefined for kinds that GIFT does not know. */
function answersOf(question: BareQuestion, locale: Locale): string[] | undefined {
  const feedback = (why: Localized | undefined) => (why ? ` #${escaped(localize(why, locale))}` : '');
  switch (question.kind) {
    case 'single':
      return question.choices.map(({ text, correct, why }) => `${correct ? '=' : '~'}${escaped(localize(text, locale))}${feedback(why)}`);
    case 'multiple': {
      const share = Number((100 / question.choices.filter(({ correct }) => correct).length).toFixed(5));
      return question.choices.map(
        ({ text, correct, why }) => `~%${correct ? share : -share}%${escaped(localize(text, locale))}${feedback(why)}`,
      );
    }
    case 'boolean':
      return [`${question.answer ? 'TRUE' : 'FALSE'}${feedback(question.why)}`];
    case 'numeric':
      return [`#${decimal(question.answer)}:${decimal(question.tolerance)}`];
    case 'term':
      return [...question.accept.en, ...question.accept.zh].map((term) => `=${escaped(term)}`);
    case 'ordering':
    case 'chart':
      return undefined;
    default:
      return question satisfies never;
  }
}

/** Names of the fields that a reader of the block does not get back. */
function compare(question: BareQuestion, block: string, locale: Locale): string[] {
  const { questions, remarks } = readGift(block, { deck: 'check', locale });
  const [back] = questions;
  if (!back) return [`everything (${remarks[0]?.what.en ?? 'unreadable'})`];
  const spoken = inOneLanguage(question, locale) as Record<string, unknown>;
  const read = inOneLanguage(back, locale) as Record<string, unknown>;
  const fields = Object.keys({ ...spoken, ...read }).filter((key) => !isDeepStrictEqual(spoken[key], read[key]));
  const other = LOCALES.filter((one) => one !== locale && hasOwnText(question, one, locale));
  return [...fields, ...other.map((one) => `the texts in ${one}`)];
}

/** Texts as plain strings. Terms count in every language, so their order of languages is no loss. */
function inOneLanguage(value: unknown, locale: Locale): unknown {
  if (Array.isArray(value)) return value.map((inner) => inOneLanguage(inner, locale));
  if (typeof value !== 'object' || value === null) return value;
  if (isText(value)) return localize(value, locale);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== undefined && key !== 'topic' && key !== 'deck')
      .map(([key, inner]) => [
        key,
        key === 'accept' ? [...new Set(Object.values(inner as object).flat())].sort() : inOneLanguage(inner, locale),
      ]),
  );
}

function isText(value: object): value is Localized {
  return typeof (value as { en?: unknown }).en === 'string';
}

function hasOwnText(question: BareQuestion, other: Locale, locale: Locale): boolean {
  return question.prompt[other] !== undefined && localize(question.prompt, other) !== localize(question.prompt, locale);
}

function escaped(text: string): string {
  return text.replace(/[\\~=#{}:]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n');
}

/** A number without an exponent, which GIFT does not read. */
function decimal(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}
