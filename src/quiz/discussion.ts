import { type QuizEvent, type QuizState, type Reason, wholeAnswers } from './state.ts';

/**
 * Peer instruction (Mazur; Crouch & Mazur 2001): a vote alone, talk, a second vote, and only then the answer and both
 * splits. Pure, like the rest of the rules.
 */

/** Letters of a reason. */
export const MAX_REASON = 200;

/** Whether the question that closes is talked about first: a first vote was cast, and this was it. */
export function isTalkedAbout(state: QuizState): boolean {
  return state.settings.mode === 'discuss' && !state.again && state.phase !== 'talk' && wholeAnswers(state).length > 0;
}

/** The first votes are in and stay hidden; people talk. */
export function toTalk(state: QuizState, at: number): QuizState {
  const first = new Map(wholeAnswers(state));
  const deadline = at + (state.settings.talkSeconds ?? 0) * 1000;
  return { ...state, phase: 'talk', deadline, paused: null, openedAt: null, first, idle: 0 };
}

/** The same question once more. Who does not vote again keeps the first vote, but is waited for. */
export function toSecondVote(state: QuizState): QuizState {
  const answers = new Map([...state.first].map(([id, answer]) => [id, { ...answer, final: false }]));
  return { ...state, phase: 'open', again: true, answers, deadline: null, openedAt: null, paused: null };
}

/** A reason may be written, or picked from those that others wrote, while people talk; the last one counts. */
export function giveReason(state: QuizState, { position, user, reason }: Extract<QuizEvent, { type: 'reason' }>): QuizState | undefined {
  if (state.phase !== 'talk' || state.position !== position || !state.players.has(user.id)) return undefined;
  if ('like' in reason && (reason.like === user.id || !isWritten(state.reasons.get(reason.like)))) return undefined;
  const reasons = new Map(state.reasons).set(user.id, reason);
  // Who takes theirs back for another's leaves nothing to like.
  for (const [id, one] of reasons) if ('like' in one && !isWritten(reasons.get(one.like))) reasons.delete(id);
  return { ...state, reasons };
}

function isWritten(reason: Reason | undefined): boolean {
  return reason !== undefined && 'text' in reason;
}

/** The reasons that were written, with how many found each convincing (the writer not counted), most first. */
export function reasonsOf(given: Iterable<readonly [string, Reason]>): { user: string; text: string; likes: number }[] {
  const all = [...given];
  return all
    .flatMap(([user, reason]) =>
      'text' in reason
        ? [{ user, text: reason.text, likes: all.filter(([, other]) => 'like' in other && other.like === user).length }]
        : [],
    )
    .sort((a, b) => b.likes - a.likes);
}

export interface Gain {
  /** Mean share right of those who voted both times, 0–1. */
  before: number;
  after: number;
  people: number;
  /** Hake's normalised gain (after − before) ÷ (1 − before); undefined where all were right before, or fewer are now. */
  gain: number | undefined;
}

/** What the talk changed; undefined where nobody voted both times. */
export function gainOf(results: readonly { credit: number; alone?: { credit: number } }[]): Gain | undefined {
  const both = results.flatMap(({ credit, alone }) => (alone ? [{ credit, alone: alone.credit }] : []));
  if (both.length === 0) return undefined;
  const before = both.reduce((sum, one) => sum + one.alone, 0) / both.length;
  const after = both.reduce((sum, one) => sum + one.credit, 0) / both.length;
  return { before, after, people: both.length, gain: before < 1 && after >= before ? (after - before) / (1 - before) : undefined };
}
