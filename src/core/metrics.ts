import type { Platform } from './request.ts';

/** How a request ended: answered, refused with words for the person, or failed. */
export type HandledAs = 'answered' | 'refused' | 'failed';

/** What is counted while the program works. Implemented in src/ops/metrics.ts; the rest is read when somebody asks. */
export interface Metrics {
  /** A request was dealt with; `command` is a name from the registry or `other`. */
  handled(platform: Platform, command: string, as: HandledAs, seconds: number): void;
  /** A transaction of the database was committed, which waits for the disk. */
  committed(seconds: number): void;
  /** The end of a quiz's phase was noticed this long after its time. */
  late(seconds: number): void;
  /** A quiz's message could not be sent and is tried again. */
  retried(platform: Platform): void;
}
