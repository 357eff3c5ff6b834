import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import type { Context } from '../core/command.ts';
import { errorReply, UserError } from '../core/errors.ts';
import { actionId } from '../core/ids.ts';
import type { Locale } from '../core/locale.ts';
import { type Reply, whisper } from '../core/reply.ts';
import { isDeck } from '../learn/decks/read-deck.ts';
import { isNowhere } from '../learn/person.ts';
import { squeeze } from '../notes/analyse.ts';
import { MAX_PHRASING } from './create.ts';
import { type ReadFile, type ReadFileOptions, readFileNotes } from './drafts.ts';
import { noteFile } from './note-file.ts';
import { readExported, readNoteFile } from './note-text.ts';
import { openDeck, readFileDeck } from './own-deck.ts';
import { bodyOf, fileOf, namesIn, note, previewBlocks, publishId, readNames, sameKey } from './present.ts';
import type { NoteDraft, NoteKey, NoteVersion, Saved } from './service.ts';
import { tellManagers } from './telling.ts';
import { readUpload } from './upload.ts';

/** More notes than this are no group's notes, and would make a first answer after a start wait. */
export const MAX_NOTES = 2_000;

/** Notes belong to a group: a conversation with the bot alone that belongs to no server has none. @throws UserError `notes-only-in-group` */
export function inGroup({ request }: Context): void {
  if (isNowhere(request)) throw new UserError('notes-only-in-group');
}

/** What was typed into a button's form. @throws UserError `note-form-gone` when the form is not there any more */
export function typed({ request }: Context): string {
  const { text } = request.options;
  if (typeof text !== 'string' || text.trim() === '') throw new UserError('note-form-gone');
  return text;
}

/**
 * Saves a file as drafts and shows what they would be; without a file says how to give one.
 * @param instead the version that the file takes the place of
 */
export async function addFile(ctx: Context, lang: Locale | undefined, instead?: NoteKey & { version: number }): Promise<Reply> {
  inGroup(ctx);
  const [upload] = ctx.request.files ?? [];
  if (!upload) {
    const form = { title: ctx.t('own-notes.paste-title'), label: ctx.t('own-notes.paste-label'), maxLength: 4_000, lines: true } as const;
    return whisper(
      [
        note(ctx.t(`own-notes.how-${ctx.request.platform}`)),
        { type: 'buttons', items: [{ id: actionId('notes', 'paste'), label: ctx.t('own-notes.paste'), form }] },
      ],
      { kind: 'info' },
    );
  }
  const text = await readUpload(upload);
  return instead ? replace(ctx, upload.name, text, instead) : addText(ctx, upload.name, text, lang);
}

/** Notes or a deck, by what the file is. */
function readUploaded(
  { services, room, locale }: Context,
  source: string,
  { deck, ...options }: Omit<ReadFileOptions, 'content'> & { deck: boolean },
) {
  const content = services.ownNotes.of(room).content();
  return deck ? readFileDeck(source, { ...options, locale, space: room, content }) : readFileNotes(source, { ...options, content });
}

/** Saves what a text holds as drafts, and shows them as they would be read. */
export async function addText(ctx: Context, name: string, source: string, lang?: Locale): Promise<Reply> {
  inGroup(ctx);
  const { ownNotes } = ctx.services;
  const own = await ownNotes.list(ctx.room);
  const read = readUploaded(ctx, source, { name, lang, own, deck: isDeck(name, source) });
  if (own.length + read.drafts.length > MAX_NOTES) throw new UserError('notes-full', { limit: MAX_NOTES });
  const batch = newBatch();
  await ownNotes.save(ctx.room, read.drafts, ctx.request.user, { publish: false, batch });
  const reply = await preview(ctx, batch, { name, read });
  await tellManagers(ctx, await newest(ctx, batch));
  return reply;
}

