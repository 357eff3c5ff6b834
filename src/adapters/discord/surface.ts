import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { Presenter } from './presenter.ts';
import type { Payload } from './render.ts';

/** A message that shows a reply. */
export interface Shown {
  id: string;
  privately: boolean;
  /** Belongs to an earlier reply: it may be turned over, but never taken away. */
  borrowed?: boolean;
}

/** Where replies to one request can be shown. */
export interface Place {
  privately(reply: Reply): boolean;
  create(payload: Payload, privately: boolean): Promise<string>;
  edit(id: string, payload: Payload): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

/** The one place in which a request's interim replies and its final one appear. */
export interface Surface {
  /** Shows that work goes on; cheap to call often. Work that is done at once shows nothing of it. */
  progress(reply: Reply): void;
  show(reply: Reply): Promise<void>;
  /** The message that shows it; undefined before there is one. */
  message(): string | undefined;
}

const FIRST_PROGRESS = 700;
const BETWEEN_PROGRESS = 1_500;

export function createSurface(deps: { presenter: Presenter; clock: Clock; log: Logger }, place: Place, first?: Shown): Surface {
  const { presenter, clock, log } = deps;
  let current = first;
  let done = false;
  let writing: Promise<void> = Promise.resolve();
  let waiting: { reply: Reply; cancel: () => void } | undefined;
  let next = clock.now() + FIRST_PROGRESS;

  const put = (reply: Reply): Promise<void> =>
    presenter.send(reply, async (payload) => {
      const privately = place.privately(reply);
      // What went wrong must not take the place of what somebody was reading.
      const mayReplace = !(current?.borrowed && reply.result?.kind === 'error');
      if (current?.privately === privately && mayReplace) {
        await place.edit(current.id, payload);
        return;
      }
      // Who may see a message is fixed when it is made, so another one takes its place.
      const old = current;
      current = undefined;
      if (old && !old.borrowed) await place.remove(old.id);
      current = { id: await place.create(payload, privately), privately };
    });

  const write = (reply: Reply): Promise<void> => {
    const turn = writing.then(() => put(reply));
    writing = turn.catch(() => {});
    return turn;
  };

  return {
    message: () => current?.id,
    progress(reply) {
      if (done) return;
      if (waiting) {
        waiting.reply = reply;
        return;
      }
      const cancel = clock.schedule(next, () => {
        const shown = waiting?.reply ?? reply;
        waiting = undefined;
        next = clock.now() + BETWEEN_PROGRESS;
        write(shown).catch((error: unknown) => log.debug({ err: error }, 'progress could not be shown'));
      });
      waiting = { reply, cancel };
    },
    async show(reply) {
      done = true;
      waiting?.cancel();
      await write(reply);
    },
  };
}
