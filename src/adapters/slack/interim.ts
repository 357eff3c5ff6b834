import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Locale } from '../../core/locale.ts';
import type { Reply } from '../../core/reply.ts';
import type { MessageRef } from '../../core/request.ts';
import type { UnderWay } from '../../store/under-way.ts';
import type { SlackApi } from './api.ts';
import type { Origin } from './decode.ts';
import type { Instead } from './deliver.ts';
import type { Edits } from './edits.ts';
import { renderOne } from './render.ts';

export interface InterimDeps {
  api: SlackApi;
  edits: Edits;
  clock: Clock;
  underWay: UnderWay;
  log: Logger;
  locale: Locale;
  /** Aborted when the program stops. */
  stopping: AbortSignal;
}

export interface Interim {
  /** Shows how far a run is; cheap to call often. */
  show(reply: Reply): void;
  /** The message that the final reply takes the place of; undefined when the run was over before there was one. */
  end(): Promise<Instead | undefined>;
}

/** A run that is over sooner shows no progress. */
const PATIENCE = 1_500;
/** The first edit comes no sooner after the message than edits after each other. */
const SPACING = 5_000;

/** The message "Running … 40 %" of one request; a row from when it is there until it is finished. */
export function createInterim(deps: InterimDeps, { space, channel, thread }: Origin): Interim {
  const { api, edits, clock, underWay, log, locale, stopping } = deps;
  let latest: Reply | undefined;
  let cancel: (() => void) | undefined;
  let posting: Promise<MessageRef | undefined> | undefined;
  let postedAt = 0;

  const noted = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log.warn({ err: error }, 'a message under way could not be noted'));

  const post = async (): Promise<MessageRef | undefined> => {
    try {
      const sent = await api.post(space, channel, renderOne(latest!), { thread });
      const message: MessageRef = { platform: 'slack', space, room: sent.channel, id: sent.ts };
      await noted(underWay.begun(message, locale));
      return message;
    } catch {
      // Where we may not post, the person sees that work goes on by their own command standing in the channel.
      return undefined;
    }
  };

  const edit = async () => {
    const sent = await posting;
    const reply = latest!;
    if (sent)
      edits.set(space, `${sent.room}/${sent.id}`, () => api.update(space, sent.room, sent.id, renderOne(reply), { patient: false }));
  };

  return {
    show(reply) {
      // How far a private run is, is private too; it has no message to show it in.
      if (reply.visibility === 'private') return;
      const first = latest === undefined;
      latest = reply;
      if (first)
        cancel = clock.schedule(clock.now() + PATIENCE, () => {
          cancel = undefined;
          postedAt = clock.now();
          posting = post();
        });
      else if (posting && clock.now() >= postedAt + SPACING) void edit();
    },
    async end() {
      cancel?.();
      const sent = await posting;
      if (!sent) return undefined;
      return async (page) => {
        const last = () => api.update(space, sent.room, sent.id, page);
        await edits.finish(space, `${sent.room}/${sent.id}`, last, { now: stopping.aborted });
        await noted(underWay.over(sent));
        return { channel: sent.room, ts: sent.id };
      };
    },
  };
}
