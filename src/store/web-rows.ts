/** A message of the playground. */
export interface WebMessageRow {
  id: string;
  room: string;
  /** Place in the room; never changes. */
  seq: number;
  /** Grows with every new or edited message of any room; what a reader has seen is one number. */
  revision: number;
  author_id: string;
  author_name: string;
  bot: number;
  /** The only person who sees it; null for everyone. */
  audience: string | null;
  /** What was said as text, or JSON of the Reply with places of its images. */
  body: string;
  at: number;
}

/** A person of the playground. */
export interface WebPersonRow {
  id: string;
  /** As shown: a label, told apart from others of the same label by a number. */
  name: string;
  /** The shown name and the bare label as they are compared. */
  name_key: string;
  label_key: string;
  created_at: number;
}

/** A browser or a program that the playground knows by its token. */
export interface WebSessionRow {
  /** SHA-256 of the token. */
  hash: string;
  person: string | null;
  /** 1 when the playground's password was given. */
  access: number;
  /** Until when it may see what is the host's. */
  host_until: number | null;
  seen_at: number;
}

/** What was kept under a mere name, before people had secrets. */
export interface WebOldNameRow {
  name: string;
  /** Key of the person who took it. */
  claimed_by: string | null;
}
