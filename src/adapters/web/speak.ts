import { join } from 'node:path';
import type { Services } from '../../services.ts';
import { createImageStore } from './images.ts';
import { createRooms } from './room.ts';

/** A process that serves no pages still speaks in their rooms: quizzes that it shows, reminders, digests. */
export async function speakWeb({ config, store, clock, cluster, outbox, log }: Services): Promise<undefined> {
  const notKept = (error: unknown) =>
    log.warn({ err: error }, `a chart cannot be written to ${config.cacheDir}, where the page looks for it`);
  const rooms = await createRooms(store.db, createImageStore(join(config.cacheDir, 'images'), notKept), () => clock.now(), cluster);
  outbox.register('web', rooms.courier);
}
