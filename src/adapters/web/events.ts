import { streamSSE } from 'hono/streaming';
import type { Clock } from '../../core/clock.ts';
import type { Ctx } from './identity.ts';
import type { PageMessage } from './page-message.ts';
import type { WebPerson } from './people.ts';
import { type RoomEvent, type Rooms, SHOWN } from './room.ts';

/** Open pages served at once; beyond that the page is told to try later. */
export const MAX_PAGES = 1_000;
const PING_EVERY = 20_000;
/**
 * A busy room's events go out together, at most so often; the first after a pause goes at once. Each page costs a write
 * each time, so many pages are written to more rarely: with 200, what is said is on all of them within a tenth of a second.
 */
const flushEvery = (pages: number) => Math.min(100, 40 + 0.3 * pages);
/** A page that reads slower than this many events behind is cut off; it comes back and catches up. */
const MAX_BEHIND = 2_000;

/** One stringification for all the pages of a room, and mostly one encoding: they get the same at the same time. */
const texts = new WeakMap<RoomEvent, string>();
let encoded = { text: '', bytes: new Uint8Array() };
const encoder = new TextEncoder();

/**
 * The stream of a room: first what the reader has not seen, then everything as it happens. The event id is the
 * message's revision, so a browser that reconnects says by itself where it stopped: nothing is missed or doubled.
 */
export function streamRoom(
  c: Ctx,
  rooms: Rooms,
  clock: Clock,
  { room, person, after }: { room: string; person: WebPerson | undefined; after: number },
  closing: AbortSignal,
): Response {
  const user = person?.id;
  return streamSSE(c, async (stream) => {
    let wake = () => {};
    let ended = false;
    const end = () => {
      ended = true;
      wake();
    };
    stream.onAbort(end);
    closing.addEventListener('abort', end);
    const pending: RoomEvent[] = [];
    // Listening begins before the past is read, so that nothing falls between.
    const stop = rooms.listen({ room, user, end }, (event) => {
      if (pending.push(event) > MAX_BEHIND) end();
      wake();
    });
    try {
      await stream.writeSSE({ event: 'hello', data: JSON.stringify({ now: clock.now(), person: person ?? null }), retry: 1_000 });
      const past = await rooms.since(room, user, after);
      await stream.write(past.map(messageText).join(''));
      const seen = past.at(-1)?.revision ?? after;
      // The open question may stand further back than what is sent.
      const apart = after === 0 ? (await rooms.boards(room)).filter(({ id }) => !past.some((one) => one.id === id)) : [];
      for (const message of apart) await stream.writeSSE({ event: 'board', data: JSON.stringify(message) });
      // Only someone who has just come in can step further back.
      await stream.writeSSE({ event: 'ready', data: JSON.stringify({ more: after === 0 && past.length === SHOWN }) });
      for (const event of rooms.workingNow(room)) await stream.write(textOf(event));
      while (!ended && !closing.aborted) {
        const news = pending.splice(0).filter((event) => event.type !== 'message' || event.message.revision > seen);
        if (news.length > 0) {
          await stream.write(bytesOf(news.map(textOf).join('')));
          await stream.sleep(flushEvery(rooms.listeners()));
        } else
          await idle(
            (resolve) => {
              wake = resolve;
            },
            PING_EVERY,
            async () => void (await stream.writeSSE({ event: 'ping', data: String(clock.now()) })),
          );
      }
    } finally {
      stop();
      closing.removeEventListener('abort', end);
    }
  });
}

function textOf(event: RoomEvent): string {
  const known = texts.get(event);
  if (known) return known;
  const { type, ...rest } = event;
  const text = type === 'message' ? messageText(event.message) : `event: ${type}\ndata: ${JSON.stringify(rest)}\n\n`;
  texts.set(event, text);
  return text;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (encoded.text !== text) encoded = { text, bytes: encoder.encode(text) };
  return encoded.bytes;
}

/** JSON holds no raw line breaks, so one `data` line is enough. */
function messageText(message: PageMessage): string {
  return `event: message\nid: ${message.revision}\ndata: ${JSON.stringify(message)}\n\n`;
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