async function replace(ctx: Context, name: string, source: string, target: NoteKey & { version: number }): Promise<Reply> {
  const options = { lang: target.locale, name };
  // A deck goes on under its id, whatever the new file is called.
  const { drafts } =
    target.kind === 'deck'
      ? readUploaded(ctx, source, {
          ...options,
          name: `${target.topic}${extname(name)}`,
          own: await ctx.services.ownNotes.list(ctx.room),
          deck: true,
        })
      : readUploaded(ctx, source, { ...options, own: [], deck: false });
  if (drafts.length !== 1) throw new UserError('note-edit-many', { count: drafts.length });
  return saveAs(ctx, target, target.version, drafts[0]!);
}

/** What is there of an upload, newest versions. */
async function newest(ctx: Context, batch: string): Promise<NoteVersion[]> {
  const found: NoteVersion[] = [];
  for (const version of await ctx.services.ownNotes.batch(ctx.room, batch))
    if (!found.some((other) => sameKey(other, version))) found.push(version);
  if (found.length === 0) throw new UserError('stale-button');
  return found;
}

export async function preview(ctx: Context, batch: string, from: { name?: string; read?: ReadFile } = {}): Promise<Reply> {
  const { services, t, locale, room } = ctx;
  const versions = await newest(ctx, batch);
  const mayPublish = await services.ownNotes.managers.mayPublish(ctx.request);
  const before = await services.ownNotes.list(room);
  const blocks = previewBlocks({ t, locale, shipped: services.ownNotes.shipped }, versions, { ...from, mayPublish, before });
  const waits = versions.find((version) => version.waits);
  const wait = waits ? [note(t('own-notes.waits-for', { name: waits.said?.by.name ?? '—' }))] : [];
  return whisper([...blocks, ...wait, ...(mayPublish ? [] : [note(t('own-notes.waits'))])], {
    kind: 'info',
    batch,
    notes: versions.map(({ topic, kind, title, version, locale: lang }) => ({ topic, kind, title, version, lang })),
    ...(from.read && { remarks: from.read.remarks, leftOut: from.read.leftOut }),
  });
}

/** Other names, and questions that it answers, for a draft. */
export async function addNames(ctx: Context, batch: string, topic: string, locale: string): Promise<Reply> {
  const text = typed(ctx);
  const { ownNotes } = ctx.services;
  const version = (await newest(ctx, batch)).find((one) => one.topic === topic && one.locale === locale);
  if (!version) throw new UserError('stale-button');
  const draft = withNames(version, text);
  await ownNotes.save(ctx.room, [draft], ctx.request.user, { publish: false, batch });
  return preview(ctx, batch);
}

function withNames(version: NoteVersion, text: string): NoteDraft {
  const { aliases, questions } = namesIn(version.text);
  const lines = text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
  // An answered question is called what it is asked.
  const given = version.kind === 'answer' ? { aliases: [], questions: lines } : readNames(text);
  const long = [...given.aliases, ...given.questions].find((one) => one.length > MAX_PHRASING);
  if (long) throw new UserError('note-question-long', { limit: MAX_PHRASING, length: long.length });
  const all = (list: readonly string[]) => [...new Map(list.map((one) => [squeeze(one), one])).values()];
  const title = version.kind === 'answer' ? (given.questions[0] ?? version.title) : version.title;
  const file = noteFile({
    title,
    aliases: all([...aliases, ...given.aliases]),
    questions: all([...given.questions, ...questions]),
    body: bodyOf(version.text),
    kind: version.kind === 'answer' ? 'answer' : 'note',
  });
  const { topic, kind, locale, said, waits } = version;
  return { topic, kind, locale, title, text: file, said, consent: waits };
}

export async function publishBatch(ctx: Context, batch: string): Promise<Reply> {
  const { ownNotes } = ctx.services;
  if (!(await ownNotes.managers.mayPublish(ctx.request))) throw new UserError('notes-managers-only');
  const versions = await newest(ctx, batch);
  const late: NoteVersion[] = [];
  for (const version of versions) {
    const entry = (await ownNotes.ofTopic(ctx.room, version.topic)).find((one) => sameKey(one, version));
    // Somebody published a newer one since: this one stays a draft, and both can be seen.
    if (entry && entry.latest > version.version && entry.published === entry.latest) late.push(version);
    else await ownNotes.publish(ctx.room, version, version.version, ctx.request.user);
  }
  const done = versions.filter((version) => !late.includes(version));
  const titles = done.map(({ title }) => title).join(ctx.locale === 'zh' ? '、' : ', ');
  return whisper(
    [
      ...(done.length > 0 ? [note(ctx.t('own-notes.published', { titles }))] : []),
      ...done.flatMap(({ kind, topic, text }) =>
        kind === 'deck' ? [note(ctx.t('own-notes.play-deck', { topic: openDeck(topic, text).deck?.topic ?? topic }))] : [],
      ),
      ...late.map((version) => note(ctx.t('own-notes.newer-there', { title: version.title, version: version.version }), 'warning')),
    ],
    { kind: 'info', published: done.map(({ topic }) => topic), late: late.map(({ topic }) => topic) },
  );
}

