import type { Reply } from '../../src/core/reply.ts';
import type { Question } from '../../src/quiz/question.ts';
import { type Game, openGame } from './game.ts';
import { openRoom, type Room } from './room.ts';

/** A game with one room, which reopening renews. */
export interface Study extends Pick<Game, 'program' | 'clock' | 'question' | 'reopen' | 'close'> {
  readonly room: Room;
}

export async function openStudy(content: string): Promise<Study> {
  const game = await openGame(content);
  const seat = () => openRoom(game.program.services, game.program.dispatch);
  let room = seat();
  return {
    get program() {
      return game.program;
    },
    get clock() {
      return game.clock;
    },
    get room() {
      return room;
    },
    async reopen(options) {
      await game.reopen(options);
      room = seat();
    },
    question: game.question,
    close: game.close,
  };
}

export interface Asked {
  turn: string;
  question: string;
  questionKind: string;
  choices: { id: string; label: string }[];
}

/** The question that a `/review` shows. */
export const asked = (reply: Reply) => (reply.result as unknown as { review: Asked }).review;

/** Ids of the right and a wrong choice among those shown, read from the content. */
export function rightAndWrong(question: Question, choices: readonly { id: string; label: string }[]): { right: string; wrong: string } {
  const isRight = (label: string) =>
    question.kind === 'boolean'
      ? (label === 'True') === question.answer
      : question.kind === 'single' && question.choices.some(({ correct, text }) => correct && text.en === label);
  return { right: choices.find(({ label }) => isRight(label))!.id, wrong: choices.find(({ label }) => !isRight(label))!.id };
}

/** The same of a `/review`. */
export function reviewButtons(study: Study, reply: Reply): { right: string; wrong: string } {
  const { question, choices } = asked(reply);
  return rightAndWrong(study.question(question), choices);
}
