// Which of a room's messages are a quiz's boards, and which one it is at. No DOM here.
import type { Message, QuizPart } from '../lib/wire.ts';

/** A message of a quiz to its room. */
export type Board = Message & { quiz: QuizPart & { board: string } };

/** A board of the quiz that a room plays; those over days run beside it. */
export function isBoard(message: Message): message is Board {
  return message.quiz?.board !== undefined && message.quiz.pace === undefined && !message.private;
}

/** What the room's quiz is at: its newest message. */
export function currentBoard(messages: readonly Message[]): Board | undefined {
  return messages.findLast(isBoard);
}

/** A question, or the talk between its two votes, that is not over: it stays in sight whatever else is said. */
export function isOpen({ quiz }: Board): boolean {
  return /^[qt]\d/.test(quiz.board) && ['open', 'talk', 'paused'].includes(quiz.state);
}

export function isReveal({ quiz }: Board): boolean {
  return quiz.board.startsWith('r');
}
