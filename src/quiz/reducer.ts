import { pointsOf } from './scoring.ts';
import type { Effect, GivenAnswer, Graded, Player, QuizEvent, QuizState } from './state.ts';

export interface Step {
  state: QuizState;
  effects: Effect[];
}

/** After everyone has answered there is this long left to change one's mind. */
const LAST_CHANGE = 2_000;
/** A quiz that nobody answers any more ends by itself. */
const MAX_IDLE = 3;

/**
 * The rules of the game: pure, so that replaying the stored events gives the same state after a restart.
 * @returns undefined when the event does not fit the phase (a late press, a second start): nothing happens.
 */
export function reduce(state: QuizState, event: QuizEvent): Step | undefined {
  switch (event.type) {
    case 'join':
      return state.phase === 'ended' || state.players.has(event.user.id) ? undefined : join(state, event.user);
    case 'begin':
      return state.phase === 'lobby' ? toQuestion(state, 0) : undefined;
    case 'posted':
      return posted(state, event);
    case 'answer':
      return answer(state, event);
    case 'deadline':
      return deadline(state, event.at);
    case 'next':
      return state.phase === 'reveal' ? toQuestion(state, state.position + 1) : undefined;
    case 'skip':
      return state.phase === 'open' ? close(state, event.at) : undefined;
    case 'pause':
      return pause(state, event.at);
    case 'resume':
      return resume(state, event.at);
    case 'stop':
      return state.phase === 'ended' ? undefined : end(state);
    default:
      return event satisfies never;
  }
}

function join(state: QuizState, user: { id: string; name: string }): Step {
  return {
    state: { ...state, players: withPlayer(state, user) },
    effects: [{ type: state.phase === 'lobby' ? 'show-lobby' : 'refresh-board' }],
  };
}

function withPlayer(state: QuizState, user: { id: string; name: string }): ReadonlyMap<string, Player> {
  if (state.players.has(user.id)) return state.players;
  const { teams } = state.settings;
  const team = teams > 0 ? state.players.size % teams : null;
  return new Map(state.players).set(user.id, { ...user, team, score: 0, correct: 0, answered: 0 });
}

function toQuestion(state: QuizState, position: number): Step {
  if (position >= state.settings.total || state.idle >= MAX_IDLE) return end(state);
  return {
    // The clock starts when the platform has confirmed the message.
    state: {
      ...state,
      phase: 'open',
      position,
      deadline: null,
      openedAt: null,
      paused: null,
      answers: new Map(),
    },
    effects: [{ type: 'post-question', position }],
  };
}

function posted(state: QuizState, { at, position }: { at: number; position: number }): Step | undefined {
  if (state.phase !== 'open' || state.position !== position || state.openedAt !== null) return undefined;
  return {
    state: { ...state, openedAt: at, deadline: at + state.settings.seconds * 1000 },
    effects: [{ type: 'refresh-board' }],
  };
}

function answer(state: QuizState, event: Extract<QuizEvent, { type: 'answer' }>): Step | undefined {
  if (state.phase !== 'open' || state.position !== event.position || state.openedAt === null) return undefined;
  if (state.deadline !== null && event.at >= state.deadline) return undefined;
  const players = withPlayer(state, event.user);
  const answers = new Map(state.answers).set(event.user.id, {
    value: event.value,
    credit: event.credit,
    at: event.at,
  });
  const everyone = [...players.keys()].every((id) => answers.has(id));
  const deadline = everyone && state.deadline !== null ? Math.min(state.deadline, event.at + LAST_CHANGE) : state.deadline;
  return { state: { ...state, players, answers, deadline }, effects: [{ type: 'refresh-board' }] };
}

function deadline(state: QuizState, at: number): Step | undefined {
  if (state.deadline === null || at < state.deadline) return undefined;
  if (state.phase === 'lobby') return toQuestion(state, 0);
  if (state.phase === 'open') return close(state, at);
  return state.phase === 'reveal' ? toQuestion(state, state.position + 1) : undefined;
}

/** Closes the open question: scores it, and shows the answer unless this is an exam. */
function close(state: QuizState, at: number): Step {
  const { mode, seconds, revealSeconds } = state.settings;
  const results = [...state.answers].map(([user, given]) => gradedOf(state, user, given, mode, seconds));
  const players = new Map(state.players);
  for (const { user, credit, points } of results) {
    const player = players.get(user)!;
    players.set(user, {
      ...player,
      score: player.score + points,
      correct: player.correct + (credit === 1 ? 1 : 0),
      answered: player.answered + 1,
    });
  }
  const share = results.length === 0 ? 0 : results.reduce((sum, { credit }) => sum + credit, 0) / results.length;
  const closed: QuizState = {
    ...state,
    players,
    credits: [...state.credits, share],
    idle: results.length === 0 ? state.idle + 1 : 0,
    openedAt: null,
  };
  const record: Effect = { type: 'record', position: state.position, results };
  if (mode === 'exam') {
    const next = toQuestion(closed, state.position + 1);
    return { state: next.state, effects: [record, ...next.effects] };
  }
  return {
    state: { ...closed, phase: 'reveal', deadline: at + revealSeconds * 1000 },
    effects: [record, { type: 'show-reveal', position: state.position }],
  };
}

function gradedOf(state: QuizState, user: string, given: GivenAnswer, mode: QuizState['settings']['mode'], seconds: number): Graded {
  const used = given.at - (state.openedAt ?? given.at);
  return { user, credit: given.credit, points: pointsOf(mode, given.credit, used, seconds * 1000) };
}

function pause(state: QuizState, at: number): Step | undefined {
  if ((state.phase !== 'open' && state.phase !== 'reveal') || state.deadline === null) return undefined;
  const paused = { phase: state.phase, remaining: Math.max(0, state.deadline - at) };
  return {
    state: { ...state, phase: 'paused', paused, deadline: null },
    effects: [{ type: 'refresh-board' }],
  };
}

function resume(state: QuizState, at: number): Step | undefined {
  if (state.phase !== 'paused' || !state.paused) return undefined;
  const { phase, remaining } = state.paused;
  const { seconds } = state.settings;
  const openedAt = phase === 'open' ? at + remaining - seconds * 1000 : null;
  return {
    state: { ...state, phase, paused: null, deadline: at + remaining, openedAt },
    effects: [{ type: 'refresh-board' }],
  };
}

function end(state: QuizState): Step {
  return {
    state: { ...state, phase: 'ended', deadline: null, paused: null, openedAt: null },
    effects: [{ type: 'show-podium' }],
  };
}
