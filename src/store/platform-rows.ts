/** `/lang` of a person (`kind: user`) or a room (`kind: room`). */
export interface LocaleRow {
  platform: string;
  space: string;
  kind: 'user' | 'room';
  id: string;
  locale: string;
}

/** A reply of several pages on Discord. */
export interface DiscordPageRow {
  key: string;
  /** JSON of the Reply, pictures in base64. */
  reply: string;
  used_at: number;
}

/** A workspace or organisation that installed the Slack app. */
export interface SlackInstallationRow {
  /** Team id, or organisation id where the whole organisation installed it. */
  id: string;
  /** JSON of Bolt's Installation, with the bot token. */
  body: string;
  installed_at: number;
}

/** What this installation keeps to itself: a random name of its own, password hashes. */
export interface SecretRow {
  name: string;
  value: string;
}

/** A form behind a button that everyone sees, for the processes that have not drawn it. */
export interface DiscordFormRow {
  button: string;
  /** JSON. */
  form: string;
  at: number;
}
