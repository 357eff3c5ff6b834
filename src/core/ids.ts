import { UserError } from './errors.ts';

/**
 * Button ids: `1~command~action~arg~arg`, at most 100 characters (Discord's limit is the smallest). The leading
 * version lets an old button be recognised after an upgrade. They hold no state and never the right answer.
 */
const VERSION = '1';
const SEPARATOR = '~';
export const MAX_BUTTON_ID = 100;

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

/** Reads a button id. @throws UserError `stale-button` for ids of another version or forged ones. */
export function parseActionId(id: string): ActionId {
  const [version, command, action, ...args] = id.split(SEPARATOR);
  if (version !== VERSION || !command || !action || id.length > MAX_BUTTON_ID) throw new UserError('stale-button');
  return { command, action, args };
}
