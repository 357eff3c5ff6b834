import { closeQuestion } from './closing.ts';
import { giveReason, isTalkedAbout, toSecondVote, toTalk } from './discussion.ts';
import { isEmpty } from './grade.ts';

import { answerAnywhere, closeAll } from './own-pace.ts';
import {
  type Effect,
  type Ending,
  freshQuestion,
  isOwnPace,
  type Player,
  type QuizEvent,
  type QuizState,
  underlyingPhase,
  wholeAnswers,
} from './state.ts';

export interface Step {
  state: QuizState;
  effects: Effect[];
}

/** After everyone has answered there is this long left to change one's mind. */
export const LAST_CHANGE = 3_000;
/** Whoever joined or answered an earlier question is waited for this long; */
export const PRESENT = 10 * 60_000;
/** with fewer of them than this the time runs: others may be reading. */
export const COMPANY = 2;
/** A quiz that nobody answers any more ends by itself, */
export const MAX_IDLE = 3;
/** and so does one that is paused and forgotten. */
export const MAX_PAUSE = 30 * 60_000;

/**
 * The rules of the game: pure, so that replaying the stored events gives the same state after a restart.
 * @returns undefined when the event does not fit the phase (a late press, a second start): nothing happens.
 */
export function reduce(state: QuizState, event: QuizEvent): Step | undefined {
  switch (event.type) {
    case 'join':
      return join(state, event);
    case 'posted':
      return posted(state, event);
    case 'answer':
      return answer(state, event);
    case 'hint':
      return hint(state, event);
    case 'reason': {
      const given = giveReason(state, event);
      return given && { state: given, effects: [{ type: 'refresh-board' }] };
    }
    case 'deadline':
      return deadline(state, event.at);
    case 'drop':
      return state.phase === 'open' && state.position === event.position ? toQuestion(state, state.position + 1) : undefined;
    default:
      return isMeant(state, event) ? control(state, event) : undefined;
  }
}

/** A press counts for the question and the phase that it was drawn for. */
function isMeant(state: QuizState, { position, phase }: Extract<QuizEvent, { phase?: unknown }>): boolean {
  return (position === undefined || position === state.position) && (phase === undefined || phase === state.phase);
}

function control(state: QuizState, { type, at }: Extract<QuizEvent, { position?: number }>): Step | undefined {
  const on = underlyingPhase(state);
  switch (type) {
    case 'begin':
      return on === 'lobby' && !isOwnPace(state.settings) ? toQuestion(state, 0) : undefined;
    case 'skip':
      if (on === 'open') return close(state, at, true);
      if (on === 'talk') return voteAgain(state);
      return on === 'reveal' ? toQuestion(state, state.position + 1) : undefined;
    case 'next':
      return on === 'reveal' ? toQuestion(state, state.position + 1) : undefined;
    case 'pause':
      return pause(state, at);
    case 'resume':
      return resume(state, at);
    case 'stop':
      return stop(state, at, 'stopped');
    default:
      return undefined;
  }
}

function join(state: QuizState, { user, at }: Extract<QuizEvent, { type: 'join' }>): Step | undefined {
  if (state.phase === 'ended' || state.players.has(user.id)) return undefined;
  const seen = new Map(state.seen).set(user.id, at);
  return { state: { ...state, seen, players: withPlayer(state, user) }, effects: [{ type: 'refresh-board' }] };
}

/** Who comes later goes to the team that has fewest. */
function withPlayer({ players, settings: { teams } }: QuizState, user: { id: string; name: string }): ReadonlyMap<string, Player> {
  if (players.has(user.id)) return players;
  const team = teams > 0 ? players.size % teams : null;
  return new Map(players).set(user.id, { ...user, team, score: 0, correct: 0, answered: 0 });
}

function toQuestion(state: QuizState, position: number): Step {
  if (position >= state.settings.total) return end(state, 'complete');
  if (state.idle >= MAX_IDLE) return end(state, 'idle');
  return {
    // The clock starts when the platform has confirmed the message.
    state: { ...state, phase: 'open', position, deadline: null, openedAt: null, paused: null, ...freshQuestion() },
    effects: [{ type: 'post-question', position }],
  };
}

function posted(state: QuizState, { at, position, again = false }: Extract<QuizEvent, { type: 'posted' }>): Step | undefined {
  if (underlyingPhase(state) !== 'open' || state.position !== position || state.openedAt !== null || state.again !== again)
    return undefined;
  const openedAt = state.paused?.at ?? at;
  const until = state.settings.closesAt ?? openedAt + state.settings.seconds * 1000;
  // Those who waited in the lobby, however long it was, are here when it ends.
  const waited = state.asked.length === 0 ? [...state.players.keys()].filter((id) => state.seen.has(id)) : [];
  const seen = new Map([...state.seen, ...waited.map((id) => [id, openedAt] as const)]);
  const started = { ...state, openedAt, seen };
  return {
    state: state.paused ? { ...started, paused: { ...state.paused, deadline: until } } : { ...started, deadline: until },
    effects: [{ type: 'refresh-board' }],
  };
}

function answer(state: QuizState, event: Extract<QuizEvent, { type: 'answer' }>): Step | undefined {
  const { at, user, value, credit, final = true, partial = false } = event;
  if (isOwnPace(state.settings)) {
    const given = answerAnywhere(state, withPlayer(state, user), event);
    return given && { state: given, effects: [{ type: 'refresh-board' }] };
  }
  if (state.phase !== 'open' || state.position !== event.position) return undefined;
  if (state.deadline !== null && at >= state.deadline) return undefined;
  if (state.settings.lock && state.answers.get(user.id)?.final) return undefined;
  const players = withPlayer(state, user);
  const answers = new Map(state.answers);
  // A press that comes before the confirmation is as quick as can be.
  const used = state.openedAt === null ? 0 : Math.max(0, at - state.openedAt);
  if (isEmpty(value)) answers.delete(user.id);
  else answers.set(user.id, { value, credit, at, used, final, partial });
  const last = at + (state.settings.lock ? 0 : LAST_CHANGE);
  const until = state.deadline !== null && isEveryone({ ...state, answers }, at) ? Math.min(state.deadline, last) : state.deadline;
  return { state: { ...state, players, answers, deadline: until }, effects: [{ type: 'refresh-board' }] };
}

