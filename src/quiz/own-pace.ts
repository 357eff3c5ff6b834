import { closeQuestion } from './closing.ts';
import { isEmpty } from './grade.ts';
import type { Effect, GivenAnswer, Player, QuizEvent, QuizState } from './state.ts';

/** A quiz over days: all questions are open until it closes, each person at their own pace, by the rules of an exam. Pure. */

/** An answer to any of the questions; the last one before the end counts. */
export function answerAnywhere(
  state: QuizState,
  players: ReadonlyMap<string, Player>,
  { at, position, user, value, credit, final = true, partial = false }: Extract<QuizEvent, { type: 'answer' }>,
): QuizState | undefined {
  const { phase, deadline, settings } = state;
  if (phase !== 'lobby' || position < 0 || position >= settings.total || (deadline !== null && at >= deadline)) return undefined;
  const given = new Map(state.open.get(position));
  if (settings.lock && given.get(user.id)?.final) return undefined;
  if (isEmpty(value)) given.delete(user.id);
  else given.set(user.id, { value, credit, at, used: 0, final, partial });
  return { ...state, players, open: new Map(state.open).set(position, given) };
}

/** Grades everything that was answered. */
export function closeAll(state: QuizState, at: number): { state: QuizState; records: Effect[] } {
  const records: Effect[] = [];
  let next = state;
  for (let position = 0; position < state.settings.total; position++) {
    const closed = closeQuestion({ ...next, position, answers: state.open.get(position) ?? new Map() }, at);
    records.push(closed.record);
    next = closed.state;
  }
  return { state: next, records };
}

/** A person's answers so far, by position. */
export function answersOf({ open }: Pick<QuizState, 'open'>, user: string): Map<number, GivenAnswer> {
  return new Map([...open].flatMap(([position, given]) => (given.has(user) ? [[position, given.get(user)!] as const] : [])));
}

/** How many have answered every question. */
export function finishers({ open, players, settings }: QuizState): number {
  return [...players.keys()].filter((user) => {
    const own = [...answersOf({ open }, user).values()];
    return own.length === settings.total && own.every(({ final, partial }) => final && !partial);
  }).length;
}
