/** Something that a space wrote itself: one language of a note, an answered question, or a topic's questions. */
export interface NoteRow {
  platform: string;
  space: string;
  /** Id of the topic that it is in this space. */
  topic: string;
  kind: 'note' | 'answer' | 'quiz' | 'deck';
  locale: string;
  title: string;
  latest: number;
  /** The version that is read; null where none is. */
  published: number | null;
  withdrawn_at: number | null;
}

export interface NoteVersionRow {
  platform: string;
  space: string;
  topic: string;
  kind: 'note' | 'answer' | 'quiz' | 'deck';
  locale: string;
  version: number;
  /** A file as in content/: a note with front matter, or a quiz.yaml. */
  text: string;
  /** What was added together, as one upload. */
  batch: string;
  /** Null once they were forgotten. */
  author: string | null;
  author_name: string | null;
  at: number;
  published_at: number | null;
  /** Who let it be published, where that was somebody else. */
  reviewer: string | null;
  reviewed_by: string | null;
  /** Whose message it was before, and where that stands. */
  said_by: string | null;
  said_name: string | null;
  said_url: string | null;
  /** 0 while whoever said it has not agreed; null where nobody need be asked. */
  consent: number | null;
}

/** Grows with every change of what a space reads, so that every process notices. */
export interface NoteSpaceRow {
  platform: string;
  space: string;
  generation: number;
}

/** A role or a person that may publish in the space. */
export interface NoteManagerRow {
  platform: string;
  space: string;
  kind: 'role' | 'user';
  id: string;
}

/** A space that the bot was removed from. */
export interface LeftSpaceRow {
  platform: string;
  space: string;
  left_at: number;
}
