import { randomInt } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../store/database.ts';
import { SPACE } from './space.ts';

/** Letters and digits of which none looks like another one, read out or written on a board. */
const ALPHABET = 'ACDEFGHJKMNPQRTUVWXY34679';
const LENGTH = 6;
/** How long the result of a quiz that is over is still shown under its code. */
export const SHOWN_AFTER = 60 * 60_000;
const TRIES = 20;

/** Where a code leads. */
export interface CodedQuiz {
  quiz: string;
  room: string;
  /** It is over: nobody can come in any more, but its result is still shown. */
  over: boolean;
}

/** The codes of the quizzes that rooms of the page play now. They are rows, so that a restart keeps them. */
export interface QuizCodes {
  /** The code of a quiz, the same for as long as it lasts. @throws Error when no free one was found */
  codeOf(quizId: string): Promise<string>;
  /** @param typed as a person types it: in any case and width, with spaces or hyphens */
  find(typed: string): Promise<CodedQuiz | undefined>;
}

/** @param draw a whole number from 0 up to, not including, its argument */
export function createQuizCodes(db: Db, clock: Clock, draw: (below: number) => number = randomInt): QuizCodes {
  const known = async (quizId: string) =>
    (await db.selectFrom('quiz_codes').select('code').where('quiz_id', '=', quizId).executeTakeFirst())?.code;
  const over = () =>
    db
      .selectFrom('quizzes')
      .select('id')
      .where('finished_at', '<', clock.now() - SHOWN_AFTER);
  return {
    async codeOf(quizId) {
      const before = await known(quizId);
      if (before) return before;
      await db.deleteFrom('quiz_codes').where('quiz_id', 'in', over()).execute();
      for (let i = 0; i < TRIES; i++) {
        const code = Array.from({ length: LENGTH }, () => ALPHABET[draw(ALPHABET.length)]).join('');
        // Taken by another quiz, or this one has got its code meanwhile: then that one counts.
        await db
          .insertInto('quiz_codes')
          .values({ code, quiz_id: quizId })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const given = await known(quizId);
        if (given) return given;
      }
      throw new Error('no free code for a quiz');
    },
    async find(typed) {
      const code = normalize(typed);
      if (code.length !== LENGTH) return undefined;
      const row = await db
        .selectFrom('quiz_codes')
        .innerJoin('quizzes', 'quizzes.id', 'quiz_codes.quiz_id')
        .select(['quiz_id', 'room', 'finished_at'])
        .where((eb) => eb.and({ code, platform: 'web', space: SPACE }))
        .where((eb) => eb.or([eb('finished_at', 'is', null), eb('finished_at', '>=', clock.now() - SHOWN_AFTER)]))
        .executeTakeFirst();
      return row && { quiz: row.quiz_id, room: row.room, over: row.finished_at !== null };
    },
  };
}

function normalize(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '');
}
