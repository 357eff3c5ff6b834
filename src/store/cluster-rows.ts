/** A process that works on the database; what it has taken on is free again when its time is over. */
export interface ProcessRow {
  id: string;
  /** For the host: JSON of its version, number and machine. */
  about: string;
  /** By the database's clock, in milliseconds since the epoch. */
  until: number;
}
