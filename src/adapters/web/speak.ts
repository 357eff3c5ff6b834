import { join } from 'node:path';
import type { Services } from '../../services.ts';
import { createImageStore } from './images.ts';
import { createRooms } from './room.ts';

/** A process that serves no pages still speaks in their rooms: quizzes that it shows, reminders, digests. */
export async function speakWeb({ config, store, clock, cluster, outbox }: Services): Promise<undefined> {
  const rooms = await createRooms(store.db, createImageStore(join(config.cacheDir, 'images')), () => clock.now(), cluster);
  outbox.register('web', rooms.courier);
}
