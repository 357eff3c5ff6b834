import { type Logger, LogLevel } from '@slack/bolt';
import type { Logger as Pino } from 'pino';

export type BoltLogger = Logger;

/**
 * Bolt's log lines in ours, one level lower: what it calls information is chatter to a host, and its debug lines hold
 * whole messages.
 */
export function createBoltLogger(log: Pino): BoltLogger {
  const text = (parts: unknown[]) => parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: (...parts) => log.trace(text(parts)),
    info: (...parts) => log.debug(text(parts)),
    warn: (...parts) => log.warn(text(parts)),
    error: (...parts) => log.error(text(parts)),
    setLevel: () => {},
    getLevel: () => (log.isLevelEnabled('trace') ? LogLevel.DEBUG : LogLevel.INFO),
    setName: () => {},
  };
}