export async function discard(ctx: Context, batch: string): Promise<Reply> {
  const { ownNotes } = ctx.services;
  const versions = await newest(ctx, batch);
  const own = versions.every(({ author }) => author?.id === ctx.request.user.id);
  if (!own && !(await ownNotes.managers.mayPublish(ctx.request))) throw new UserError('notes-managers-only');
  const count = await ownNotes.discard(ctx.room, batch);
  return whisper([note(ctx.t('own-notes.discarded', { count }))], { kind: 'info', discarded: count });
}

/** An edit from a form: what cannot be read comes back as a file, so that nothing typed is lost. */
export async function saveEdit(ctx: Context, key: NoteKey, base: number, text: string): Promise<Reply> {
  try {
    const clean = text.replace(/\r\n?/g, '\n').trim();
    const draft = readExported(clean)?.[0] ?? readNoteFile(clean, key);
    if (!draft) throw new UserError('note-front-matter', { line: 1, problem: 'title:' });
    return await saveAs(ctx, key, base, draft);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reply = errorReply(error, ctx.t);
    return { ...reply, blocks: [...reply.blocks, { type: 'file', name: `${key.topic}.md`, mime: 'text/markdown', text }] };
  }
}

async function saveAs(ctx: Context, key: NoteKey, base: number, draft: NoteDraft): Promise<Reply> {
  inGroup(ctx);
  const { ownNotes } = ctx.services;
  const before = await ownNotes.get(ctx.room, key, base);
  if (!before) throw new UserError('stale-button');
  const publish = await ownNotes.managers.mayPublish(ctx.request);
  const { topic, kind, locale } = key;
  const whole: NoteDraft = { ...draft, topic, kind, locale, said: before.said, consent: before.waits };
  const [saved] = await ownNotes.save(ctx.room, [whole], ctx.request.user, { publish: publish && !before.waits, base, batch: newBatch() });
  const version = (await ownNotes.get(ctx.room, key, saved!.version))!;
  if (saved!.conflict) return conflictReply(ctx, version, saved!.conflict);
  if (!saved!.published) await tellManagers(ctx, [version]);
  const told = ctx.t(saved!.published ? 'own-notes.published' : 'own-notes.saved-draft', { titles: draft.title, version: saved!.version });
  return whisper([note(told)], resultOf(saved!));
}

function conflictReply(ctx: Context, mine: NoteVersion, theirs: NoteVersion): Reply {
  const { t } = ctx;
  const items = [
    {
      id: actionId('notes', 'version', theirs.topic, theirs.kind, theirs.locale, theirs.version),
      label: t('own-notes.show-theirs', { name: theirs.author?.name ?? '—' }),
    },
    { id: publishId(mine), label: t('own-notes.publish-mine') },
  ];
  const text = t('own-notes.conflict', { name: theirs.author?.name ?? '—', theirs: theirs.version, mine: mine.version });
  return whisper([note(text, 'warning'), { type: 'buttons', items }, fileOf(`${mine.topic}.v${mine.version}.md`, [mine])], {
    kind: 'info',
    note: mine.topic,
    version: mine.version,
    published: false,
    conflict: theirs.version,
  });
}

function resultOf({ topic, kind, version, published }: Saved) {
  return { kind: 'info', note: topic, noteKind: kind, version, published } as const;
}

/** What is added together bears one name. */
export function newBatch(): string {
  return randomBytes(6).toString('hex');
}
