import type { App } from '@slack/bolt';
import { isQuestion } from '../../core/asked.ts';
import type { Upload } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import { addresses, isForNotes, readMessage, type SharedFile } from './decode.ts';
import type { Handler } from './handle.ts';
import { spaceOf } from './installations.ts';

/** What people say: to us by name, in their conversation with us, or below an answer of ours. */
export function registerMessages(app: App, { services, handler, api }: { services: Services; handler: Handler; api: SlackApi }): void {
  const { registry, threads } = services;
  /** Who was answered last in a thread, as far as this program remembers: their next line needs no question mark. */
  const askers = createAskers();

  app.event('app_mention', async ({ event, body, context }) => {
    if (event.bot_id || !event.user) return;
    const thread = event.thread_ts ?? event.ts;
    const origin = { space: spaceOf(context), user: event.user, channel: event.channel, direct: false, thread };
    askers.set(`${origin.space}/${origin.channel}/${thread}`, origin.user);
    const hasFiles = 'files' in event;
    await handler.handle({ id: body.event_id, origin, read: () => readMessage(event.text, registry, hasFiles) });
  });

  app.event('message', async ({ event, body, context }) => {
    // Joins, edits and what bots say are no questions; a message with a file may hold one.
    if ((event.subtype !== undefined && event.subtype !== 'file_share') || ('bot_id' in event && event.bot_id) || !event.user) return;
    const { channel_type: kind, channel, user, thread_ts: thread, ts } = event;
    const text = event.text ?? '';
    const space = spaceOf(context);
    const hasFiles = event.subtype === 'file_share';
    if (kind === 'im') {
      const origin = { space, user, channel, direct: true, thread };
      const files: readonly SharedFile[] = 'files' in event ? (event.files ?? []) : [];
      if (hasFiles && isForNotes(text, files))
        return handler.handle({
          id: body.event_id,
          origin,
          read: () => ({ command: 'notes', options: { do: 'add' }, files: uploadsOf(api, space, files) }),
        });
      return handler.handle({ id: body.event_id, origin, read: () => readMessage(text, registry, hasFiles) });
    }
    if ((kind !== 'channel' && kind !== 'group') || thread === undefined || thread === ts || text.trim() === '') return;
    // Who names somebody speaks to them; us too, which comes as a mention of its own.
    const room = { platform: 'slack', space, room: channel } as const;
    if (addresses(text)) return;
    // Below the board of a quiz: it may be an answer.
    const isBoard = await services.quiz.isBoard(room, thread);
    if (!isBoard && !(await threads.has(room, thread))) return;
    const key = `${space}/${channel}/${thread}`;
    const question = isQuestion(text);
    if (!isBoard && !question && askers.get(key) !== user) return;
    if (question) askers.set(key, user);
    const origin = { space, user, channel, direct: false, thread };
    return handler.handle({
      id: body.event_id,
      origin,
      overheard: { question, ...(isBoard && { board: true as const }) },
      read: () => readMessage(text, registry),
    });
  });
}

function uploadsOf(api: SlackApi, space: string, files: readonly SharedFile[]): Upload[] {
  return files.map(({ name, size = 0, url_private_download: url, url_private: other }) => {
    const called = name ?? 'note.md';
    return { name: called, size, read: () => api.download(space, called, url ?? other) };
  });
}

const REMEMBERED = 2_000;

function createAskers() {
  const askers = new Map<string, string>();
  return {
    get: (key: string) => askers.get(key),
    set(key: string, user: string) {
      askers.delete(key);
      askers.set(key, user);
      if (askers.size > REMEMBERED) askers.delete(askers.keys().next().value!);
    },
  };
}
