import type { Locale } from '../../core/locale.ts';
import type { RoomRef, User } from '../../core/request.ts';
import type { StartOptions } from '../service.ts';
import type { Anchor, Repeat } from './times.ts';

/** What a scheduled quiz is told when it starts. */
export type Wish = Omit<StartOptions, 'room' | 'host' | 'request' | 'locale' | 'only' | 'pace' | 'closesAt'>;

export interface Schedule {
  id: string;
  room: RoomRef;
  /** Who made it, and leads what it starts. */
  user: string;
  /** `daily`: a question a day, open until the next. */
  kind: 'quiz' | 'daily';
  locale: Locale;
  zone: string;
  anchor: Anchor;
  repeat: Repeat;
  wish: Wish;
  nextAt: number;
}

/** Quizzes that start by themselves. Every one is a row, so that a restart forgets none and repeats none. */
export interface Timetable {
  /** The same delivery makes it once. @throws UserError when the room has enough, or a question a day already. */
  add(schedule: Omit<Schedule, 'id' | 'user' | 'nextAt'>, user: Pick<User, 'id'>, request: string): Promise<Schedule>;
  /** The schedules of a room, the next one first. */
  list(room: RoomRef): Promise<Schedule[]>;
  find(room: RoomRef, id: string): Promise<Schedule | undefined>;
  cancel(room: RoomRef, id: string): Promise<Schedule | undefined>;
  /** Arms the clock and holds what is due; called once adapters are up, harmless when called again. */
  start(): void;
  /** Resolves when what was due has been held. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}
