import type { User } from '../../core/request.ts';
import type { Asker } from '../person.ts';
import type { Person } from '../service.ts';

/** Accounts of several devices and platforms that are one person. */
export interface Links {
  /** A code that joins another account to this one: once, within ten minutes. */
  give(asker: Asker & { user: User }): Promise<{ code: string; expiresAt: number }>;
  /**
   * Whose code this is, without using it.
   * @throws UserError `link-wrong-code`, `link-too-many` for who guesses, `link-yourself`.
   */
  look(asker: Asker, code: string): Promise<{ name: string; platform: string }>;
  /**
   * Joins the asker, and whatever is linked with them, to who gave the code: from then on they are one person.
   * @throws UserError as `look` does, and `link-quiz-running`.
   */
  take(asker: Asker, code: string): Promise<{ name: string; platform: string }>;
  /** The other accounts of the asker's person. */
  others(asker: Asker): Promise<Person[]>;
  /** Names of the playground from before people had secrets, whose data nobody has claimed. */
  oldNames(): Promise<string[]>;
  /** What was kept under such a name becomes the asker's, once. @throws UserError `old-name-taken`, `link-quiz-running`. */
  claim(asker: Asker, name: string): Promise<void>;
  /** A code for whom the host takes to be the person of an old name. @throws UserError `old-name-taken`. */
  giveOldName(name: string): Promise<{ code: string; expiresAt: number }>;
}
