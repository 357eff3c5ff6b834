/** A run that is asked for and not yet found: it waits for its turn, or some process of role lab is at it. */
export interface LabRunRow {
  /** Hash of everything that decides the numbers. */
  key: string;
  /** The job of the queue that stands for it. */
  job: string;
  /** JSON of the experiment, its version, parameters and seed. */
  task: string;
  parts: number;
  /** The lower, the sooner; see fairness.ts. */
  turn: number;
  /** Order of arrival. */
  seq: number;
  /** The process that is at it, and which try that is. */
  worker: string | null;
  attempt: number | null;
  /** By then the process must be done, by the database's clock in milliseconds. */
  until: number | null;
}

/** Somebody who waits for a run. Of no person: whose it is, is a hash. */
export interface LabAskRow {
  id: string;
  key: string;
  owner: string;
  parts: number;
  turn: number;
  /** The process that will tell the answer. */
  process: string;
  /** JSON of what became of it; null as long as it is not known. */
  outcome: string | null;
}

/** What was found: the cache that all processes share. */
export interface LabResultRow {
  key: string;
  report: string;
  bytes: number;
  made_at: number;
  used_at: number;
}
