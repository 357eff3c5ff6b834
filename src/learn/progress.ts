import type { Content } from '../notes/content.ts';
import type { Db } from '../store/database.ts';
import type { CardRow } from '../store/learn-rows.ts';
import { questionsInPlay } from './in-play.ts';
import { GRADES, retrievability } from './memory.ts';
import type { Person, Progress, TopicMastery } from './service.ts';
import { streakOf } from './streak.ts';
import { addDays, localTime } from './zone.ts';

export interface ProgressSource {
  db: Db;
  content: Content;
  now: number;
  zone: string;
}

const DAY = 86_400_000;
/** Days that the forecast looks ahead, and days of reviews that are counted. */
const FORECAST_DAYS = 30;
const DUE_DAYS = 7;
/** Days that are looked back on, today included. */
const ACTIVITY_DAYS = 14;

/** A person's mastery, forecast, coming reviews and streak, as of now. */
export async function progressOf({ db, content, now, zone }: ProgressSource, person: Person): Promise<Progress> {
  const stored = await db
    .selectFrom('cards')
    .selectAll()
    .where((eb) => eb.and({ ...person }))
    .execute();
  // An exam tells nothing before its end, not even to who asks here.
  const hidden = await questionsInPlay(db, person);
  const cards = stored.filter(({ question_id }) => content.questions.has(question_id) && !hidden.has(question_id));
  const answers = await db
    .selectFrom('review_log')
    .select(['question_id', 'at', 'credit'])
    .where((eb) => eb.and({ ...person }))
    .execute();
  const today = localTime(now, zone).day;
  const told = answers.filter(({ question_id }) => !hidden.has(question_id));
  const days = answers.map(({ at }) => localTime(at, zone).day);
  const known = cards.filter(isKnown);
  return {
    zone,
    topics: masteryOf(content, cards, now),
    forecast: forecastOf(known, now),
    due: dueOf(cards, zone, today),
    activity: activityOf(days, today),
    streak: streakOf(days, today),
    answered: told.length,
    right: told.filter(({ credit }) => credit === 1).length,
  };
}

/** Answered right the last time: what was missed is not known, however short ago that was. */
function isKnown({ rating }: Pick<CardRow, 'rating'>): boolean {
  return rating !== GRADES.again;
}

/** Topics and decks in the order of the content. */
export function masteryOf(content: Content, cards: readonly CardRow[], now: number): TopicMastery[] {
  const own = new Map(cards.map((card) => [card.question_id, card]));
  const topics = new Map<string, TopicMastery>([...content.topics.keys()].map((topic) => [topic, empty(topic)]));
  for (const { id, topic } of content.questions.values()) {
    const entry = topics.get(topic) ?? empty(topic);
    topics.set(topic, entry);
    entry.total++;
    const card = own.get(id);
    if (!card) continue;
    entry.seen++;
    if (!isKnown(card)) continue;
    entry.known++;
    entry.mastery += retrievability(card.card, now);
  }
  return [...topics.values()].filter(({ total }) => total > 0).map((entry) => ({ ...entry, mastery: entry.mastery / entry.total }));
}

function empty(topic: string): TopicMastery {
  return { topic, total: 0, seen: 0, known: 0, mastery: 0 };
}

function forecastOf(known: readonly CardRow[], now: number): Progress['forecast'] {
  if (known.length === 0) return [];
  return Array.from({ length: FORECAST_DAYS + 1 }, (_, day) => ({
    day,
    retention: known.reduce((sum, { card }) => sum + retrievability(card, now + day * DAY), 0) / known.length,
  }));
}

function dueOf(cards: readonly CardRow[], zone: string, today: string): Progress['due'] {
  const days = Array.from({ length: DUE_DAYS }, (_, i) => ({ day: addDays(today, i), count: 0 }));
  for (const { due } of cards) {
    const day = localTime(due, zone).day;
    const entry = day <= today ? days[0] : days.find((one) => one.day === day);
    if (entry) entry.count++;
  }
  return days;
}

function activityOf(answered: readonly string[], today: string): Progress['activity'] {
  const counts = new Map<string, number>();
  for (const day of answered) counts.set(day, (counts.get(day) ?? 0) + 1);
  return Array.from({ length: ACTIVITY_DAYS }, (_, i) => {
    const day = addDays(today, i - ACTIVITY_DAYS + 1);
    return { day, count: counts.get(day) ?? 0 };
  });
}
