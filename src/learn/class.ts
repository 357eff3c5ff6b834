import type { Content } from '../notes/content.ts';
import { isForDiscussion, type Question } from '../quiz/question.ts';
import type { Db } from '../store/database.ts';
import { linkOf } from './person.ts';
import { masteryOf } from './progress.ts';
import type { Person } from './service.ts';

/** Nothing is told about fewer people: it would be about one of them. */
export const CLASS_FROM = 3;
/** Lower ends of the bands of mastery. */
export const BANDS = [0, 0.25, 0.5, 0.75] as const;
/** Between these shares of right answers people have something to tell each other (Mazur's rule). */
const DISCUSS = [0.3, 0.7] as const;

export interface ClassTopic {
  topic: string;
  /** People who have met a question of it. */
  people: number;
  /** Mean mastery over them, 0–1. */
  mean: number;
  /** How many of them are in each band. */
  bands: number[];
}

export interface ClassItem {
  question: Question;
  /** First answers, and the share of them that was right. */
  answers: number;
  right: number;
  /** Worth a vote, talk and a second vote. */
  discuss: boolean;
}

/** A space's learners together; nobody by name. */
export interface ClassView {
  people: number;
  /** Weakest first; only topics that enough people have met. */
  topics: ClassTopic[];
  /** Hardest first; only questions that enough people have answered. */
  items: ClassItem[];
}

type Space = Pick<Person, 'platform' | 'space'>;

/** Everyone who has taken part here, once, under the key that their learning is kept under. */
async function peopleOf(db: Db, { platform, space }: Space): Promise<Person[]> {
  const played = await db
    .selectFrom('people')
    .select('user_id')
    .where((eb) => eb.and({ platform, space }))
    .execute();
  const learnt = await db
    .selectFrom('cards')
    .select('user_id')
    .distinct()
    .where((eb) => eb.and({ platform, space }))
    .execute();
  const found = new Map<string, Person>();
  for (const user_id of new Set([...played, ...learnt].map((row) => row.user_id))) {
    const account = { platform, space, user_id };
    const person = (await linkOf(db, account)) ?? account;
    found.set(JSON.stringify(person), person);
  }
  return [...found.values()];
}

/** Questions that quizzes here are asking: how they are answered is told by the quiz. */
async function askedNow(db: Db, { platform, space }: Space): Promise<Set<string>> {
  const rows = await db
    .selectFrom('quiz_questions')
    .innerJoin('quizzes', 'quizzes.id', 'quiz_questions.quiz_id')
    .select('question_id')
    .where((eb) => eb.and({ platform, space }))
    .where('finished_at', 'is', null)
    .execute();
  return new Set(rows.map(({ question_id }) => question_id));
}

/** The class as of now: topics by mastery, and the items that were answered. */
export async function classOf(db: Db, space: Space, content: Content, now: number): Promise<ClassView> {
  const hidden = await askedNow(db, space);
  const topics = new Map<string, number[]>();
  const firsts = new Map<string, number[]>();
  let people = 0;
  for (const person of await peopleOf(db, space)) {
    const cards = (
      await db
        .selectFrom('cards')
        .selectAll()
        .where((eb) => eb.and({ ...person }))
        .execute()
    ).filter(({ question_id }) => content.questions.has(question_id) && !hidden.has(question_id));
    if (cards.length === 0) continue;
    people++;
    for (const { topic, seen, mastery } of masteryOf(content, cards, now))
      if (seen > 0) topics.set(topic, [...(topics.get(topic) ?? []), mastery]);
    const log = await db
      .selectFrom('review_log')
      .select(['question_id', 'credit'])
      .where((eb) => eb.and({ ...person, first: 1 }))
      .execute();
    for (const { question_id, credit } of log)
      if (!hidden.has(question_id)) firsts.set(question_id, [...(firsts.get(question_id) ?? []), credit]);
  }
  if (people < CLASS_FROM) return { people, topics: [], items: [] };
  return {
    people,
    topics: [...topics]
      .filter(([, all]) => all.length >= CLASS_FROM)
      .map(([topic, all]) => ({ topic, people: all.length, mean: meanOf(all), bands: bandsOf(all) }))
      .sort((a, b) => a.mean - b.mean),
    items: [...firsts]
      .flatMap(([id, credits]) => {
        const question = content.questions.get(id);
        if (!question || credits.length < CLASS_FROM) return [];
        const right = meanOf(credits.map((credit) => (credit === 1 ? 1 : 0)));
        return [
          { question, answers: credits.length, right, discuss: isForDiscussion(question) && right >= DISCUSS[0] && right <= DISCUSS[1] },
        ];
      })
      .sort((a, b) => a.right - b.right),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How many values lie in each band. */
export function bandsOf(values: readonly number[]): number[] {
  const counts = BANDS.map(() => 0);
  for (const value of values) counts[BANDS.findLastIndex((low) => value >= low)]! += 1;
  return counts;
}
