// Which of a room's messages are a quiz's boards, and which one it is at. No DOM here.
import type { Block, Message, QuizPart } from '../lib/wire.ts';

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

/** What only those who lead a quiz can press. */
const LEADING = /^1~quiz~(begin|next|skip|pause|resume|stop)~/;

/** The board as everybody else sees it. */
export function withoutLeading<M extends Message>(board: M): M {
  const blocks = (board.blocks ?? []).flatMap((block): Block[] => {
    if (block.type !== 'buttons') return [block];
    const items = block.items.filter(({ id }) => !LEADING.test(id));
    return items.length > 0 ? [{ ...block, items }] : [];
  });
  return { ...board, blocks };
}

export function isReveal({ quiz }: Board): boolean {
  return quiz.board.startsWith('r');
}
