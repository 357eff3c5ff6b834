import { isQuestion } from '../core/asked.ts';
import type { Request } from '../core/request.ts';
import type { Services } from '../services.ts';
import { questionAt } from './live.ts';
import type { Question } from './question.ts';
import { isNumber } from './same.ts';
import { isTyped, MAX_TYPED } from './wording.ts';

/** A review that was opened longer ago is not what a line is about. */
const RECENT = 60 * 60_000;
/** Words of a term, as long as one may be. */
const MAX_WORDS = 6;

/**
 * Bare text that answers the typed question that is open: the room's quiz, or else the person's own review or quiz.
 * @returns the request as `/answer`, which is private; the same request where nothing waits for such a text
 */
export async function asAnswer(services: Services, request: Request): Promise<Request> {
  if (!request.bare || request.command !== 'ask') return request;
  const text = String(request.options.question ?? '').trim();
  if (text === '' || text.length > MAX_TYPED) return request;
  const look = services.ownNotes.ready(request).then(() => openQuestion(services.within(request), request));
  const open = await look.catch((error: unknown) => {
    // Then it is what it was: something to look up.
    services.log.warn({ err: error, request: request.id }, 'it could not be told whether a question is open');
    return undefined;
  });
  return open && fits(open, text) ? { ...request, command: 'answer', options: { text } } : request;
}

async function openQuestion(services: Services, request: Request): Promise<Question | undefined> {
  const { quiz, notes, learning, clock } = services;
  const live = await quiz.inRoom(request);
  if (live) {
    const { phase, position } = live.state;
    return phase === 'open' ? questionAt(live, position, notes.content().questions)?.question : undefined;
  }
  const turn = await learning.reviews.open(await learning.personOf(request)).catch(() => undefined);
  return turn && clock.now() - turn.openedAt < RECENT ? turn.question : undefined;
}

/** Whether a text can be meant as the answer to a typed question: a number, or a few words that ask nothing. */
export function fits(question: Question, text: string): boolean {
  if (!isTyped(question)) return false;
  if (question.kind !== 'term') return isNumber(text);
  return !isQuestion(text) && text.split(/\s+/).length <= MAX_WORDS && !text.includes('\n');
}
