/** Tables as Kysely sees them. Text, integer and real only, so that the same queries run on Postgres. */
export interface Schema {
  locales: LocaleRow;
}

/** `/lang` of a person (`kind: user`) or a room (`kind: room`). */
export interface LocaleRow {
  platform: string;
  space: string;
  kind: 'user' | 'room';
  id: string;
  locale: string;
}
