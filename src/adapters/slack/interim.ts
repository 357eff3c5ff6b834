import type { Clock } from '../../core/clock.ts';
import type { Reply } from '../../core/reply.ts';
import type { SlackApi } from './api.ts';
import type { Origin } from './decode.ts';
import type { Instead } from './deliver.ts';
import type { Edits } from './edits.ts';
import { renderOne } from './render.ts';

export interface InterimDeps {
  api: SlackApi;
  edits: Edits;
  clock: Clock;
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

/** The message "Running … 40 %" of one request. */
export function createInterim({ api, edits, clock }: InterimDeps, { space, channel, thread }: Origin): Interim {
  let latest: Reply | undefined;
  let cancel: (() => void) | undefined;
  let posting: Promise<{ channel: string; ts: string } | undefined> | undefined;
  let postedAt = 0;

  const post = () => {
    cancel = undefined;
    postedAt = clock.now();
    // Where we may not post, the person sees that work goes on by their own command standing in the channel.
    posting = api.post(space, channel, renderOne(latest!), { thread }).catch(() => undefined);
  };

  const edit = async () => {
    const sent = await posting;
    const reply = latest!;
    if (sent)
      edits.set(space, `${sent.channel}/${sent.ts}`, () => api.update(space, sent.channel, sent.ts, renderOne(reply), { patient: false }));
  };

  return {
    show(reply) {
      // How far a private run is, is private too; it has no message to show it in.
      if (reply.visibility === 'private') return;
      const first = latest === undefined;
      latest = reply;
      if (first) cancel = clock.schedule(clock.now() + PATIENCE, post);
      else if (posting && clock.now() >= postedAt + SPACING) void edit();
    },
    async end() {
      cancel?.();
      const sent = await posting;
      if (!sent) return undefined;
      return async (page) => {
        await edits.finish(space, `${sent.channel}/${sent.ts}`, () => api.update(space, sent.channel, sent.ts, page));
        return sent;
      };
    },
  };
}
