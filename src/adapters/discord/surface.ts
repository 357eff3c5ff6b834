import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { Presenter } from './presenter.ts';
import type { Payload } from './render.ts';

/** A message that shows a reply. */
export interface Shown {
  /** As it is named here: `@original`, or its id. */
  id: string;
  /** Discord's id of it, as soon as it is known. */
  real?: string;
  privately: boolean;
  /** Belongs to an earlier reply: it may be turned over, but never taken away. */
  borrowed?: boolean;
}

/** Where replies to one request can be shown. */
export interface Place {
  privately(reply: Reply): boolean;
  create(payload: Payload, privately: boolean): Promise<string>;
  /** @returns Discord's id of the message. */
  edit(id: string, payload: Payload): Promise<string>;
  remove(id: string): Promise<unknown>;
}

/** The one place in which a request's interim replies and its final one appear. */
export interface Surface {
  /** Shows that work goes on; cheap to call often. Work that is done at once shows nothing of it. */
  progress(reply: Reply): void;
  show(reply: Reply): Promise<void>;
  /** Says something in the place of the progress, under the buttons of which it stands; no progress is shown after it. */
  park(reply: Reply): Promise<void>;
  /** The message that shows it; undefined before there is one. */
  message(): Shown | undefined;
}

const FIRST_PROGRESS = 700;
const BETWEEN_PROGRESS = 1_500;

export function createSurface(
  deps: { presenter: Presenter; clock: Clock; log: Logger /** Progress stands in a message. */; begun?: (shown: Shown) => Promise<void> },
  place: Place,
  first?: Shown,
): Surface {
  const { presenter, clock, log } = deps;
  let current = first;
  let done = false;
  let latest: Reply | undefined;
  let writing: Promise<void> = Promise.resolve();
  let waiting: { reply: Reply; cancel: () => void } | undefined;
  let next = clock.now() + FIRST_PROGRESS;

  const put = (reply: Reply): Promise<void> =>
    presenter.send(reply, async (payload) => {
      const privately = place.privately(reply);
      // What went wrong must not take the place of what somebody was reading.
      const mayReplace = !(current?.borrowed && reply.result?.kind === 'error');
      if (current?.privately === privately && mayReplace) {
        const shown = current;
        shown.real = await place.edit(shown.id, payload);
        return;
      }
      // Who may see a message is fixed when it is made, so another one takes its place.
      const old = current;
      current = undefined;
      if (old && !old.borrowed) await place.remove(old.id);
      const id = await place.create(payload, privately);
      current = { id, real: id, privately };
    });

  const write = (reply: Reply): Promise<void> => {
    const turn = writing.then(() => put(reply));
    writing = turn.catch(() => {});
    return turn;
  };

  return {
    message: () => current,
    progress(reply) {
      if (done) return;
      latest = reply;
      if (waiting) {
        waiting.reply = reply;
        return;
      }
      const cancel = clock.schedule(next, () => {
        const shown = waiting?.reply ?? reply;
        waiting = undefined;
        next = clock.now() + BETWEEN_PROGRESS;
        write(shown)
          .then(() => current && deps.begun?.(current))
          .catch((error: unknown) => log.debug({ err: error }, 'progress could not be shown'));
      });
      waiting = { reply, cancel };
    },
    async park(reply) {
      if (done) return;
      done = true;
      waiting?.cancel();
      const buttons = latest?.blocks.filter(({ type }) => type === 'buttons') ?? [];
      await write({ ...reply, blocks: [...reply.blocks, ...buttons] });
    },
    async show(reply) {
      done = true;
      waiting?.cancel();
      if (reply.blocks.length > 0 && !reply.echo) return write(reply);
      // Nothing to say, or it is said elsewhere: the sign that work goes on is taken away.
      await writing;
      if (current && !current.borrowed) await place.remove(current.id);
      current = undefined;
    },
  };
}
