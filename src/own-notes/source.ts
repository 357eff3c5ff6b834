import { createBatches } from '../core/batches.ts';
import type { SqliteStore, Store } from '../store/database.ts';
import { notesWithVersions } from './joined.ts';
import type { NoteKind, Space } from './service.ts';

/** What a space reads at present, of one note in one language. */
export interface PublishedRow {
  topic: string;
  kind: NoteKind;
  locale: string;
  version: number;
  text: string;
  said_by: string | null;
  said_name: string | null;
  said_url: string | null;
}

/** Where the notes of spaces are read from. */
export interface Source {
  /** Fetches what the space reads now, where that takes time; what is asked next is no older. */
  ready(space: Space): Promise<void>;
  /** Grows with every change; undefined for a space that never wrote any. */
  generation(space: Space): number | undefined;
  published(space: Space): readonly PublishedRow[];
  /** Spaces that have notes of their own, those that wrote most often first. */
  spaces(most: number): Promise<Space[]>;
}

/** Spaces whose notes are kept in memory where they cannot be read at once. */
const KEPT = 1_000;

/** SQLite is asked each time, so other processes and commands are noticed at once; of Postgres the last that was fetched. */
export function createSource(store: Store): Source {
  const spaces: Source['spaces'] = async (most) => {
    const rows = store.db.selectFrom('note_spaces').select(['platform', 'space']).orderBy('generation', 'desc').limit(most);
    return (await rows.execute()) as Space[];
  };
  return { spaces, ...(store.kind === 'sqlite' ? readAtOnce(store) : fetched(store.db)) };
}

function readAtOnce({ sqlite }: SqliteStore): Omit<Source, 'spaces'> {
  const generationOf = sqlite.prepare<[string, string], { generation: number }>(
    'select generation from note_spaces where platform = ? and space = ?',
  );
  const published = sqlite.prepare<[string, string], PublishedRow>(
    `select v.topic, v.kind, v.locale, v.version, v.text, v.said_by, v.said_name, v.said_url
     from notes n join note_versions v using (platform, space, topic, kind, locale)
     where n.platform = ? and n.space = ? and v.version = n.published
     order by v.topic, v.kind, v.locale`,
  );
  return {
    ready: async () => {},
    generation: ({ platform, space }) => generationOf.get(platform, space)?.generation,
    published: ({ platform, space }) => published.all(platform, space),
  };
}

function fetched(db: Store['db']): Omit<Source, 'spaces'> {
  const known = new Map<string, { generation: number; rows: readonly PublishedRow[] }>();
  const keyOf = ({ platform, space }: Space) => JSON.stringify([platform, space]);

  const rowsOf = ({ platform, space }: Space): Promise<PublishedRow[]> =>
    notesWithVersions(db)
      .whereRef('v.version', '=', 'n.published')
      .select(['v.topic', 'v.kind', 'v.locale', 'v.version', 'v.text', 'v.said_by', 'v.said_name', 'v.said_url'])
      .where('n.platform', '=', platform)
      .where('n.space', '=', space)
      .orderBy('v.topic')
      .orderBy('v.kind')
      .orderBy('v.locale')
      .execute();

  /** Asked with every request: whoever asks while the database is busy shares the next statement. */
  const generationOf = createBatches(async (spaces: readonly Space[]) => {
    const asked = [...new Map(spaces.map((space) => [keyOf(space), space])).values()];
    const rows = await db
      .selectFrom('note_spaces')
      .select(['platform', 'space', 'generation'])
      .where((eb) => eb.or(asked.map(({ platform, space }) => eb.and({ platform, space }))))
      .execute();
    const found = new Map(rows.map((row) => [keyOf(row as Space), row.generation]));
    return spaces.map((space) => found.get(keyOf(space)));
  });

  return {
    async ready(space) {
      const key = keyOf(space);
      const generation = await generationOf(space);
      const before = known.get(key);
      if (generation === undefined) return void known.delete(key);
      // The rows may be newer than the number that was read before them, never older.
      const rows = before?.generation === generation ? before.rows : await rowsOf(space);
      // At the end of the line of those that are kept.
      known.delete(key);
      known.set(key, { generation, rows });
      if (known.size > KEPT) known.delete(known.keys().next().value!);
    },
    generation: (space) => known.get(keyOf(space))?.generation,
    published: (space) => known.get(keyOf(space))?.rows ?? [],
  };
}
