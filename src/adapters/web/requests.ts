import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import { LOCALES } from '../../core/locale.ts';
import { parseText } from '../../core/parse.ts';
import type { Request, User } from '../../core/request.ts';
import { visible } from '../../core/visible.ts';
import type { Services } from '../../services.ts';
import type { Ctx, Identity } from './identity.ts';
import { SPACE } from './space.ts';

/** Letters, digits, `_` and `-` of any script. */
export const roomName = z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u, 'a room is 1–40 letters, digits, - or _');
/** A label: anything that can be seen, shown as text everywhere. */
export const userName = z
  .string()
  .transform((name) => visible(name).replaceAll(/\s+/g, ' ').trim())
  .pipe(z.string().min(1, 'a name is needed').max(32, 'a name has at most 32 characters'));

const common = {
  id: z.string().min(1).max(100).optional(),
  user: userName.optional(),
  locale: z.enum(LOCALES).optional(),
};
const body = z.union([
  z.strictObject({ ...common, text: z.string() }),
  z.strictObject({
    ...common,
    press: z.string().max(200),
    text: z.string().max(8_000).optional(),
    message: z.string().max(200).optional(),
  }),
]);

/** `POST /api/rooms/:room/files`: a file for `/notes add`. One that is too large is sent without its bytes, to hear what to do. */
const fileBody = z.strictObject({
  ...common,
  name: z.string().min(1).max(200),
  size: z.number().int().nonnegative(),
  data: z.base64().optional(),
});

/** A request before it is known whose it is. */
export interface Incoming {
  request: Omit<Request, 'user'>;
  /** The label that the sender gave. */
  label: string | undefined;
  /** What was typed; undefined for a button. */
  text?: string;
  /** The message whose button was pressed. */
  message?: string;
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
    ...(said.locale && { locale: said.locale }),
    receivedAt: services.clock.now(),
  };
  const label = said.user;
  // What was typed into a button's form comes with the press.
  if ('press' in said) {
    const options = said.text === undefined ? {} : { text: said.text };
    return { label, request: { ...base, action: said.press, options }, ...(said.message && { message: said.message }) };
  }
  return { label, request: { ...base, ...parseText(said.text, services.registry) }, text: said.text };
}

/**
 * Reads the body of `POST /api/rooms/:room/files`: the file is what `/notes add` is given.
 * @throws UserError `malformed-request` naming what does not fit
 */
export function decodeFile(services: Services, room: string, json: unknown): Incoming {
  const parsed = fileBody.safeParse(json);
  const roomOk = roomName.safeParse(room);
  if (!parsed.success || !roomOk.success)
    throw new UserError('malformed-request', { reason: describeProblem(parsed.error ?? roomOk.error!) });
  const { id = randomUUID(), user, locale, name, size, data } = parsed.data;
  const bytes = data === undefined ? undefined : Buffer.from(data, 'base64');
  const read = async () => {
    if (!bytes) throw new UserError('upload-refused', { name: name.slice(0, 60), reason: '—' });
    return bytes;
  };
  return {
    label: user,
    text: `/notes add ${name}`,
    request: {
      ...{ id, platform: 'web', space: SPACE, room: roomOk.data, command: 'notes', options: { do: 'add' } },
      ...(locale && { locale }),
      files: [{ name, size: bytes?.length ?? size, read }],
      receivedAt: services.clock.now(),
    },
  };
}

/**
 * Who sends it: the person behind the session; without one a label is needed, and makes a new person.
 * On the playground the host alone may moderate.
 * @throws UserError `malformed-request` when there is neither.
 */
export async function userOf(identity: Identity, c: Ctx, label: string | undefined): Promise<User> {
  const person = await identity.person(c, label);
  if (!person) throw new UserError('malformed-request', { reason: 'user: a name is needed, or the cookie of a person' });
  return { ...person, admin: c.get('session')?.host ?? false, manager: c.get('session')?.host ?? false };
}

/** The first thing that does not fit, in a line. */
export function describeProblem(error: z.ZodError): string {
  return z.prettifyError(error).split('\n')[0]!.slice(0, 120);
}
