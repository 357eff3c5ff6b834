/** What processes tell each other. The rows are the truth: a notice only says that it is time to look. */
export interface Channel {
  listen(topic: Topic, listener: (text: string) => void): void;
  /** Told when notices may have been missed, so that everything is to be looked at. */
  onGap(listener: () => void): void;
  tell(topic: Topic, text: string): Promise<void>;
  close(): Promise<void>;
}

/** `quiz`: one has new events. `free`: a process has left its quizzes or shards. `clock`: something is scheduled. `people`: somebody was linked or forgotten. `page`: a room has news. `lab`: of runs, see demos/shared/news.ts. */
export type Topic = 'quiz' | 'free' | 'clock' | 'people' | 'page' | 'lab';
export const TOPICS: readonly Topic[] = ['quiz', 'free', 'clock', 'people', 'page', 'lab'];

/** The channel of Postgres that a topic is told on; in a transaction, `select pg_notify(...)` tells it with the commit. */
export function channelOf(topic: Topic): string {
  return `tutor_${topic}`;
}
