import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { LOCALES } from '../src/core/locale.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { addFile, addNames, addText, discard, inGroup, publishBatch, saveEdit, typed } from '../src/own-notes/adding.ts';
import { findNote, historyReply, listReply, matching, shownVersion, showReply, visibleNotes } from '../src/own-notes/browsing.ts';
import { allow, keep } from '../src/own-notes/keeping.ts';
import { readManager } from '../src/own-notes/managers.ts';
import { deckFile, editButton, fileOf, note } from '../src/own-notes/present.ts';
import type { NoteKey, NoteVersion } from '../src/own-notes/service.ts';

const ACTIONS = ['add', 'list', 'show', 'edit', 'history', 'withdraw', 'export', 'managers'] as const;

export default defineCommand({
  name: 'notes',
  description: {
    en: 'The notes of this group: add, edit, publish; only this group sees them',
    zh: '本组自己的笔记：添加、修改、发布；只有本组看得到',
  },
  visibility: 'private',
  group: true,
  navigates: ['show', 'list', 'history'],
  examples: ['/notes list', '/notes add file:lecture-3.md', '/notes show gru', '/notes export', '/notes managers'],
  options: {
    do: {
      type: 'choice',
      choices: ACTIONS,
      subcommand: true,
      positional: true,
      otherwise: 'topic',
      description: { en: 'what to do; without it the notes are listed', zh: '操作；不写就列出笔记' },
      labels: {
        add: { en: 'Add a Markdown file, or paste a note', zh: '添加 Markdown 文件，或粘贴一篇笔记' },
        list: { en: 'All notes of this group', zh: '本组的全部笔记' },
        show: { en: 'One note, with who wrote it', zh: '看一篇笔记和它的作者' },
        edit: { en: 'Change a note, or put a file in its place', zh: '修改一篇笔记，或用文件替换' },
        history: { en: 'All versions of a note', zh: '一篇笔记的全部版本' },
        withdraw: { en: 'Take a note out of the answers', zh: '撤下一篇笔记' },
        export: { en: 'Take the notes away as Markdown', zh: '导出为 Markdown' },
        managers: { en: 'Who may publish', zh: '谁可以发布' },
      },
    },
    topic: {
      type: 'string',
      only: ['show', 'edit', 'history', 'withdraw', 'export'],
      positional: true,
      rest: true,
      maxLength: 200,
      description: { en: 'a note of this group', zh: '本组的一篇笔记' },
      suggest: (services, text, _locale, _other, { person }) => (person ? matching(services, person, text) : []),
    },
    file: {
      type: 'file',
      only: ['add', 'edit'],
      positional: true,
      description: { en: 'Markdown, text, or a deck of questions', zh: 'Markdown、文本，或题库' },
    },
    change: {
      type: 'choice',
      choices: ['add', 'remove'],
      only: ['managers'],
      positional: true,
      labels: {
        add: { en: 'may publish from now on', zh: '从现在起可以发布' },
        remove: { en: 'may no longer publish', zh: '不再可以发布' },
      },
      description: { en: 'add or remove', zh: '添加或移除' },
    },
    who: {
      type: 'string',
      only: ['managers'],
      positional: true,
      maxLength: 80,
      description: { en: 'a role or a person: @name', zh: '身份组或成员：@名字' },
    },
    lang: { type: 'choice', choices: LOCALES, only: ['add'], description: { en: 'language of the file', zh: '文件的语言' } },
  },
  async run(ctx, { do: action, topic, lang, change, who }) {
    switch (action ?? (topic === undefined ? 'list' : 'show')) {
      case 'add':
        return addFile(ctx, lang);
      case 'show':
        return showReply(ctx, await findNote(ctx, topic));
      case 'edit':
        return edit(ctx, topic);
      case 'history':
        return historyReply(ctx, (await findNote(ctx, topic)).topic);
      case 'withdraw':
        return withdraw(ctx, (await findNote(ctx, topic)).topic);
      case 'export':
        return exported(ctx, topic);
      case 'managers':
        return managers(ctx, change, who);
      default:
        return listReply(ctx, 0);
    }
  },
  actions: {
    paste: async (ctx) => addText(ctx, ctx.t('own-notes.pasted'), typed(ctx)),
    names: (ctx, [batch = '', topic = '', locale = '']) => addNames(ctx, batch, topic, locale),
    publish: (ctx, [batch = '']) => publishBatch(ctx, batch),
    discard: (ctx, [batch = '']) => discard(ctx, batch),
    list: (ctx, [page = '0']) => listReply(ctx, Number(page) || 0),
    show: async (ctx, [topic = '']) => showReply(ctx, await findNote(ctx, topic)),
    history: (ctx, [topic = '']) => historyReply(ctx, topic),
    version: (ctx, args) => versionReply(ctx, args),
    save: (ctx, args) => saveEdit(ctx, keyOf(args), Number(args[3]), typed(ctx)),
    restore: (ctx, args) => restore(ctx, args),
    withdraw: (ctx, [topic = '']) => withdraw(ctx, topic),
    /** From a message's menu: the message is in the request. */
    keep: (ctx) => keep(ctx),
    allow: (ctx, [batch = '', space = '']) => allow(ctx, batch, space, true),
    refuse: (ctx, [batch = '', space = '']) => allow(ctx, batch, space, false),
  },
});

