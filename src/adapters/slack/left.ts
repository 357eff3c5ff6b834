import type { Logger } from 'pino';
import type { I18n } from '../../core/i18n.ts';
import type { UnderWay } from '../../store/under-way.ts';
import type { SlackApi } from './api.ts';
import { explain } from './errors.ts';
import { plainMessage } from './render.ts';

/**
 * Messages "Running …" that a program before this one left behind are told as interrupted, since nobody works for
 * them any more. Those that Slack cannot be told now stay for the next start.
 */
export async function tellLeft({
  api,
  underWay,
  i18n,
  log,
}: {
  api: SlackApi;
  underWay: UnderWay;
  i18n: I18n;
  log: Logger;
}): Promise<void> {
  for (const { message, locale } of await underWay.left('slack')) {
    try {
      await api.update(message.space, message.room, message.id, plainMessage(i18n(locale, 'slack')('demos.interrupted')));
    } catch (error) {
      log.info({ err: error, message }, 'a run that was interrupted could not be told');
      if (explain(error, 'chat.update')?.passing) continue;
    }
    await underWay.over(message);
  }
}
