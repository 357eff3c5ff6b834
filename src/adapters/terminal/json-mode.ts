import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import type { Courier } from '../../core/outbox.ts';
import { parseText } from '../../core/parse.ts';
import type { Reply } from '../../core/reply.ts';
import type { Request, RoomRef } from '../../core/request.ts';
import { asAnswer } from '../../quiz/bare.ts';
import type { Services } from '../../services.ts';
import { replyToJson } from '../json.ts';
import { saveFile, saveImage, withFiles } from './files.ts';

/** Who speaks where a line names nobody. */
const HOST = 'me';
const name = z.string().trim().min(1).max(64);
const line = z.union([
  z.strictObject({
    id: z.string().max(100).optional(),
    user: name.default(HOST),
    room: name.default('main'),
    text: z.string(),
  }),
  z.strictObject({
    id: z.string().max(100).optional(),
    user: name.default(HOST),
    room: name.default('main'),
    press: z.string().max(200),
    /** What is typed into the button's form. */
    text: z.string().max(8_000).optional(),
  }),
]);

export interface JsonModeOptions {
  input: NodeJS.ReadableStream;
  write: (line: string) => void;
  out: string;
  locale?: Locale;
}

/**
 * One request a line in, one JSON reply a line out, in order; messages that the bot posts by itself come as
 * `{"event":"post"|"update","room","id","reply"}` lines. Resolves at the end of input.
 */
export async function runJsonMode(services: Services, dispatch: Dispatch, options: JsonModeOptions): Promise<void> {
  const emit = (value: unknown) => options.write(`${JSON.stringify(value)}\n`);
  const toJson = (reply: Reply) =>
    replyToJson(
      reply,
      (image) => ({ ...saveImage(image, options.out) }),
      (file) => ({ ...saveFile(file, options.out) }),
    );
  services.outbox.register(
    'terminal',
    jsonCourier((event) => emit(event), toJson),
  );
  await services.resume();
  services.learning.reminders.start();
  services.gaps.digest.start();
  services.timetable.start();
  const lines = createInterface({ input: options.input, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of lines) emit(toJson(await answer(services, dispatch, text, options.locale)));
}

async function answer(services: Services, dispatch: Dispatch, text: string, locale?: Locale): Promise<Reply> {
  try {
    return await dispatch(await asAnswer(services, decodeLine(services, text, locale)));
  } catch (error) {
    if (error instanceof UserError) return errorReply(error, services.i18n(locale ?? services.config.defaultLocale));
    throw error;
  }
}

/** Reads one line: JSON when it starts with a brace, else plain text of user `me` in room `main`. */
function decodeLine(services: Services, text: string, locale?: Locale): Request {
  const said = text.trimStart().startsWith('{') ? parseJson(text) : line.parse({ text });
  const base = {
    id: said.id ?? randomUUID(),
    platform: 'terminal' as const,
    space: 'local',
    room: said.room,
    // Whoever runs the program is its host; the others in its input are guests.
    user: { id: said.user, name: said.user, admin: said.user === HOST, manager: said.user === HOST },
    ...(locale && { locale }),
    receivedAt: services.clock.now(),
  };
  if ('press' in said) return { ...base, action: said.press, options: said.text === undefined ? {} : { text: said.text } };
  return withFiles({ ...base, ...parseText(said.text, services.registry) }, services.registry);
}

function parseJson(text: string): z.infer<typeof line> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError('malformed-request', { reason: (cause as Error).message.slice(0, 80) }, { cause });
  }
  const parsed = line.safeParse(value);
  if (!parsed.success)
    throw new UserError('malformed-request', {
      reason: z.prettifyError(parsed.error).split('\n')[0]!.slice(0, 120),
    });
  return parsed.data;
}

function jsonCourier(emit: (event: unknown) => void, toJson: (reply: Reply) => unknown): Courier {
  return {
    async post(room: RoomRef, reply) {
      const id = randomUUID();
      emit({ event: 'post', room: room.room, id, reply: toJson(reply) });
      return { ...room, id };
    },
    async update(message, reply) {
      emit({ event: 'update', room: message.room, id: message.id, reply: toJson(reply) });
    },
    async whisper(room, user, reply) {
      emit({ event: 'post', room: room.room, to: user.id, id: randomUUID(), reply: toJson(reply) });
      return true;
    },
    async direct(_space, user, reply) {
      emit({ event: 'post', room: `@${user.id}`, id: randomUUID(), reply: toJson(reply) });
    },
  };
}