async function edit(ctx: Context, topic: string | undefined): Promise<Reply> {
  const entry = await findNote(ctx, topic);
  const version = await shownVersion(ctx, entry);
  const [upload] = ctx.request.files ?? [];
  if (upload) return addFile(ctx, entry.locale, { ...entry, version: version.version });
  const button = editButton(ctx.t, version);
  const file = version.kind === 'deck' ? deckFile(version) : fileOf(`${version.topic}.${version.locale}.md`, [version]);
  return whisper(
    button.length > 0
      ? [note(ctx.t('own-notes.edit-form', { title: version.title })), { type: 'buttons', items: button }, file]
      : [note(ctx.t('own-notes.edit-file', { title: version.title, topic: version.topic })), file],
    { kind: 'info', note: version.topic, version: version.version, text: file.text },
  );
}

async function restore(ctx: Context, args: string[]): Promise<Reply> {
  await managersOnly(ctx);
  const key = keyOf(args);
  await ctx.services.ownNotes.publish(ctx.room, key, Number(args[3]), ctx.request.user);
  return whisper([note(ctx.t('own-notes.published', { titles: key.topic, version: Number(args[3]) }))], {
    kind: 'info',
    published: [key.topic],
  });
}

async function versionReply(ctx: Context, args: string[]): Promise<Reply> {
  await managersOnly(ctx);
  const version = await ctx.services.ownNotes.get(ctx.room, keyOf(args), Number(args[3]));
  if (!version) throw new UserError('stale-button');
  return whisper(
    [
      { type: 'heading', text: `${version.title} · ${version.version}` },
      version.kind === 'deck' ? deckFile(version) : fileOf(`${version.topic}.v${version.version}.md`, [version]),
    ],
    {
      kind: 'info',
      note: version.topic,
      version: version.version,
      text: version.text,
    },
  );
}

async function withdraw(ctx: Context, topic: string): Promise<Reply> {
  await managersOnly(ctx);
  const before = (await ctx.services.ownNotes.ofTopic(ctx.room, topic)).find(({ published }) => published !== null);
  if (!before || !(await ctx.services.ownNotes.withdraw(ctx.room, topic))) throw new UserError('note-not-published', { topic });
  const undo = actionId('notes', 'restore', topic, before.kind, before.locale, before.published!);
  return whisper(
    [
      note(ctx.t('own-notes.withdrawn', { title: before.title })),
      { type: 'buttons', items: [{ id: undo, label: ctx.t('own-notes.undo') }] },
    ],
    {
      kind: 'info',
      withdrawn: topic,
    },
  );
}

async function exported(ctx: Context, topic: string | undefined): Promise<Reply> {
  const { ownNotes } = ctx.services;
  const entries = topic === undefined ? await visibleNotes(ctx) : await ownNotes.ofTopic(ctx.room, (await findNote(ctx, topic)).topic);
  const versions = await Promise.all(
    entries.filter(({ kind }) => kind !== 'quiz').map((entry) => ownNotes.get(ctx.room, entry, entry.published ?? entry.latest)),
  );
  const found = versions.filter((version): version is NoteVersion => version !== undefined);
  if (found.length === 0) throw new UserError('notes-none');
  const decks = found.filter(({ kind }) => kind === 'deck');
  const notes = found.filter(({ kind }) => kind !== 'deck');
  const files = [
    ...(notes.length > 0 ? [fileOf(topic === undefined ? 'notes.md' : `${found[0]!.topic}.md`, notes)] : []),
    ...decks.map(deckFile),
  ];
  const told = [
    ...(notes.length > 0 ? [note(ctx.t('own-notes.exported', { count: notes.length }))] : []),
    ...(decks.length > 0 ? [note(ctx.t('own-notes.exported-decks', { count: decks.length }))] : []),
  ];
  return whisper([...told, ...files], { kind: 'info', file: files[0]!.name, notes: notes.length, decks: decks.length });
}

async function managers(ctx: Context, change: string | undefined, who: string | undefined): Promise<Reply> {
  inGroup(ctx);
  const { managers: kept } = ctx.services.ownNotes;
  if (change !== undefined || who !== undefined) {
    if (!ctx.request.user.manager) throw new UserError('notes-managers-only');
    const ref = readManager(who ?? '');
    if (!ref || change === undefined) throw new UserError('note-manager-unclear', { who: (who ?? '').slice(0, 40) });
    if (change === 'add') await kept.add(ctx.room, ref);
    else if (!(await kept.remove(ctx.room, ref))) throw new UserError('note-manager-unclear', { who: (who ?? '').slice(0, 40) });
  }
  const all = await kept.list(ctx.room);
  const lines = all.map(({ kind, id }) => `- ${ctx.t(`own-notes.manager-${kind}`, { id })}`);
  return whisper(
    [
      note(ctx.t(`own-notes.managers-${ctx.request.platform}`)),
      ...(lines.length > 0 ? [{ type: 'markdown', text: lines.join('\n') } as const] : []),
    ],
    {
      kind: 'info',
      managers: all,
    },
  );
}

async function managersOnly(ctx: Context): Promise<void> {
  if (!(await ctx.services.ownNotes.managers.mayPublish(ctx.request))) throw new UserError('notes-managers-only');
}

function keyOf([topic = '', kind = '', locale = '']: string[]): NoteKey {
  const known = LOCALES.find((one) => one === locale);
  if (!known || (kind !== 'note' && kind !== 'answer' && kind !== 'quiz' && kind !== 'deck')) throw new UserError('stale-button');
  return { topic, kind, locale: known };
}
