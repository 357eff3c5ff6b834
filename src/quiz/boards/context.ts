import type { Translate } from '../../core/i18n.ts';
import { actionId } from '../../core/ids.ts';
import type { Block, Button, ImageBlock } from '../../core/reply.ts';
import type { QuizResult } from '../../core/result.ts';
import type { Instance } from '../grade.ts';
import type { LiveQuiz } from '../live.ts';
import type { Question } from '../question.ts';
import type { Control } from '../state.ts';

/** Everything a board is drawn from. */
export interface BoardContext {
  live: LiveQuiz;
  /** In the quiz's language. */
  t: Translate;
  /** People who do not want to be named. */
  hidden: ReadonlySet<string>;
  /** Title of a topic in the quiz's language. */
  titleOf(topic: string): string;
}

/** A question as it is shown. */
export interface Shown {
  question: Question;
  instance: Instance;
  chart?: ImageBlock | undefined;
}

/** Names on a line; a room may have hundreds of players. */
export const NAMED = 12;

/** `Ana, Ben and 3 more`. Who does not want to be named is among the rest. */
export function namesOf({ live, t, hidden }: BoardContext, users: readonly string[]): string {
  const named = users.filter((id) => !hidden.has(id)).slice(0, NAMED);
  const names = named.map((id) => live.state.players.get(id)?.name ?? '?').join(t('quiz.comma'));
  const rest = users.length - named.length;
  if (rest === 0) return names;
  return named.length === 0 ? t('quiz.people', { count: rest }) : t('quiz.and-more', { names, count: rest });
}

export function result({ stored, state: { phase, settings } }: LiveQuiz): QuizResult {
  return { kind: 'quiz', quizId: stored.id, state: phase, ...(settings.pace && { pace: settings.pace }) };
}

/** The button that picks a choice. */
export function pickId(quizId: string, position: number, pick: number): string {
  return actionId('quiz', 'pick', quizId, position, pick);
}

/** A question's choices for programs that draw them by themselves, and which button picks each. */
export function shownChoices({ stored }: LiveQuiz, position: number, texts: readonly string[]): { id: string; label: string }[] {
  return texts.map((label, i) => ({ id: pickId(stored.id, position, i), label }));
}

/** A button of the host's; position and phase keep a late or second press from acting on what comes next. */
export function controlButton({ live, t }: BoardContext, what: Control, style?: Button['style'], label = t(`quiz.${what}`)): Button {
  const { position, phase } = live.state;
  return { id: actionId('quiz', what, live.stored.id, position, phase), label, ...(style && { style }) };
}

/** A block that is there only on a condition. */
export function when(condition: unknown, block: () => Block): Block[] {
  return condition ? [block()] : [];
}