/** A hint is asked for while there is something to answer, and one after the other. */
function hint(state: QuizState, { at, position, user, number }: Extract<QuizEvent, { type: 'hint' }>): Step | undefined {
  const { phase, settings, deadline: until } = state;
  if (phase !== 'open' || state.position !== position || settings.mode === 'exam' || (until !== null && at >= until)) return undefined;
  if (number !== (state.hints.get(user.id) ?? 0) + 1 || (settings.lock && state.answers.get(user.id)?.final)) return undefined;
  const hints = new Map(state.hints).set(user.id, number);
  return { state: { ...state, players: withPlayer(state, user), hints }, effects: [{ type: 'refresh-board' }] };
}

/**
 * Whether nobody is left to wait for. Expected is whoever joined or answered an earlier question here in the last ten
 * minutes. Who answers for the first time now is not enough company: somebody else may still be reading.
 */
function isEveryone({ seen, answers, hints, settings }: QuizState, at: number): boolean {
  const expected = [...seen].filter(([, last]) => at - last <= PRESENT);
  const done = (id: string) => answers.get(id)?.final === true;
  // Over a day everybody may still come.
  return (
    settings.pace === undefined &&
    expected.length >= COMPANY &&
    expected.every(([id]) => done(id)) &&
    [...answers.keys(), ...hints.keys()].every(done)
  );
}

function deadline(state: QuizState, at: number): Step | undefined {
  if (state.deadline === null || at < state.deadline) return undefined;
  switch (state.phase) {
    case 'lobby':
      return isOwnPace(state.settings) ? endOpen(state, at, 'complete') : toQuestion(state, 0);
    case 'open':
      return close(state, at, false);
    case 'talk':
      return voteAgain(state);
    case 'reveal':
      return toQuestion(state, state.position + 1);
    case 'paused':
      return stop(state, at, 'forgotten');
    default:
      return undefined;
  }
}

function voteAgain(state: QuizState): Step {
  return { state: toSecondVote(state), effects: [{ type: 'post-question', position: state.position }] };
}

/** Closes the open question: scores it, and shows the answer unless this is an exam, or people are to talk first. */
function close(state: QuizState, at: number, skipped: boolean): Step {
  const { mode, revealSeconds } = state.settings;
  if (isTalkedAbout(state)) return { state: toTalk(state, at), effects: [{ type: 'show-talk', position: state.position }] };
  const { state: closed, record } = closeQuestion(state, at);
  // Whoever skips is there.
  const scored = skipped ? { ...closed, idle: 0 } : closed;
  if (mode === 'exam') {
    const next = toQuestion(scored, state.position + 1);
    return { state: next.state, effects: [record, ...next.effects] };
  }
  return {
    state: { ...scored, phase: 'reveal', deadline: at + revealSeconds * 1000, paused: null },
    effects: [record, { type: 'show-reveal', position: state.position }],
  };
}

function pause(state: QuizState, at: number): Step | undefined {
  const { phase: on, settings } = state;
  if (settings.pace !== undefined || (on !== 'open' && on !== 'talk' && on !== 'reveal')) return undefined;
  const paused = { phase: on, at, deadline: state.deadline };
  return { state: { ...state, phase: 'paused', paused, deadline: at + MAX_PAUSE }, effects: [{ type: 'refresh-board' }] };
}

function resume(state: QuizState, at: number): Step | undefined {
  if (!state.paused) return undefined;
  const { phase, deadline: until, at: since } = state.paused;
  const stood = Math.max(0, at - since);
  const moved = (moment: number | null) => moment && moment + stood;
  const seen = new Map([...state.seen].map(([id, last]) => [id, last + stood]));
  return {
    state: { ...state, phase, paused: null, deadline: moved(until), openedAt: moved(state.openedAt), seen },
    effects: [{ type: 'refresh-board' }],
  };
}

/** Ends the quiz now. What was answered to an open question counts. */
function stop(state: QuizState, at: number, why: Ending): Step | undefined {
  if (state.phase === 'ended') return undefined;
  if (isOwnPace(state.settings)) return endOpen(state, at, why);
  const isOn = ['open', 'talk'].includes(underlyingPhase(state));
  if (!isOn || wholeAnswers(state).length === 0) return end(state, why);
  const { state: scored, record } = closeQuestion(state, at);
  const ended = end(scored, why);
  const reveal: Effect[] = state.settings.mode === 'exam' ? [] : [{ type: 'show-reveal', position: state.position }];
  return { state: ended.state, effects: [record, ...reveal, ...ended.effects] };
}

/** The end of a quiz over days: only now anything is told. */
function endOpen(state: QuizState, at: number, why: Ending): Step {
  const { state: closed, records } = closeAll(state, at);
  const ended = end(closed, why);
  return { state: ended.state, effects: [...records, ...ended.effects] };
}

function end(state: QuizState, ending: Ending): Step {
  const answers: Effect[] = state.settings.mode === 'exam' && state.asked.length > 0 ? [{ type: 'show-answers' }] : [];
  return {
    state: { ...state, phase: 'ended', deadline: null, paused: null, openedAt: null, ending },
    effects: [...answers, { type: 'show-podium' }],
  };
}
