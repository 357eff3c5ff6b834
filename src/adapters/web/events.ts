import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Clock } from '../../core/clock.ts';
import type { PageMessage, Rooms } from './room.ts';

/** Open pages served at once; beyond that the page is told to try later. */
export const MAX_PAGES = 1_000;
const PING_EVERY = 20_000;

/**
 * The stream of a room: first what the reader has not seen, then everything as it happens. The event id is the
 * message's revision, so a browser that reconnects says by itself where it stopped: nothing is missed or doubled.
 */
export function streamRoom(
  c: Context,
  rooms: Rooms,
  clock: Clock,
  reader: { room: string; user: string; after: number },
  closing: AbortSignal,
): Response {
  return streamSSE(c, async (stream) => {
    const { room, user, after } = reader;
    let wake = () => {};
    const pending: PageMessage[] = [];
    // Listening begins before the past is read, so that nothing falls between.
    const stop = rooms.listen(room, user, (message) => {
      pending.push(message);
      wake();
    });
    const end = new Promise<void>((resolve) => {
      stream.onAbort(resolve);
      closing.addEventListener('abort', () => resolve());
    });
    let ended = false;
    void end.then(() => {
      ended = true;
      wake();
    });
    try {
      await stream.writeSSE({ event: 'hello', data: JSON.stringify({ now: clock.now() }), retry: 1_000 });
      let seen = after;
      const send = async (message: PageMessage) => {
        if (message.revision <= seen) return;
        await stream.writeSSE({
          event: 'message',
          id: String(message.revision),
          data: JSON.stringify(message),
        });
      };
      const past = await rooms.since(room, user, after);
      for (const message of past) await send(message);
      seen = Math.max(seen, ...past.map(({ revision }) => revision));
      await stream.writeSSE({ event: 'ready', data: '{}' });
      while (!ended && !closing.aborted) {
        const message = pending.shift();
        if (message) await send(message);
        else
          await idle(
            (resolve) => {
              wake = resolve;
            },
            PING_EVERY,
            () => stream.writeSSE({ event: 'ping', data: String(clock.now()) }),
          );
      }
    } finally {
      stop();
    }
  });
}

/** Waits to be woken; after `ms` sends a sign of life instead, which also finds dead connections. */
async function idle(onWake: (resolve: () => void) => void, ms: number, ping: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), ms);
  });
  const woken = new Promise<'woken'>((resolve) => onWake(() => resolve('woken')));
  const what = await Promise.race([woken, timeout]);
  clearTimeout(timer);
  if (what === 'timeout') await ping();
}
