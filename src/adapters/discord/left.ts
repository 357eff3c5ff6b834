import { say } from '../../core/reply.ts';
import type { MessageRef, Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { Api } from './api.ts';
import { isMessageGone, isPlaceClosed } from './errors.ts';
import type { Presenter } from './presenter.ts';
import type { Shown } from './surface.ts';

/**
 * Messages "Running …" that a program before this one left behind are told as interrupted, since nobody works for
 * them any more. Those that Discord cannot be told now stay for the next start.
 */
export async function tellLeft(
  { underWay, i18n, log }: Pick<Services, 'underWay' | 'i18n' | 'log'>,
  { api, presenter }: { api: Api; presenter: Presenter },
): Promise<void> {
  for (const { message, locale } of await underWay.left('discord')) {
    const reply = say([{ type: 'note', text: i18n(locale, 'discord')('demos.interrupted') }]);
    try {
      await presenter.send(reply, (payload) => api.edit(message.room, message.id, payload));
    } catch (error) {
      log.info({ err: error, message }, 'a run that was interrupted could not be told');
      if (!isMessageGone(error) && !isPlaceClosed(error)) continue;
    }
    await underWay.over(message);
  }
}

type Where = Pick<Request, 'platform' | 'space' | 'room' | 'user' | 'locale'>;

/** Notes the message that says that work goes on, from when all can see it until it says how the work ended. */
export interface Note {
  shown(message: Shown): Promise<void>;
  over(): Promise<void>;
}

export function createNote({ underWay, settings, config, log }: Services, request: Where): Note {
  let noted: MessageRef | undefined;
  const tried = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log.warn({ err: error }, 'a message under way could not be noted'));
  return {
    async shown({ real, privately }) {
      // What one person sees alone is gone with their window.
      if (noted || privately || real === undefined) return;
      const { platform, space, room } = request;
      noted = { platform, space, room, id: real };
      await tried(underWay.begun(noted, (await settings.locale(request)) ?? request.locale ?? config.defaultLocale));
    },
    async over() {
      if (noted) await tried(underWay.over(noted));
    },
  };
}
