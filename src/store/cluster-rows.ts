/** A process that works on the database; what it has taken on is free again when its time is over. */
export interface ProcessRow {
  id: string;
  /** For the host: JSON of its version, number and machine. */
  about: string;
  /** By the database's clock, in milliseconds since the epoch. */
  until: number;
}

/** A shard of Discord's gateway, and the process that holds it as long as that lives. */
export interface GatewayShardRow {
  shard: number;
  worker: string | null;
}

/** When a shard of this bucket (shard modulo max_concurrency) identified last, by the database's clock. */
export interface GatewayIdentifyRow {
  bucket: number;
  at: number;
}

/** Something that a platform told us of, which another process may be told of too. */
export interface DeliveryRow {
  platform: string;
  /** The platform's own name of it. */
  id: string;
  /** Who answers it. */
  worker: string;
  /** 1 once it is not to be answered again, whatever becomes of the process. */
  done: number;
  at: number;
}
