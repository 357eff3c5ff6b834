import type { Translate } from '../../core/i18n.ts';
import type { Locale } from '../../core/locale.ts';
import { type Reply, whisper } from '../../core/reply.ts';
import type { LiveQuiz } from '../live.ts';
import { choiceTexts, describeValue, rightAnswer } from '../wording.ts';
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

/** What came of a person's answer to a question that is over, for them alone: right or wrong, and the points. */
export function verdictText(live: LiveQuiz, position: number, user: string, shown: Shown, locale: Locale, t: Translate): string {
  const { asked } = live.state;
  const number = position + 1;
  const mine = asked.find((one) => one.position === position)?.results.find((one) => one.user === user);
  if (!mine) return t('quiz.verdict-unfinished', { number });
  const { question, instance } = shown;
  const texts = choiceTexts(question, instance, locale, t);
  const score = asked
    .filter((one) => one.position <= position)
    .flatMap(({ results }) => results)
    .reduce((sum, one) => sum + (one.user === user ? one.points : 0), 0);
  const said = { answer: describeValue(mine.value, question), right: rightAnswer(question, instance, locale, texts, t) };
  const percent = Math.round(mine.credit * 100);
  const key = mine.credit === 1 ? 'right' : mine.credit > 0 ? 'partly' : 'wrong';
  return t(`quiz.verdict-${key}`, { number, ...said, percent, points: mine.points, score });
}

/** The same as a message of its own, in the place of the receipt. */
export function verdict(live: LiveQuiz, position: number, user: string, shown: Shown, locale: Locale, t: Translate): Reply {
  const text = verdictText(live, position, user, shown, locale, t);
  const mine = live.state.asked.find((one) => one.position === position)?.results.find((one) => one.user === user);
  const told = { position, credit: mine?.credit ?? null, points: mine?.points ?? 0 };
  return { ...whisper([{ type: 'note', text }], { ...result(live), verdict: told }), slot: receiptSlot(live, position) };
}
