import type { Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { actionId } from '../core/ids.ts';
import { type Block, type Reply, whisper } from '../core/reply.ts';
import { isNowhere } from '../learn/person.ts';
import { firstSentence } from '../notes/excerpt.ts';
import { propose } from '../notes/import/propose.ts';
import { textLanguage } from '../notes/text-language.ts';
import { inGroup, newBatch, preview } from './adding.ts';
import { freeId, MAX_ANSWER_TEXT } from './create.ts';
import { noteFile } from './note-file.ts';
import { note } from './present.ts';

/** *Save as note*: a message becomes an answered question, after its author's consent if that is somebody else. */
export async function keep(ctx: Context): Promise<Reply> {
  inGroup(ctx);
  const { about, user } = ctx.request;
  const { ownNotes, outbox, log } = ctx.services;
  const body = about?.text.trim() ?? '';
  if (!about || body === '') throw new UserError('note-message-empty');
  if (body.length > MAX_ANSWER_TEXT) throw new UserError('note-answer-long', { limit: MAX_ANSWER_TEXT, length: body.length });
  const first = firstSentence(body).slice(0, 80) || body.slice(0, 80);
  const locale = textLanguage(body);
  const own = await ownNotes.list(ctx.room);
  const topic = freeId(propose(first).id, ownNotes.of(ctx.room).content(), new Set(own.map((entry) => entry.topic)));
  const consent = about.author.id !== user.id;
  const text = noteFile({ title: first, body, kind: 'answer' });
  const said = { by: about.author, url: about.url };
  const batch = newBatch();
  await ownNotes.save(ctx.room, [{ topic, kind: 'answer', locale, title: first, text, said, consent }], user, { publish: false, batch });
  if (consent) {
    const space = ctx.room.space;
    const items = [
      { id: actionId('notes', 'allow', batch, space), label: ctx.t('own-notes.allow'), style: 'primary' as const },
      { id: actionId('notes', 'refuse', batch, space), label: ctx.t('own-notes.refuse') },
    ];
    const ask = whisper([
      note(ctx.t('own-notes.may-keep', { name: user.name })),
      { type: 'markdown', text: `> ${first}` },
      { type: 'buttons', items },
    ]);
    const asked = await outbox
      .direct(ctx.room.platform, space, about.author, ask)
      .then(() => true)
      .catch(async (error: unknown) => {
        log.info({ err: error }, 'an author could not be asked in private');
        return outbox.whisper(ctx.room, about.author, ask).catch(() => false);
      });
    if (!asked) {
      await ownNotes.discard(ctx.room, batch);
      throw new UserError('note-author-unreachable', { name: about.author.name });
    }
  }
  return preview(ctx, batch);
}

/** What the author of a kept message says; they may say it in a conversation of their own. */
export async function allow(ctx: Context, batch: string, spaceId: string, yes: boolean): Promise<Reply> {
  const { ownNotes, outbox, log } = ctx.services;
  const space = { platform: ctx.room.platform, space: spaceId };
  const [version] = await ownNotes.batch(space, batch);
  if (!version || version.said?.by.id !== ctx.request.user.id) throw new UserError('stale-button');
  if (yes) await ownNotes.consent(space, batch, ctx.request.user);
  else await ownNotes.discard(space, batch);
  if (version.author) {
    const words = ctx.t(yes ? 'own-notes.allowed' : 'own-notes.refused', { name: ctx.request.user.name, title: version.title });
    const items: Block[] = yes
      ? [{ type: 'buttons', items: [{ id: actionId('notes', 'show', version.topic), label: ctx.t('own-notes.show') }] }]
      : [];
    await outbox
      .direct(ctx.room.platform, spaceId, version.author, whisper([note(words), ...(isNowhere(ctx.room) ? [] : items)]))
      .catch((error: unknown) => log.info({ err: error }, 'who kept a message could not be told'));
  }
  return whisper([note(ctx.t(yes ? 'own-notes.thanks-allowed' : 'own-notes.thanks-refused'))], { kind: 'info', allowed: yes });
}
