import { createRequire } from 'node:module';
import { stringify as toYaml } from 'yaml';
import type { Translate } from '../../core/i18n.ts';
import { lazy } from '../../core/lazy.ts';
import { type Locale, type Localized, localize } from '../../core/locale.ts';
import type { BareQuestion, Question } from '../../quiz/question.ts';
import { choiceTexts, LETTERS, rightAnswer } from '../../quiz/wording.ts';
import { leftOut, named, type Remark } from './draft.ts';
import type { Written } from './write-gift.ts';

const require = createRequire(import.meta.url);
const csv = lazy(() => require('csv-stringify/sync') as typeof import('csv-stringify/sync'));

/** What a deck file says besides its questions. */
export interface DeckHead {
  title: string | Localized;
  topic?: string | undefined;
  source?: string | undefined;
  license?: string | undefined;
}

/** Our own format: loses nothing. */
export function writeYaml(head: DeckHead, questions: readonly BareQuestion[]): string {
  const defined = Object.fromEntries(Object.entries(head).filter(([, value]) => value !== undefined));
  return toYaml({ ...defined, questions: questions.map(compact) }, { lineWidth: 0 });
}

/** Without what the reader fills in: defaults, and English that only repeats the Chinese. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const { en, zh } = value as { en?: unknown; zh?: unknown };
  if (typeof en === 'string' && en === zh) return /\p{Script=Han}/u.test(en) ? { zh } : { en, zh };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== undefined && !(key === 'correct' && inner === false) && key !== 'topic' && key !== 'deck')
      .map(([key, inner]) => [key, compact(inner)]),
  );
}

/** A question as somebody reads it on paper: the prompt, its choices in the author's order, the answer. */
interface Sheet {
  prompt: string;
  choices: string;
  answer: string;
  explanation: string;
}

/** @returns undefined for a question that only a run can answer. */
function sheetOf(question: Question, locale: Locale, t: Translate): Sheet | undefined {
  if (question.kind === 'chart') return undefined;
  const count = question.kind === 'ordering' ? question.items.length : 'choices' in question ? question.choices.length : 0;
  // Items in the right order would give the answer away, so they stand by their letters reversed.
  const order = Array.from({ length: count }, (_, i) => (question.kind === 'ordering' ? count - 1 - i : i));
  const texts = choiceTexts(question, { order }, locale, t);
  const terms = question.kind === 'term' ? [...question.accept[locale], ...question.accept.en, ...question.accept.zh] : [];
  return {
    prompt: localize(question.prompt, locale),
    choices: texts.map((text, i) => `${LETTERS[i]}. ${text}`).join('\n'),
    answer: terms[0] ?? rightAnswer(question, { order }, locale, texts, t),
    explanation: localize(question.explanation, locale),
  };
}

function sheets(questions: readonly Question[], locale: Locale, t: Translate) {
  const lost: Remark[] = [];
  const found = questions.flatMap((question) => {
    const sheet = sheetOf(question, locale, t);
    if (!sheet)
      lost.push(leftOut(named(question.id), { en: 'the answer comes from a run of the experiment', zh: '答案来自实验的运行结果' }));
    return sheet ? [{ question, sheet }] : [];
  });
  return { found, lost };
}

/** For spreadsheets: with a byte order mark, since Excel takes Chinese for something else without it. */
export function writeCsv(questions: readonly Question[], locale: Locale, t: Translate): Written {
  const { found, lost } = sheets(questions, locale, t);
  const rows = found.map(({ question, sheet }) => ({
    id: question.id,
    topic: question.topic,
    kind: question.kind,
    difficulty: question.difficulty,
    section: question.section ?? '',
    ...sheet,
  }));
  const columns = ['id', 'topic', 'kind', 'difficulty', 'section', 'prompt', 'choices', 'answer', 'explanation'];
  // What begins with = or @ would run as a formula.
  return { text: csv().stringify(rows, { header: true, columns, bom: true, escape_formulas: true }), lost };
}

/** For Anki's import: our id is the first field, which Anki takes for the key, so that a second import updates. */
export function writeAnki(questions: readonly Question[], locale: Locale, t: Translate): Written {
  const { found, lost } = sheets(questions, locale, t);
  const head = '#separator:tab\n#html:false\n#columns:id\tfront\tback\ttags\n#tags column:4\n';
  const rows = found.map(({ question, sheet }) => [
    question.id,
    [sheet.prompt, sheet.choices].filter(Boolean).join('\n\n'),
    `${sheet.answer}\n\n${sheet.explanation}`,
    question.topic,
  ]);
  return { text: head + csv().stringify(rows, { delimiter: '\t', quoted_string: true }), lost };
}
