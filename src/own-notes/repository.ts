import type { Transaction } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { type Locale, toLocale } from '../core/locale.ts';
import type { Db } from '../store/database.ts';
import type { NoteRow, NoteVersionRow } from '../store/own-notes-rows.ts';
import type { Schema } from '../store/schema.ts';
import { scopeOf, transact } from '../store/transact.ts';
import { notesWithVersions } from './joined.ts';
import type { By, NoteDraft, NoteEntry, NoteKey, NoteVersion, Saved, SaveOptions, Space } from './service.ts';

/** Rows of one space; every query names the space. */
export function createRepository(db: Db, clock: Clock) {
  const keyOf = ({ platform, space }: Space, { topic, kind, locale }: NoteKey) => ({ platform, space, topic, kind, locale });
  const here = ({ platform, space }: Space) => ({ platform, space });

  const changed = async (trx: Transaction<Schema>, space: Space): Promise<void> => {
    await trx
      .insertInto('note_spaces')
      .values({ ...here(space), generation: 1 })
      .onConflict((conflict) =>
        conflict.columns(['platform', 'space']).doUpdateSet((eb) => ({ generation: eb('note_spaces.generation', '+', 1) })),
      )
      .execute();
  };

  const rowOf = (trx: Db | Transaction<Schema>, space: Space, key: NoteKey) =>
    trx
      .selectFrom('notes')
      .selectAll()
      .where((eb) => eb.and(keyOf(space, key)))
      .executeTakeFirst();

  const versionOf = async (trx: Db | Transaction<Schema>, space: Space, key: NoteKey, version: number) => {
    const row = await trx
      .selectFrom('note_versions')
      .selectAll()
      .where((eb) => eb.and({ ...keyOf(space, key), version }))
      .executeTakeFirst();
    const note = row && (await rowOf(trx, space, key));
    return row && note && versionFrom(row, note.title);
  };

  const saveOne = async (trx: Transaction<Schema>, space: Space, draft: NoteDraft, by: By, options: SaveOptions): Promise<Saved> => {
    const before = await rowOf(trx, space, draft);
    const { topic, kind, locale, title, text, said } = draft;
    const newest = before && (await versionOf(trx, space, draft, before.latest));
    const conflict = options.base !== undefined && newest && newest.version > options.base ? newest : undefined;
    const publish = options.publish && !conflict;
    const saved = { topic, kind, locale, title, published: publish, ...(conflict && { conflict }) };
    const now = clock.now();
    // The same once more, such as a delivery that came twice, is no new version.
    const same = newest?.text === text && (!publish || (before?.published === newest.version && before.withdrawn_at === null));
    if (same) return { ...saved, version: newest.version };
    const version = (before?.latest ?? 0) + 1;
    await trx
      .insertInto('note_versions')
      .values({
        ...keyOf(space, draft),
        version,
        text,
        batch: options.batch ?? '',
        author: by.id,
        author_name: by.name,
        at: now,
        published_at: publish ? now : null,
        reviewer: null,
        reviewed_by: null,
        said_by: said?.by.id ?? null,
        said_name: said?.by.name ?? null,
        said_url: said?.url ?? null,
        consent: draft.consent ? 0 : null,
      })
      .execute();
    const values = {
      title: publish || !before?.published ? title : before.title,
      latest: version,
      published: publish ? version : (before?.published ?? null),
      withdrawn_at: publish ? null : (before?.withdrawn_at ?? null),
    };
    await trx
      .insertInto('notes')
      .values({ ...keyOf(space, draft), ...values })
      .onConflict((conflicting) => conflicting.columns(['platform', 'space', 'topic', 'kind', 'locale']).doUpdateSet(values))
      .execute();
    return { ...saved, version };
  };

  return {
    saveOne,
    save: (space: Space, drafts: readonly NoteDraft[], by: By, options: SaveOptions): Promise<Saved[]> =>
      transact(db, scopeOf('notes', space.platform, space.space), async (trx) => {
        const saved: Saved[] = [];
        for (const draft of drafts) saved.push(await saveOne(trx, space, draft, by, options));
        if (saved.some(({ published }) => published)) await changed(trx, space);
        return saved;
      }),

    publish: (space: Space, key: NoteKey, version: number, by: By, title: string): Promise<void> =>
      transact(db, scopeOf('notes', space.platform, space.space), async (trx) => {
        const found = await versionOf(trx, space, key, version);
        if (!found) return;
        const other = found.author?.id !== by.id;
        await trx
          .updateTable('note_versions')
          .set({ published_at: clock.now(), ...(other && { reviewer: by.id, reviewed_by: by.name }) })
          .where((eb) => eb.and({ ...keyOf(space, key), version }))
          .execute();
        await trx
          .updateTable('notes')
          .set({ published: version, withdrawn_at: null, title })
          .where((eb) => eb.and(keyOf(space, key)))
          .execute();
        await changed(trx, space);
      }),

    async list(space: Space, topic?: string): Promise<NoteEntry[]> {
      const rows = await db
        .selectFrom('notes')
        .selectAll()
        .where((eb) => eb.and({ ...here(space), ...(topic !== undefined && { topic }) }))
        .orderBy('topic')
        .orderBy('kind')
        .orderBy('locale')
        .execute();
      return rows.map(entryFrom);
    },

    async get(space: Space, key: NoteKey, version?: number): Promise<NoteVersion | undefined> {
      const wanted = version ?? (await rowOf(db, space, key))?.latest;
      return wanted === undefined ? undefined : versionOf(db, space, key, wanted);
    },

    /** Versions, newest first, with the title that the note has now. */
    async versions(space: Space, where: { topic: string } | { batch: string }): Promise<NoteVersion[]> {
      const rows = await notesWithVersions(db)
        .selectAll('v')
        .select('n.title')
        .where('v.platform', '=', space.platform)
        .where('v.space', '=', space.space)
        .$if('topic' in where, (query) => query.where('v.topic', '=', (where as { topic: string }).topic))
        .$if('batch' in where, (query) => query.where('v.batch', '=', (where as { batch: string }).batch))
        .orderBy('v.at', 'desc')
        .orderBy('v.version', 'desc')
        .orderBy('v.topic')
        .execute();
      return rows.map((row) => versionFrom(row, row.title));
    },

    consent: async (space: Space, batch: string, by: By): Promise<boolean> => {
      const { numUpdatedRows } = await db
        .updateTable('note_versions')
        .set({ consent: 1 })
        .where((eb) => eb.and({ ...here(space), batch, said_by: by.id, consent: 0 }))
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    discard: (space: Space, batch: string): Promise<number> =>
      transact(db, scopeOf('notes', space.platform, space.space), async (trx) => {
        const rows = await trx
          .selectFrom('note_versions')
          .select(['topic', 'kind', 'locale', 'version'])
          .where((eb) => eb.and({ ...here(space), batch }))
          .where('published_at', 'is', null)
          .execute();
        for (const { version, ...row } of rows) {
          const key = keyOf(space, { ...row, locale: row.locale as Locale });
          await trx
            .deleteFrom('note_versions')
            .where((eb) => eb.and({ ...key, version }))
            .execute();
          const left = await trx
            .selectFrom('note_versions')
            .select((eb) => eb.fn.max('version').as('latest'))
            .where((eb) => eb.and(key))
            .executeTakeFirst();
          if (left?.latest)
            await trx
              .updateTable('notes')
              .set({ latest: left.latest })
              .where((eb) => eb.and(key))
              .execute();
          else
            await trx
              .deleteFrom('notes')
              .where((eb) => eb.and(key))
              .execute();
        }
        return rows.length;
      }),

    withdraw: (space: Space, topic: string): Promise<boolean> =>
      transact(db, scopeOf('notes', space.platform, space.space), async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('notes')
          .set({ published: null, withdrawn_at: clock.now() })
          .where((eb) => eb.and({ ...here(space), topic }))
          .where('published', 'is not', null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows > 0n) await changed(trx, space);
        return numUpdatedRows > 0n;
      }),
  };
}

function entryFrom({ topic, kind, locale, title, latest, published, withdrawn_at }: NoteRow): NoteEntry {
  const state = withdrawn_at !== null ? 'withdrawn' : published === null ? 'draft' : 'published';
  return { topic, kind, locale: toLocale(locale) ?? 'en', title, state, latest, published };
}

function versionFrom(row: NoteVersionRow, title: string): NoteVersion {
  const { topic, kind, version, text, batch, at, author, author_name, said_name, said_url } = row;
  return {
    topic,
    kind,
    locale: toLocale(row.locale) ?? 'en',
    title,
    version,
    text,
    batch,
    at,
    author: author === null ? undefined : { id: author, name: author_name ?? author },
    publishedAt: row.published_at,
    waits: row.consent === 0,
    reviewedBy: row.reviewed_by,
    said:
      said_name === null && said_url === null
        ? undefined
        : { by: { id: row.said_by ?? '', name: said_name ?? '—' }, url: said_url ?? undefined },
  };
}
