import type { Locale } from '../core/locale.ts';
import { localize } from '../core/locale.ts';
import type { Content } from '../notes/content.ts';
import type { Value } from '../quiz/grade.ts';
import type { Question } from '../quiz/question.ts';
import type { Db } from '../store/database.ts';

/** Below this many people a share says nothing, and might tell who answered what. */
export const SHOWN_FROM = 20;
const [TOO_HARD, TOO_EASY] = [0.3, 0.8];
const WEAK = 0.1;
/** A wrong choice that fewer take is no distractor. */
const UNUSED = 0.05;

export const FLAGS = ['too-hard', 'too-easy', 'weak', 'negative', 'unused-choice', 'wrong-choice-leads'] as const;
export type Flag = (typeof FLAGS)[number];

export interface ItemReport {
  question: string;
  topic: string;
  kind: Question['kind'];
  prompt: string;
  /** People whose first answer counts. */
  n: number;
  /** Mean credit; null, like all that follows, below 20 people. */
  facility: number | null;
  /** Corrected item-rest correlation: with the mean of the person's other first answers. Null where nothing varies. */
  discrimination: number | null;
  /** Elo difficulty, from all first answers. */
  difficulty: number | null;
  choices: { text: string; correct: boolean; count: number }[] | null;
  /** The most frequent wrong answers that were typed, from two people on. */
  typed: { text: string; count: number }[] | null;
  flags: Flag[];
}

interface First {
  person: number;
  credit: number;
  given: string | null;
}

/** Rows in memory at a time; years of a large server are millions. */
const PAGE = 5_000;

/** First answers, a page after the other: only one of the two databases can hand out rows while it reads them. */
async function* firstAnswers(db: Db, page: number) {
  const key = ['platform', 'space', 'user_id', 'source'] as const;
  let last: readonly [string, string, string, string] | undefined;
  for (;;) {
    const rows = await db
      .selectFrom('review_log')
      .select([...key, 'question_id', 'credit', 'given'])
      .where('first', '=', 1)
      .$if(last !== undefined, (query) => query.where((where) => where(where.refTuple(...key), '>', where.tuple(...last!))))
      .orderBy(key[0])
      .orderBy(key[1])
      .orderBy(key[2])
      .orderBy(key[3])
      .limit(page)
      .execute();
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < page) return;
    last = [end.platform, end.space, end.user_id, end.source];
  }
}

/** How each question does on people who meet it for the first time; questions that nobody has met are left out. */
export async function itemReport(db: Db, content: Content, locale: Locale, topic?: string, page = PAGE): Promise<ItemReport[]> {
  const people = new Map<string, number>();
  const sums: { total: number; count: number }[] = [];
  const items = new Map<string, First[]>();
  for await (const { platform, space, user_id, question_id, credit, given } of firstAnswers(db, page)) {
    const key = JSON.stringify([platform, space, user_id]);
    const person = people.get(key) ?? people.set(key, sums.push({ total: 0, count: 0 }) - 1).get(key)!;
    sums[person]!.total += credit;
    sums[person]!.count++;
    const list = items.get(question_id) ?? [];
    items.set(question_id, list);
    list.push({ person, credit, given });
  }
  const ratings = await db.selectFrom('item_ratings').select(['question_id', 'difficulty']).execute();
  const difficulty = new Map(ratings.map((row) => [row.question_id, row.difficulty]));
  return [...items]
    .flatMap(([id, first]) => {
      const question = content.questions.get(id);
      if (!question || (topic !== undefined && question.topic !== topic && question.deck !== topic)) return [];
      return describe(question, first, sums, difficulty.get(id) ?? null, locale);
    })
    .sort((a, b) => b.flags.length - a.flags.length || a.question.localeCompare(b.question));
}

function describe(
  question: Question,
  first: readonly First[],
  sums: readonly { total: number; count: number }[],
  difficulty: number | null,
  locale: Locale,
): ItemReport {
  const n = first.length;
  const head = { question: question.id, topic: question.topic, kind: question.kind, prompt: localize(question.prompt, locale), n };
  if (n < SHOWN_FROM) {
    return { ...head, facility: null, discrimination: null, difficulty: null, choices: null, typed: null, flags: [] };
  }
  const facility = first.reduce((sum, { credit }) => sum + credit, 0) / n;
  const discrimination = itemRest(first, sums);
  const choices = countChoices(question, first, locale);
  return {
    ...head,
    facility,
    discrimination,
    difficulty,
    choices,
    typed: choices ? null : countTyped(first),
    flags: flagsOf(facility, discrimination, choices, n),
  };
}

/** Correlation between this question and the rest of what each person answered, the question itself taken out. */
function itemRest(first: readonly First[], sums: readonly { total: number; count: number }[]): number | null {
  const pairs = first.flatMap(({ person, credit }) => {
    const { total, count } = sums[person]!;
    return count > 1 ? [{ x: credit, y: (total - credit) / (count - 1) }] : [];
  });
  if (pairs.length < SHOWN_FROM) return null;
  const mean = (of: (pair: { x: number; y: number }) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const [vx, vy] = [mean(({ x }) => (x - mx) ** 2), mean(({ y }) => (y - my) ** 2)];
  // Rounding leaves a little where everybody has the same.
  return vx < 1e-12 || vy < 1e-12 ? null : mean(({ x, y }) => (x - mx) * (y - my)) / Math.sqrt(vx * vy);
}

function countChoices(question: Question, first: readonly First[], locale: Locale): ItemReport['choices'] {
  const texts = choicesOf(question, locale);
  if (!texts) return null;
  const counts = texts.map(() => 0);
  for (const { given } of first) {
    const value = given === null ? undefined : (JSON.parse(given) as Value);
    if (value && 'picked' in value) for (const index of value.picked) if (index in counts) counts[index]! += 1;
  }
  return texts.map((choice, i) => ({ ...choice, count: counts[i]! }));
}

/** The choices in the author's order; null where the answer is typed or put in order. A chart's answer changes with its run. */
function choicesOf(question: Question, locale: Locale): { text: string; correct: boolean }[] | null {
  if (question.kind === 'single' || question.kind === 'multiple')
    return question.choices.map(({ text, correct }) => ({ text: localize(text, locale), correct }));
  if (question.kind === 'boolean') return [true, false].map((value) => ({ text: String(value), correct: value === question.answer }));
  return null;
}

function countTyped(first: readonly First[]): { text: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { given, credit } of first) {
    const value = given === null ? undefined : (JSON.parse(given) as Value);
    if (value && 'typed' in value && credit < 1) counts.set(value.typed, (counts.get(value.typed) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([text, count]) => ({ text, count }));
}

function flagsOf(facility: number, discrimination: number | null, choices: ItemReport['choices'], n: number): Flag[] {
  const wrong = choices?.filter(({ correct }) => !correct) ?? [];
  const right = Math.max(0, ...(choices?.filter(({ correct }) => correct).map(({ count }) => count) ?? []));
  const found: Record<Flag, boolean> = {
    'too-hard': facility < TOO_HARD,
    'too-easy': facility > TOO_EASY,
    weak: discrimination !== null && discrimination >= 0 && discrimination < WEAK,
    negative: discrimination !== null && discrimination < 0,
    'unused-choice': wrong.some(({ count }) => count / n < UNUSED),
    'wrong-choice-leads': wrong.some(({ count }) => count > right),
  };
  return FLAGS.filter((flag) => found[flag]);
}
