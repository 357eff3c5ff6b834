import type { Reply } from '../core/reply.ts';
import type { Services } from '../services.ts';
import { concerned } from './boards/verdict.ts';
import type { Drawing } from './drawing.ts';
import type { LiveQuiz } from './live.ts';
import type { Effect } from './state.ts';

/**
 * Everyone hears what came of their own answer, beside the quiz: nobody waits for that. What cannot be said now is owed.
 * @param busy told when a message begins and ends
 */
export function createTelling(deps: Pick<Services, 'outbox' | 'log'>, drawing: Drawing, busy: (change: 1 | -1) => void) {
  return async (live: LiveQuiz, position: number): Promise<void> => {
    const { room } = live.stored;
    const say = async (user: string, reply: Reply): Promise<void> => {
      busy(1);
      const said = await deps.outbox.whisper(room, { id: user }, reply).catch((error: unknown) => {
        deps.log.warn({ err: error, quiz: live.stored.id }, 'a verdict could not be shown');
        return false;
      });
      if (said) live.owed.delete(user);
      else live.owed.set(user, position);
      busy(-1);
    };
    for (const { user, reply } of await drawing.verdicts(live, position)) void say(user, reply);
  };
}

/** In a process that only knows the quiz: whether people have heard already is not known, and to hear it twice is better than not at all. */
export function owe(live: LiveQuiz, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.type !== 'show-reveal') continue;
    for (const user of concerned(live, effect.position)) live.owed.set(user, effect.position);
  }
}
