import type { Context } from '../core/command.ts';
import { actionId } from '../core/ids.ts';
import { say } from '../core/reply.ts';
import { note } from './present.ts';
import type { NoteVersion } from './service.ts';

/** Tells those who may publish that drafts wait: in the room, where there is one, and each of them who is named. */
export async function tellManagers(ctx: Context, versions: readonly NoteVersion[]): Promise<void> {
  const { request, room, services, t } = ctx;
  const { managers } = services.ownNotes;
  if (await managers.mayPublish(request)) return;
  const titles = versions.map(({ title }) => title).slice(0, 3);
  const items = versions.slice(0, 3).map(({ topic, title }) => ({ id: actionId('notes', 'show', topic), label: title.slice(0, 60) }));
  const reply = say([note(t('own-notes.draft-waits', { name: request.user.name, titles: titles.join(', ') })), { type: 'buttons', items }]);
  const failed = (error: unknown) => services.log.info({ err: error }, 'managers could not be told of a draft');
  if (!request.direct && !request.cannotPost) await services.outbox.post(room, reply).catch(failed);
  for (const { kind, id } of await managers.list(room))
    if (kind === 'user' && id !== request.user.id) await services.outbox.direct(room.platform, room.space, { id }, reply).catch(failed);
}
