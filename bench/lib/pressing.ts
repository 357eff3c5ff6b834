import { randomUUID } from 'node:crypto';
import type { Dispatch } from '../../src/core/dispatch.ts';
import { actionId } from '../../src/core/ids.ts';
import type { RoomRef } from '../../src/core/request.ts';
import { createRng } from '../../src/demos/random.ts';
import { shownCount } from '../../src/quiz/grade.ts';
import type { LiveQuiz } from '../../src/quiz/live.ts';
import type { Services } from '../../src/services.ts';

/** Opens the first question of a quiz of choices in a room of its own, which nobody closes by answering. */
export async function openQuiz(services: Services, name: string): Promise<LiveQuiz> {
  const room = { platform: 'terminal', space: 'bench', room: name } as const;
  const host = { id: 'host', name: 'host', admin: true };
  const rules = { topic: null, total: 50, seconds: 600, lobbySeconds: 600, mode: 'speed', teams: 0, lock: false } as const;
  const only = [...services.notes.content().questions.values()]
    .filter(({ kind }) => kind === 'single' || kind === 'boolean')
    .map(({ id }) => id);
  const live = await services.quiz.start({ ...rules, room, host, request: randomUUID(), locale: 'en', only });
  // One who never answers: a question that all have answered would close by itself.
  await services.quiz.join(live, { id: 'silent', name: 'silent' }, randomUUID());
  await services.quiz.control(live, 'begin', randomUUID());
  return live;
}

/** A question that is open, for those who press. */
export interface Open {
  id: string;
  room: RoomRef;
  position: number;
  /** Choices that it shows. */
  choices: number;
}

export function openOf(services: Services, { stored, state: { position } }: LiveQuiz): Open {
  const question = services.notes.content().questions.get(stored.questions[position]!.questionId)!;
  return { id: stored.id, room: stored.room, position, choices: shownCount(question) };
}

/** A press that is not recorded is made again, so often at most. */
const TRIES = 10;

export type Press = (open: Open, player: number) => Promise<number>;

/** One press on a random choice, from the button to the receipt, in milliseconds. */
export function createPresser(services: Services, dispatch: Dispatch): Press {
  const rng = createRng(1);
  return async ({ id: quiz, room, position, choices }, player) => {
    const begun = performance.now();
    const pick = Math.floor(rng.uniform() * choices);
    const id = `player-${player}`;
    const delivery = randomUUID();
    // Whoever hears that it was not recorded presses again.
    for (let tries = 1; ; tries++) {
      const { result } = await dispatch({
        ...room,
        id: delivery,
        user: { id, name: id },
        action: actionId('quiz', 'pick', quiz, position, pick),
        options: {},
        receivedAt: services.clock.now(),
      });
      if (result?.kind === 'quiz' && 'recorded' in result) break;
      if (tries === TRIES) throw new Error(JSON.stringify(result));
    }
    return performance.now() - begun;
  };
}

/** The value below which a share of them lies. */
export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
