import { type LiveQuiz, revive } from './live.ts';
import type { QuizRepository } from './repository.ts';

/** Attempts while events keep coming in. */
const ATTEMPTS = 10;

/** Makes a running quiz what its stored events say: of a person who was forgotten there are none left. */
export async function reload(repository: Pick<QuizRepository, 'open'>, live: LiveQuiz, now: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { seq } = live;
    const found = await repository.open(live.stored.id);
    if (!found) return;
    if (live.seq !== seq) continue;
    const { state } = revive(found.quiz, found.events, now);
    Object.assign(live, { state, stored: found.quiz });
    return;
  }
}
