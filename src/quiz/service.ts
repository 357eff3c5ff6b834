import type { RoomRef } from '../core/request.ts';

/** What the quiz side adds to Services. */
export interface QuizServices {
  quiz: Quiz;
}

export interface Quiz {
  /** Re-arms deadlines of quizzes that were running when the process stopped. Called once adapters are up. */
  resume(): Promise<void>;
  /** The running quiz of a room, for status lines. */
  isRunning(room: RoomRef): Promise<boolean>;
  close(): Promise<void>;
}
