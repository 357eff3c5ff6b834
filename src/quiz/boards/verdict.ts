import type { Translate } from '../../core/i18n.ts';
import type { Locale } from '../../core/locale.ts';
import { type Reply, whisper } from '../../core/reply.ts';
import type { LiveQuiz } from '../live.ts';
import { answerInWords, choiceTexts, describeValue, rightAnswer } from '../wording.ts';
import { result, type Shown } from './context.ts';

/** Names the one message that tells a person what is recorded for a question, and later what came of it. */
export function receiptSlot({ stored }: LiveQuiz, position: number): string {
  return `quiz:${stored.id}:me${position}`;
}

/** People to whom a revealed question has something to say. */
export function concerned({ state }: LiveQuiz, position: number): string[] {
  const asked = state.asked.find((one) => one.position === position);
  return asked ? [...asked.results.map(({ user }) => user), ...asked.unfinished] : [];
}

/** Where a person stood once a question was over; ties share a place (1, 1, 3). */
interface Stand {
  score: number;
  place: number;
  /** Everyone who plays. */
  of: number;
}

/** Everyone's stand once the question at `position` was over. */
export function standsAt({ state: { asked, players } }: LiveQuiz, position: number): ReadonlyMap<string, Stand> {
  const scores = new Map([...players.keys()].map((id) => [id, 0]));
  for (const { results } of asked.filter((one) => one.position <= position))
    for (const { user, points } of results) scores.set(user, (scores.get(user) ?? 0) + points);
  const sorted = [...scores].sort(([, a], [, b]) => b - a);
  const places = new Map<number, number>();
  for (const [i, [, score]] of sorted.entries()) if (!places.has(score)) places.set(score, i + 1);
  return new Map(sorted.map(([id, score]) => [id, { score, place: places.get(score)!, of: sorted.length }]));
}

/** A person's outcome of a question that is over. */
interface Outcome {
  live: LiveQuiz;
  position: number;
  user: string;
  shown: Shown;
  locale: Locale;
  t: Translate;
  stands?: ReadonlyMap<string, Stand>;
}

const gradedOf = ({ live, position, user }: Outcome) =>
  live.state.asked.find((one) => one.position === position)?.results.find((one) => one.user === user);

/** What came of a person's answer to a question that is over, for them alone: right or wrong, the points, and their place. */
export function verdictText(outcome: Outcome): string {
  const { live, position, user, shown, locale, t, stands = standsAt(live, position) } = outcome;
  const number = position + 1;
  const mine = gradedOf(outcome);
  if (!mine) return t('quiz.verdict-unfinished', { number });
  const { question, instance } = shown;
  const texts = choiceTexts(question, instance, locale, t);
  const { score, place, of } = stands.get(user)!;
  const said = { answer: describeValue(mine.value, question), right: rightAnswer(question, instance, locale, texts, t) };
  const percent = Math.round(mine.credit * 100);
  const key = mine.credit === 1 ? 'right' : mine.credit > 0 ? 'partly' : 'wrong';
  const text = t(`quiz.verdict-${key}`, { number, ...said, percent, points: mine.points, score });
  return of > 1 ? `${text} ${t('quiz.verdict-place', { place, of })}` : text;
}

/** The same as a message of its own, in the place of the receipt. */
export function verdict(outcome: Outcome): Reply {
  const { live, position, user, shown, locale, t, stands = standsAt(live, position) } = outcome;
  const mine = gradedOf(outcome);
  const told = { position, credit: mine?.credit ?? null, points: mine?.points ?? 0, ...stands.get(user), ...answers() };
  const text = verdictText({ ...outcome, stands });
  return { ...whisper([{ type: 'note', text }], { ...result(live), verdict: told }), slot: receiptSlot(live, position) };

  /** As Markdown, for a platform that sets them apart. */
  function answers() {
    const { question, instance } = shown;
    const texts = choiceTexts(question, instance, locale, t);
    return mine && { answer: answerInWords(question, mine.value, texts, t), right: rightAnswer(question, instance, locale, texts, t) };
  }
}
