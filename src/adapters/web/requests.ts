import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import { LOCALES } from '../../core/locale.ts';
import { parseText } from '../../core/parse.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { SPACE } from './room.ts';

/** Letters, digits, `_` and `-` of any script. */
export const roomName = z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u, 'a room is 1–40 letters, digits, - or _');
/** Anything but control and direction marks; shown as text everywhere. */
export const userName = z
  .string()
  .transform((name) => name.replace(/[\p{Cc}\p{Cf}]/gu, '').trim())
  .pipe(z.string().min(1, 'a name is needed').max(32, 'a name has at most 32 characters'));

const common = {
  id: z.string().min(1).max(100).optional(),
  user: userName,
  locale: z.enum(LOCALES).optional(),
};
const body = z.union([z.strictObject({ ...common, text: z.string() }), z.strictObject({ ...common, press: z.string().max(200) })]);

export interface Incoming {
  request: Request;
  /** What was typed; undefined for a button. */
  text?: string;
}

/**
 * Reads the body of `POST /api/rooms/:room/messages`.
 * @throws UserError `malformed-request` naming what does not fit, or whatever the text parser says.
 */
export function decodePost(services: Services, room: string, json: unknown): Incoming {
  const parsed = body.safeParse(json);
  const roomOk = roomName.safeParse(room);
  if (!parsed.success || !roomOk.success) {
    throw new UserError('malformed-request', { reason: describeProblem(parsed.error ?? roomOk.error!) });
  }
  const said = parsed.data;
  const base = {
    id: said.id ?? randomUUID(),
    platform: 'web' as const,
    space: SPACE,
    room: roomOk.data,
    user: { id: said.user, name: said.user, admin: true },
    ...(said.locale && { locale: said.locale }),
    receivedAt: services.clock.now(),
  };
  if ('press' in said) return { request: { ...base, action: said.press, options: {} } };
  return { request: { ...base, ...parseText(said.text, services.registry) }, text: said.text };
}

/** The first thing that does not fit, in a line. */
export function describeProblem(error: z.ZodError): string {
  return z.prettifyError(error).split('\n')[0]!.slice(0, 120);
}
