/** A message that says that work goes on. */
export interface UnderWayRow {
  platform: string;
  space: string;
  room: string;
  /** The platform's id of it. */
  message: string;
  locale: string;
  at: number;
}

/** A thread that holds an answer of ours. */
export interface AnsweredThreadRow {
  platform: string;
  space: string;
  room: string;
  thread: string;
  at: number;
}
