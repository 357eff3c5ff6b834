import type { z } from 'zod';
import type { Locale } from '../core/locale.ts';
import type { Person } from '../learn/service.ts';
import type { NotesView, Outcome } from '../notes/service.ts';
import type { BareQuestion, questionSchema } from '../quiz/question.ts';
import type { Managers } from './managers.ts';

/** A Discord server, a Slack workspace, the playground, the terminal. */
export type Space = Pick<Person, 'platform' | 'space'>;

/** Who does something; the name is as the platform shows it. */
export interface By {
  id: string;
  name: string;
}

/** `quiz` are single questions of a topic, `deck` a whole file of them. */
export type NoteKind = 'note' | 'answer' | 'quiz' | 'deck';

export interface NoteKey {
  /** Id of the topic that it is in its space. */
  topic: string;
  kind: NoteKind;
  locale: Locale;
}

/** A message that became a note: whose it was and where it stands. */
export interface Said {
  by: By;
  url?: string | undefined;
}

/** What can be saved: the text of a file as in content/ (see note-file.ts), whole. */
export interface NoteDraft extends NoteKey {
  title: string;
  text: string;
  said?: Said | undefined;
  /** Whoever said it is asked first; until then nobody can publish it. */
  consent?: boolean;
}

export interface NoteEntry extends NoteKey {
  title: string;
  /** `draft`: nothing of it is read yet. A published note may have a newer `latest`, which waits. */
  state: 'draft' | 'published' | 'withdrawn';
  latest: number;
  published: number | null;
}

export interface NoteVersion extends NoteKey {
  title: string;
  version: number;
  text: string;
  batch: string;
  /** Undefined once they were forgotten. */
  author: By | undefined;
  at: number;
  publishedAt: number | null;
  /** Who let it be published, where that was somebody else. */
  reviewedBy: string | null;
  said: Said | undefined;
  /** It waits for the consent of whoever said it. */
  waits: boolean;
}

export interface SaveOptions {
  /** Read at once, else it waits as a draft. */
  publish: boolean;
  /** The version that was edited: when there is a newer one, the text is kept as a draft and `conflict` says so. */
  base?: number;
  /** What is added together. */
  batch?: string;
}

export interface Saved extends NoteKey {
  title: string;
  version: number;
  published: boolean;
  /** The newer version that somebody else saved meanwhile. */
  conflict?: NoteVersion;
}

/** “Write the answer here”, or a message that is worth keeping. Markdown with formulas. */
export interface AnswerDraft {
  question: string;
  /** Other ways in which it is asked. */
  paraphrases: readonly string[];
  answer: string;
  locale: Locale;
  by: By;
  /** Where it was said, and by whom. */
  source?: Said | undefined;
  /** A topic of the space that tells more. */
  topic?: string | undefined;
  /** The answered question that this is a new version of. */
  replaces?: string | undefined;
}

/** A question as a quiz.yaml holds it; its id is given when it is stored. */
export type NewQuestion = { [K in BareQuestion['kind']]: Omit<z.input<typeof questionSchema> & { kind: K }, 'id'> }[BareQuestion['kind']];

/** What spaces write themselves, layered over the shipped notes. No space ever sees another's. */
export interface OwnNotes {
  managers: Managers;
  /** What ships, without anybody's own notes. */
  shipped: NotesView;
  /** To be awaited before `of` where some time has passed: other processes may have changed the space's notes. */
  ready(space: Space): Promise<void>;
  /** The notes as the space sees them. Ask anew each time: cheap, and it changes when anybody changes a note. */
  of(space: Space): NotesView;
  /** The same engine as for everyone, over what is shipped and what the space has. */
  search(space: Space, question: string): Outcome;
  save(space: Space, drafts: readonly NoteDraft[], by: By, options: SaveOptions): Promise<Saved[]>;
  /** Saves and publishes an answered question; the topic it became is found at once. @throws UserError when a part is empty or too long */
  publishAnswer(space: Space, answer: AnswerDraft): Promise<Saved>;
  /** The same, waiting for somebody who may publish. */
  draftAnswer(space: Space, answer: AnswerDraft): Promise<Saved>;
  /** Adds questions to a topic of the space, own or shipped; ids are given here. */
  publishQuestions(space: Space, topic: string, questions: readonly NewQuestion[], by: By): Promise<Saved>;
  /** Whoever said it agrees. @throws UserError `stale-button` where nobody waits for them */
  consent(space: Space, batch: string, by: By): Promise<void>;
  /** Lets everybody read a version. @throws UserError `note-needs-consent` */
  publish(space: Space, key: NoteKey, version: number, by: By): Promise<void>;
  list(space: Space): Promise<NoteEntry[]>;
  /** The newest version, or the one that is named. */
  get(space: Space, key: NoteKey, version?: number): Promise<NoteVersion | undefined>;
  /** Everything that belongs to one topic, newest versions. */
  ofTopic(space: Space, topic: string): Promise<NoteEntry[]>;
  /** Newest first. */
  history(space: Space, topic: string): Promise<NoteVersion[]>;
  /** What was added together, newest versions of it. */
  batch(space: Space, batch: string): Promise<NoteVersion[]>;
  /** Drafts of one upload go; what was published stays. */
  discard(space: Space, batch: string): Promise<number>;
  /** Takes a topic out of what is read; its versions stay. @returns whether there was anything to withdraw */
  withdraw(space: Space, topic: string): Promise<boolean>;
  close(): void;
}
