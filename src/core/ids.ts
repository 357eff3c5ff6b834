import { createHash } from 'node:crypto';
import { UserError } from './errors.ts';

/**
 * Button ids: `1~command~action~arg~arg`, at most 100 characters (Discord's limit is the smallest). The leading
 * version lets an old button be recognised after an upgrade. They hold no state and never the right answer.
 */
const VERSION = '1';
const SEPARATOR = '~';
export const MAX_BUTTON_ID = 100;
/** Longest id of a topic, or of something within one: both stand in a button beside the longest command and action. */
export const MAX_CONTENT_ID = 40;
const DIGEST = 8;

/** An id that fits into a button: a long one is cut, with a digest of all of it, so that different ids stay different. */
export function shortId(id: string): string {
  if (id.length <= MAX_CONTENT_ID) return id;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, DIGEST);
  return `${id.slice(0, MAX_CONTENT_ID - DIGEST - 1).replace(/-+$/, '')}-${digest}`;
}

export interface ActionId {
  command: string;
  action: string;
  args: string[];
}

/** Builds a button id. @throws RangeError when it would be too long or an argument holds the separator. */
export function actionId(command: string, action: string, ...args: (string | number)[]): string {
  const parts = [VERSION, command, action, ...args.map(String)];
  if (parts.some((part) => part.includes(SEPARATOR))) throw new RangeError(`button id part holds ${SEPARATOR}: ${parts}`);
  const id = parts.join(SEPARATOR);
  if (id.length > MAX_BUTTON_ID) throw new RangeError(`button id is longer than ${MAX_BUTTON_ID}: ${id}`);
  return id;
}

/** The command that a button's id names, which may be forged; see parseActionId. */
export function commandOf(id: string): string | undefined {
  return id.split(SEPARATOR)[1];
}

/** Reads a button id. @throws UserError `stale-button` for ids of another version or forged ones. */
export function parseActionId(id: string): ActionId {
  const [version, command, action, ...args] = id.split(SEPARATOR);
  if (version !== VERSION || !command || !action || id.length > MAX_BUTTON_ID) throw new UserError('stale-button');
  return { command, action, args };
}
