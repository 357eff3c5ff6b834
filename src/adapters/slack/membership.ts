import type { Clock } from '../../core/clock.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import { explain, OUTSIDE } from './errors.ts';

/** Whether the bot may post in a channel by itself. */
export interface Membership {
  /** Why a request that posts later, such as a quiz, cannot: for `cannotPost`. Empty where nothing is known against it. */
  obstacle(request: Request): Promise<Pick<Request, 'cannotPost'>>;
}

/** People invite the bot as soon as they are told to, so only that it is there is remembered. */
const REMEMBERED_FOR = 600_000;
const REMEMBERED = 2_000;
/** A quiz must not wait for a look that Slack does not grant. */
const PATIENCE = 1_000;

/**
 * Looks at the channel's history, which Slack refuses where we are no member. Without channels:history, or when Slack
 * asks to slow down, nothing is known; then a quiz starts and its host hears why nothing came.
 */
export function createMembership(api: SlackApi, { registry, quiz }: Pick<Services, 'registry' | 'quiz'>, clock: Clock): Membership {
  const inside = new Map<string, number>();

  const look = async ({ space, room }: Request): Promise<Pick<Request, 'cannotPost'>> => {
    const key = `${space}/${room}`;
    if ((inside.get(key) ?? 0) > clock.now()) return {};
    try {
      await api.look(space, room);
      inside.delete(key);
      inside.set(key, clock.now() + REMEMBERED_FOR);
      if (inside.size > REMEMBERED) inside.delete(inside.keys().next().value!);
      return {};
    } catch (error) {
      const problem = explain(error, 'conversations.history');
      return problem && OUTSIDE.includes(problem.reason) ? { cannotPost: { code: problem.error.code, params: problem.error.params } } : {};
    }
  };

  return {
    async obstacle(request) {
      const name = request.command ?? request.action?.split('~')[1];
      if (!registry.get(name ?? '')?.group && request.options.predict === undefined) return {};
      // An answer must not wait, and a quiz that is on has its board there.
      if (quiz.inRoom(request)) return {};
      let stop = () => {};
      const late = new Promise<Pick<Request, 'cannotPost'>>((resolve) => {
        stop = clock.schedule(clock.now() + PATIENCE, () => resolve({}));
      });
      try {
        return await Promise.race([look(request), late]);
      } finally {
        stop();
      }
    },
  };
}
