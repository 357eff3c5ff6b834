import { Client } from 'pg';
import type { Logger } from 'pino';
import { APPLICATION } from '../store/postgres/open.ts';
import { type Channel, channelOf, TOPICS } from './channel.ts';

/** A connection that broke is opened again after this long. Milliseconds. */
const AGAIN = 500;
/** Asked this often whether the connection still is one: a network that is cut says nothing by itself. */
const ASK_EVERY = 10_000;
/** Postgres takes less than 8,000 bytes. */
const LONGEST = 7_000;

/** Listens on a connection of its own, which is opened again as often as it breaks. */
export async function openChannel(url: string, log: Pick<Logger, 'warn' | 'info'>): Promise<Channel> {
  const listeners = new Map<string, ((text: string) => void)[]>();
  const gaps: (() => void)[] = [];
  let client: Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new Client({ connectionString: url, application_name: APPLICATION, keepAlive: true, connectionTimeoutMillis: 5_000 });
    next.on('notification', ({ channel, payload = '' }) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    });
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    await next.connect();
    for (const topic of TOPICS) await next.query(`listen ${channelOf(topic)}`);
    client = next;
    ask();
  };

  const ask = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const asked = client;
      const silent = setTimeout(() => asked && lost(asked), ASK_EVERY / 2);
      asked
        ?.query('select 1')
        .then(ask, () => lost(asked))
        .finally(() => clearTimeout(silent));
    }, ASK_EVERY);
    timer.unref();
  };

  const lost = (which: Client): void => {
    if (closed || which !== client) return;
    client = undefined;
    clearTimeout(timer);
    which.end().catch(() => {});
    log.warn('the connection that other processes are heard on broke');
    again();
  };

  const again = (): void => {
    if (closed) return;
    setTimeout(() => {
      if (closed) return;
      connect().then(
        () => {
          log.info('other processes are heard again');
          for (const gap of gaps) gap();
        },
        () => again(),
      );
    }, AGAIN).unref();
  };

  await connect();
  return {
    listen(topic, listener) {
      const channel = channelOf(topic);
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    onGap: (listener) => void gaps.push(listener),
    async tell(topic, text) {
      if (Buffer.byteLength(text) > LONGEST) throw new Error(`a notice of ${text.length} characters is too long`);
      await client?.query('select pg_notify($1, $2)', [channelOf(topic), text]);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
