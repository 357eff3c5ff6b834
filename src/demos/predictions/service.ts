import type { Locale } from '../../core/locale.ts';
import type { RoomRef, User } from '../../core/request.ts';

/** Predict–Observe–Explain: a room votes on what an experiment will show, then sees it. */
export interface StartPrediction {
  room: RoomRef;
  host: User;
  locale: Locale;
  /** Delivery id of the request: the same one again starts nothing. */
  request: string;
  demo: string;
  params: Readonly<Record<string, unknown>>;
  seed: number;
  /** Time to vote, from the moment the question is out. */
  seconds: number;
}

export interface Predictions {
  /**
   * Posts the question with its buttons. @returns when the votes close.
   * @throws UserError for an unknown experiment or parameters, or where the bot may not post.
   */
  start(options: StartPrediction): Promise<{ id: string; deadline: number }>;
  /** Takes or changes a vote; returns what was voted for. @throws UserError when it is too late or the button is not of this room. */
  vote(id: string, room: RoomRef, user: User, choice: string): Promise<{ text: string; deadline: number | null }>;
  /** Closes the vote now. @throws UserError when the person is not the host, or it is closed already. */
  closeNow(id: string, room: RoomRef, user: User): Promise<void>;
  /** Re-arms what was open when the process stopped, and shows what was closed but not shown. Called once adapters are up. */
  resume(): Promise<void>;
  close(): Promise<void>;
}
