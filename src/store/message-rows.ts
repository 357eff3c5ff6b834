/** A message that says that work goes on. */
export interface UnderWayRow {
  platform: string;
  space: string;
  room: string;
  /** The platform's id of it. */
  message: string;
  locale: string;
  at: number;
  /** The process that works for it, where several share the database. */
  worker: string | null;
}

/** A thread that holds an answer of ours. */
export interface AnsweredThreadRow {
  platform: string;
  space: string;
  room: string;
  thread: string;
  at: number;
}
