import type { Services } from '../services.ts';
import type { Command, Context, Registry } from './command.ts';
import { errorReply, UserError } from './errors.ts';
import { commandOf, parseActionId } from './ids.ts';
import { detectLocale, type Locale } from './locale.ts';
import type { HandledAs } from './metrics.ts';
import { validateOptions } from './options.ts';
import { createRemembered } from './remembered.ts';
import type { Reply } from './reply.ts';
import type { Request } from './request.ts';

export interface DispatchHooks {
  progress?: (reply: Reply) => void;
  signal?: AbortSignal;
}

export type Dispatch = (request: Request, hooks?: DispatchHooks) => Promise<Reply>;

/** Deliveries remembered in memory, and the bytes of charts and files among them; platforms redeliver within minutes. */
const REMEMBERED = 5_000;
const REMEMBERED_BYTES = 16 * 2 ** 20;

/**
 * The one way in: every adapter calls it with a Request and renders the Reply.
 * The same request id gets the same reply and has one effect, also while the first is still running. After a
 * restart, commands that change something are protected by unique rows of their own (quiz answers and starts).
 * Never rejects: what goes wrong becomes an error reply, and unexpected errors are logged with the request id.
 */
export function createDispatch(registry: Registry, services: Services): Dispatch {
  const replies = createRemembered(REMEMBERED, REMEMBERED_BYTES);
  return (request, hooks = {}) => {
    const key = `${request.platform}/${request.space}/${request.id}`;
    const known = replies.get(key);
    if (known) return known;
    const reply = handle(registry, services, request, hooks);
    replies.set(key, reply);
    return reply;
  };
}

async function handle(registry: Registry, services: Services, request: Request, hooks: DispatchHooks): Promise<Reply> {
  const log = services.log.child({ request: request.id, platform: request.platform });
  let locale: Locale = services.config.defaultLocale;
  const started = performance.now();
  const count = (as: HandledAs) =>
    services.metrics.handled(request.platform, nameOf(registry, request), as, (performance.now() - started) / 1000);
  try {
    locale = await resolveLocale(services, request);
    services.limits.take(request);
    await services.ownNotes.ready(request);
    const ctx: Context = {
      request,
      services: services.within(request),
      locale,
      t: services.i18n(locale, request.platform),
      room: { platform: request.platform, space: request.space, room: request.room },
      signal: hooks.signal ?? new AbortController().signal,
      progress: (reply) => hooks.progress?.(reply),
    };
    const reply = await run(registry, ctx);
    log.info({ command: request.command ?? request.action, ms: Math.round(performance.now() - started) }, 'handled');
    count('answered');
    return reply;
  } catch (error) {
    const t = services.i18n(locale, request.platform);
    // The host hears of a full disk once, not with every request.
    const known = error instanceof UserError ? error : services.trouble.told(error);
    count(error instanceof UserError ? 'refused' : 'failed');
    if (known) {
      log.info({ code: known.code }, 'user error');
      return errorReply(known, t);
    }
    log.error({ err: error, command: request.command ?? request.action }, 'command failed');
    return errorReply(new UserError('internal', { id: request.id.slice(0, 60) }), t);
  }
}

/** For the figures: what people type must not become the name of one. */
function nameOf(registry: Registry, { command, action }: Request): string {
  const name = action === undefined ? command : commandOf(action);
  return name !== undefined && registry.get(name) ? name : 'other';
}

async function run(registry: Registry, ctx: Context): Promise<Reply> {
  const { request } = ctx;
  if (request.action !== undefined) {
    const { command, action, args } = parseActionId(request.action);
    const actions = registry.get(command)?.actions;
    const handler = actions && Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!handler) throw new UserError('stale-button');
    return handler(ctx, args);
  }
  const command = registry.get(request.command ?? '');
  if (!command) throw new UserError('unknown-command', { command: (request.command ?? '').slice(0, 40) });
  return command.run(ctx, validateOptions(command, request.options) as Parameters<Command['run']>[1]);
}

/** The language of a typed question, then the person's or room's `/lang`, then the platform's, then the default. */
async function resolveLocale(services: Services, request: Request): Promise<Locale> {
  const question = request.options.question ?? request.options.topic;
  const spoken = typeof question === 'string' && isSentence(question) ? detectLocale(question) : undefined;
  return spoken ?? (await services.settings.locale(request)) ?? request.locale ?? services.config.defaultLocale;
}

/** A single Latin word ("batchnorm", "tdxs") is a name in either language and says nothing about the asker's. */
function isSentence(text: string): boolean {
  return /\p{Script=Han}/u.test(text) || /[a-z]{2,}\s+[a-z]{2,}\s+[a-z]{2,}/i.test(text);
}
