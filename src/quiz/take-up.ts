import { setTimeout } from 'node:timers/promises';
import type { Outbox } from '../core/outbox.ts';
import type { LiveQuiz } from './live.ts';
import type { QuizRepository } from './repository.ts';
import type { Runner } from './runner.ts';
import type { Sharing } from './sharing.ts';

/** A press may come before the platform has greeted the program that was started again; it waits so long. */
export const GREETED_WITHIN = 5_000;

/** Takes up a quiz that the process before left, once; undefined for one that is over, or is another process's. */
export type TakeUp = (quizId: string, patient?: boolean) => Promise<LiveQuiz | undefined>;

/**
 * Quizzes that were stored and are not in memory: at a start all of them, and each as soon as somebody presses a button
 * of it. Both may ask for the same quiz at once.
 */
export function createTakeUp({ outbox }: { outbox: Outbox }, repository: Pick<QuizRepository, 'open'>, runner: Runner): TakeUp {
  const reading = new Map<string, Promise<LiveQuiz | undefined>>();

  const read = async (quizId: string): Promise<LiveQuiz | undefined> => {
    const found = await repository.open(quizId);
    // Couriers of other adapters may run elsewhere (terminal and server on one file): leave theirs alone.
    if (!found || !outbox.isConnected(found.quiz.room.platform)) return undefined;
    return runner.byId(quizId) ?? runner.stage(found.quiz, found.events);
  };

  const once = (quizId: string): Promise<LiveQuiz | undefined> => {
    const work = reading.get(quizId) ?? read(quizId).finally(() => reading.delete(quizId));
    reading.set(quizId, work);
    return work;
  };

  return async (quizId, patient = true) => {
    const known = runner.byId(quizId) ?? (await once(quizId));
    if (known || !patient) return known;
    const found = await repository.open(quizId);
    if (!found) return undefined;
    const late = new AbortController();
    await Promise.race([
      outbox.connected(found.quiz.room.platform),
      setTimeout(GREETED_WITHIN, undefined, { ref: false, signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
    return runner.byId(quizId) ?? once(quizId);
  };
}

/** The same where several processes share the database: what is in memory is brought up to date, and what is not is only known. */
export function createSharedTakeUp(repository: Pick<QuizRepository, 'open'>, runner: Runner): TakeUp {
  const reading = new Map<string, Promise<LiveQuiz | undefined>>();
  const read = async (quizId: string): Promise<LiveQuiz | undefined> => {
    const found = await repository.open(quizId);
    return found && (runner.byId(quizId) ?? runner.know(found.quiz, found.events));
  };
  return async (quizId) => {
    const known = runner.byId(quizId);
    if (known) return (await runner.follow(known)) ? known : undefined;
    const work = reading.get(quizId) ?? read(quizId).finally(() => reading.delete(quizId));
    reading.set(quizId, work);
    return work;
  };
}

/** Shows, from here on, the quizzes that nobody shows. */
export async function takeOverFree(sharing: Sharing, takeUp: TakeUp, runner: Runner): Promise<void> {
  for (const id of await sharing.claim()) {
    const live = await takeUp(id, false);
    if (live) runner.takeOver(live);
  }
}
