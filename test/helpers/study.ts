import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reply } from '../../src/core/reply.ts';
import type { Question } from '../../src/quiz/question.ts';
import { createManualClock, type ManualClock } from './clock.ts';
import { type Program, startProgram } from './playground.ts';
import { openRoom, type Room } from './room.ts';

/** A program with one room and a clock to turn. */
export interface Study {
  program: Program;
  clock: ManualClock;
  room: Room;
  /** Opens the same file in a new program, at a later time if one is given; the old program is closed first, or left as a crash leaves it. */
  reopen(options?: { later?: number; crashed?: boolean }): Promise<void>;
  question(id: string): Question;
  close(): Promise<void>;
}

export async function openStudy(content: string): Promise<Study> {
  const folder = mkdtempSync(join(tmpdir(), 'study-'));
  const gone: Program[] = [];
  const open = async (now?: number) => {
    study.clock = createManualClock(now);
    study.program = await startProgram({ folder, clock: study.clock, freshSeed: () => 42, env: { CONTENT_DIR: content } });
    const { services, dispatch } = study.program;
    study.room = openRoom(services, dispatch);
    study.clock.idle = () => services.quiz.idle();
  };
  const study = {
    async reopen({ later = 0, crashed = false } = {}) {
      if (crashed) gone.push(study.program);
      else await study.program.close();
      await open(study.clock.now() + later);
    },
    question: (id) => study.program.services.notes.content().questions.get(id)!,
    async close() {
      for (const program of [...gone, study.program]) await program.close();
    },
  } as Study;
  await open();
  return study;
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
