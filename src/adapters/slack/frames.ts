import type { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';

type Client = SocketModeReceiver['client'];
type Listener = (...args: unknown[]) => unknown;

const envelope = z.string().min(1);
/** Frames that Slack sends, as far as its client takes them for granted. */
const Frame = z.union([
  z.looseObject({ type: z.enum(['hello', 'disconnect']) }),
  z.looseObject({ type: z.enum(['interactive', 'slash_commands']), envelope_id: envelope, payload: z.looseObject({}) }),
  z.looseObject({
    type: z.literal('events_api'),
    envelope_id: envelope,
    payload: z.looseObject({ event: z.looseObject({ type: z.string().min(1) }) }),
  }),
]);

/**
 * Stands before Slack's client, which reads fields of a frame without a look at whether they are there: a `null` would
 * end the program as an unhandled rejection, and an event called `close` would pass for the end of the connection.
 * What is no frame of Slack's is left out and told in the log; what a listener throws is told too.
 */
export function guardFrames(client: Client, log: Logger): void {
  const caught = (own: Listener, args: unknown[]): void => {
    new Promise((resolve) => resolve(own(...args))).catch((error: unknown) => log.error({ err: error }, 'a message of Slack failed'));
  };
  const before = (event: 'ws_message' | 'slack_event', allow: (...args: unknown[]) => boolean): void => {
    const listeners = client.listeners(event) as Listener[];
    client.removeAllListeners(event);
    for (const own of listeners) client.on(event, (...args: unknown[]) => void (allow(...args) && caught(own, args)));
  };
  before('ws_message', (data, binary) => {
    const problem = binary === true ? 'binary' : problemOf(data, client);
    if (problem !== undefined) log.warn({ problem }, 'Slack sent something that is no message; left out');
    return problem === undefined;
  });
  before('slack_event', () => true);
}

function problemOf(data: unknown, client: Client): string | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(String(data));
  } catch {
    return 'no JSON';
  }
  const { success, data: known, error } = Frame.safeParse(frame);
  if (!success) return error.issues[0]?.message ?? 'unknown';
  // Events of Slack's and of the client itself share one emitter.
  if (known.type === 'events_api' && client.eventNames().includes(known.payload.event.type))
    return 'an event with a name of the client’s own';
  return undefined;
}
