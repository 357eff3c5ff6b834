import type { Reply } from '../core/reply.ts';
import type { Services } from '../services.ts';
import type { Drawing } from './drawing.ts';
import type { LiveQuiz } from './live.ts';

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
