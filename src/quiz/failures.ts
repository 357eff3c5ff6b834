import { errorReply } from '../core/errors.ts';
import type { PostRefused } from '../core/outbox.ts';
import type { Services } from '../services.ts';
import type { LiveQuiz } from './live.ts';

/** A message that could not be sent is tried again after these waits; then the quiz goes on, or ends, without it. */
export const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** A channel that is closed to the bot is not knocked at so often, but for ten minutes: its host is told, and may open it. */
export const REFUSED_WAITS = Array<number>(20).fill(30_000);

/** The host hears privately why the quiz stands still, and what to do. Never rejects. */
export async function tellHost(
  { i18n, outbox, log }: Pick<Services, 'i18n' | 'outbox' | 'log'>,
  { stored, state }: LiveQuiz,
  { reason }: PostRefused,
): Promise<void> {
  const { platform, space } = stored.room;
  const reply = errorReply(reason, i18n(state.settings.locale));
  await outbox.direct(platform, space, { id: state.settings.host }, reply).catch((error: unknown) => {
    log.warn({ err: error, quiz: stored.id }, 'the host of a quiz could not be told why it stands still');
  });
}
