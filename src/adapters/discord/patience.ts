import { errorReply, UserError } from '../../core/errors.ts';
import { type Reply, say } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { Place, Surface } from './surface.ts';

/** What becomes of work that Discord has no patience for. */
export interface Patience {
  /** Ends the work when nobody would see what it brings, or when the bot stops. */
  signal: AbortSignal;
  /** The last word on the work: the reply, or why it was given up. */
  instead(reply: Reply): Promise<Reply>;
  /** The answer has to come as a message of its own. */
  parked(): boolean;
}

/** A run that ended because the bot stops is not told as one that somebody cancelled. */
export async function interrupted(
  { i18n, settings, config }: Services,
  closing: AbortSignal,
  request: Pick<Request, 'platform' | 'space' | 'room' | 'user' | 'locale'>,
  reply: Reply,
): Promise<Reply> {
  const { result } = reply;
  if (!closing.aborted || result?.kind !== 'error' || result.code !== 'run-cancelled') return reply;
  const locale = (await settings.locale(request)) ?? request.locale ?? config.defaultLocale;
  return say([{ type: 'note', text: i18n(locale, 'discord')('demos.interrupted') }], result);
}

/** Discord lets us answer for fifteen minutes; a little less, to say in time what is to come. */
const LIFE = 14 * 60_000;

/**
 * Watches over the time that an interaction may be answered in. Before it is over, a message that says “Running …”
 * says instead that the answer will come below; where we may not post by ourselves the work is given up, and people
 * are told where it has more time.
 */
export function createPatience(
  { services, closing }: { services: Services; closing: AbortSignal },
  request: Request,
  place: Place,
  surface: Surface,
): Patience {
  const { clock, log, settings, i18n, config } = services;
  const given = new AbortController();
  let parked = false;
  let late: Reply | undefined;
  const expire = async (): Promise<void> => {
    const t = i18n((await settings.locale(request)) ?? request.locale ?? config.defaultLocale);
    if (request.cannotPost || place.privately(say([]))) {
      late = errorReply(new UserError('discord-too-long'), t);
      given.abort();
      return;
    }
    parked = true;
    await surface.park(say([{ type: 'note', text: t('discord.takes-longer') }], { kind: 'info' }));
  };
  const cancel = clock.schedule(request.receivedAt + LIFE, () => {
    expire().catch((error: unknown) => log.info({ err: error }, 'that it takes longer could not be said'));
  });
  return {
    signal: AbortSignal.any([closing, given.signal]),
    parked: () => parked,
    async instead(reply) {
      cancel();
      return late ?? interrupted(services, closing, request, reply);
    },
  };
}
