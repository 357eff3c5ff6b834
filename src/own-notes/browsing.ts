import type { Choice, Context } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { actionId } from '../core/ids.ts';
import { type Block, type Reply, whisper } from '../core/reply.ts';
import { squeeze } from '../notes/analyse.ts';
import type { Services } from '../services.ts';
import { dayOf, note, noteBlocks, publishId } from './present.ts';
import type { NoteEntry, NoteVersion, Space } from './service.ts';

const PAGE = 15;
const CHOICES = 25;

/** Notes that the person may see: what is published, their own drafts, and for managers all. */
export async function visibleNotes(ctx: Context): Promise<NoteEntry[]> {
  const { ownNotes } = ctx.services;
  const all = (await ownNotes.list(ctx.room)).filter(({ kind }) => kind !== 'quiz');
  if (await ownNotes.managers.mayPublish(ctx.request)) return all;
  const seen = await Promise.all(all.map(async (entry) => entry.state === 'published' || (await isMine(ctx, entry))));
  return all.filter((_, i) => seen[i]);
}

async function isMine(ctx: Context, entry: NoteEntry): Promise<boolean> {
  return (await ctx.services.ownNotes.get(ctx.room, entry))?.author?.id === ctx.request.user.id;
}

/** For completion: published notes whose name or id holds what is typed. */
export async function matching(services: Services, space: Space, typed: string): Promise<Choice[]> {
  const wanted = squeeze(typed);
  const all = (await services.ownNotes.list(space)).filter(({ kind, state }) => kind !== 'quiz' && state === 'published');
  const found = all.filter(({ topic, title }) => squeeze(topic).includes(wanted) || squeeze(title).includes(wanted));
  return [...new Map(found.map(({ topic, title }) => [topic, { value: topic, label: title }])).values()].slice(0, CHOICES);
}

/** @throws UserError `note-unknown` with those that come nearest */
export async function findNote(ctx: Context, typed: string | undefined): Promise<NoteEntry> {
  const all = await visibleNotes(ctx);
  const wanted = squeeze(typed ?? '');
  const named = typed === undefined ? undefined : ctx.services.notes.named(typed)?.id;
  const found =
    all.find(({ topic }) => topic === typed?.trim().toLowerCase()) ??
    all.find(({ title }) => wanted !== '' && squeeze(title) === wanted) ??
    all.find(({ topic }) => topic === named) ??
    all.find(({ title, topic }) => wanted.length >= 2 && (squeeze(title).includes(wanted) || squeeze(topic).includes(wanted)));
  if (found) return found;
  if (all.length === 0) throw new UserError('notes-none');
  const some = all.slice(0, 5).map(({ topic }) => topic);
  throw new UserError('note-unknown', { note: (typed ?? '').slice(0, 40), some: some.join(', ') });
}

/** The version that the person is to see: the newest for who may publish or wrote it, else what is published. */
export async function shownVersion(ctx: Context, entry: NoteEntry): Promise<NoteVersion> {
  const { ownNotes } = ctx.services;
  const all = (await ownNotes.managers.mayPublish(ctx.request)) || (await isMine(ctx, entry));
  const version = await ownNotes.get(ctx.room, entry, all ? entry.latest : (entry.published ?? undefined));
  if (!version) throw new UserError('stale-button');
  return version;
}

export async function showReply(ctx: Context, entry: NoteEntry): Promise<Reply> {
  const { services, t, locale } = ctx;
  const version = await shownVersion(ctx, entry);
  const mayPublish = await services.ownNotes.managers.mayPublish(ctx.request);
  const blocks = noteBlocks({ t, locale, shipped: services.ownNotes.shipped }, entry, version, mayPublish);
  return whisper(blocks, { kind: 'info', note: version.topic, version: version.version, state: entry.state, text: version.text });
}

/** What waits first, then what is read, then what was withdrawn. */
export async function listReply(ctx: Context, page: number): Promise<Reply> {
  const { t } = ctx;
  const order = ['draft', 'published', 'withdrawn'];
  const rank = (entry: NoteEntry) => (waiting(entry) ? 0 : order.indexOf(entry.state));
  const all = (await visibleNotes(ctx)).sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
  const result = {
    kind: 'info' as const,
    notes: all.map(({ topic, kind, locale, title, state, latest, published }) => ({
      topic,
      kind,
      lang: locale,
      title,
      state,
      latest,
      published,
    })),
  };
  if (all.length === 0) return whisper([note(t('own-notes.none'))], result);
  const shown = all.slice(page * PAGE, (page + 1) * PAGE);
  const rows: Block = {
    type: 'rows',
    items: shown.map((entry) => ({
      text: `**${entry.title}** · ${entry.locale} · ${t(waiting(entry) ? 'own-notes.state-draft' : `own-notes.state-${entry.state}`)}`,
      button: { id: actionId('notes', 'show', entry.topic), label: t('notes.open') },
    })),
  };
  const more = all.length > (page + 1) * PAGE ? [{ id: actionId('notes', 'list', page + 1), label: t('own-notes.more') }] : [];
  return whisper(
    [
      { type: 'heading', text: t('own-notes.list', { count: all.length }) },
      rows,
      ...(more.length > 0 ? [{ type: 'buttons', items: more } as const] : []),
    ],
    result,
  );
}

function waiting({ latest, published, state }: NoteEntry): boolean {
  return state !== 'withdrawn' && published !== latest;
}

export async function historyReply(ctx: Context, topic: string): Promise<Reply> {
  const { services, t } = ctx;
  const { ownNotes } = services;
  const entries = await ownNotes.ofTopic(ctx.room, topic);
  const mayPublish = await ownNotes.managers.mayPublish(ctx.request);
  const all = (await ownNotes.history(ctx.room, topic)).filter((version) => mayPublish || version.publishedAt !== null);
  if (all.length === 0) throw new UserError('note-unknown', { note: topic.slice(0, 40), some: '/notes list' });
  const isRead = (version: NoteVersion) =>
    entries.some((entry) => entry.kind === version.kind && entry.locale === version.locale && entry.published === version.version);
  const lines = all.slice(0, PAGE).map((version) => {
    const by = t('own-notes.version-by', { version: version.version, name: version.author?.name ?? '—', day: dayOf(version.at) });
    const reviewed = version.reviewedBy ? ` · ${t('own-notes.reviewed-by', { name: version.reviewedBy })}` : '';
    return { version, text: `${version.locale} · ${by}${reviewed}${isRead(version) ? ` · **${t('own-notes.is-read')}**` : ''}` };
  });
  const heading: Block = { type: 'heading', text: t('own-notes.history-of', { title: all[0]!.title }) };
  const body: Block = mayPublish
    ? {
        type: 'rows',
        items: lines.map(({ version, text }) => ({
          text,
          button: isRead(version)
            ? versionButton(version, t('own-notes.show'))
            : { id: publishId(version), label: t('own-notes.publish-this') },
        })),
      }
    : { type: 'markdown', text: lines.map(({ text }) => `- ${text}`).join('\n') };
  return whisper([heading, body], {
    kind: 'info',
    note: topic,
    versions: all.map(({ version, locale, author, at, reviewedBy }) => ({
      version,
      lang: locale,
      author: author?.name ?? null,
      at,
      reviewedBy,
    })),
  });
}

function versionButton({ topic, kind, locale, version }: NoteVersion, label: string) {
  return { id: actionId('notes', 'version', topic, kind, locale, version), label };
}
