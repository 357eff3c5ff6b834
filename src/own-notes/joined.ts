import type { Db } from '../store/database.ts';

/** All versions `v`, each beside its note `n`. */
export function notesWithVersions(db: Db) {
  return db
    .selectFrom('notes as n')
    .innerJoin('note_versions as v', (join) =>
      (['platform', 'space', 'topic', 'kind', 'locale'] as const).reduce((on, key) => on.onRef(`v.${key}`, '=', `n.${key}`), join),
    );
}
