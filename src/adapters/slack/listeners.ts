import type { AllMiddlewareArgs, App, BlockAction, Context } from '@slack/bolt';
import { toLocale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';
import { type Incoming, type Origin, readMessage, readSlash } from './decode.ts';
import type { Handler } from './handle.ts';
import type { Home } from './home.ts';
import { spaceOf } from './installations.ts';
import { PICKER, pickerOptions } from './picker.ts';
import { BUTTON } from './render.ts';

export interface ListenerDeps {
  services: Services;
  handler: Handler;
  home: Home;
  /** The app was removed from a workspace. */
  removed: (context: Context) => Promise<void>;
}

type Acknowledge = (response?: never) => Promise<void>;

/**
 * Tells Bolt what we listen to. Everything is acknowledged before any work: Slack waits three seconds. A failed
 * acknowledgement (the socket has just gone) does not undo what the person did.
 */
export function registerListeners(app: App, { services, handler, home, removed }: ListenerDeps): void {
  const { registry, log } = services;
  const acknowledge = async (ack: () => Promise<void>): Promise<void> => {
    await ack().catch((error: unknown) => log.info({ err: error }, 'Slack did not get our acknowledgement'));
  };

  app.command(/^\/.+/, async ({ command, ack, respond, context }) => {
    const origin: Origin = {
      space: spaceOf(context),
      user: command.user_id,
      userName: command.user_name,
      channel: command.channel_id,
      direct: false,
      respond,
    };
    const read = () => readSlash(command.command, command.text, registry);
    // What everyone sees the answer of, everyone sees the question of.
    await acknowledge(() => ack(isPublic(services, read) ? { response_type: 'in_channel' } : undefined));
    await handler.handle({ id: command.trigger_id, origin, read });
  });

  app.action<BlockAction>({ type: 'block_actions', action_id: BUTTON }, async ({ body, action, ack, respond, context }) => {
    await acknowledge(ack as Acknowledge);
    const value = 'value' in action ? (action.value ?? '') : '';
    const read = (): ReturnType<Incoming['read']> =>
      value.startsWith('/') ? readSlash('/tutor', value, registry) : { action: value, options: {} };
    await handler.handle({ id: body.trigger_id, origin: originOf(body, context, respond), read });
    await home.refresh(body, context);
  });

  app.action<BlockAction>({ type: 'block_actions', action_id: PICKER }, async ({ body, action, ack, respond, context }) => {
    await acknowledge(ack as Acknowledge);
    const [, command, option] = PICKER.exec(action.action_id) ?? [];
    const chosen = action.type === 'external_select' ? action.selected_option?.value : undefined;
    if (!command || !option || chosen === undefined) return;
    const read = () => ({ command, options: { [option]: chosen } });
    await handler.handle({ id: body.trigger_id, origin: originOf(body, context, respond), read });
  });

  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: PICKER }, async ({ body, ack, context }) => {
    const space = spaceOf(context);
    const locale =
      (await services.settings.localeOf('slack', space, 'user', body.user.id)) ??
      toLocale(/\p{Script=Han}/u.test(body.value) ? 'zh' : undefined) ??
      services.config.defaultLocale;
    await ack({ options: await pickerOptions(services, body.action_id, body.value, locale) });
  });

  app.event('app_mention', async ({ event, body, context }) => {
    if (event.bot_id || !event.user) return;
    const origin = {
      space: spaceOf(context),
      user: event.user,
      channel: event.channel,
      direct: false,
      thread: event.thread_ts ?? event.ts,
    };
    await handler.handle({ id: body.event_id, origin, read: () => readMessage(event.text, registry) });
  });

  app.event('message', async ({ event, body, context }) => {
    // Joins, edits, files and what bots say are no questions.
    if (event.channel_type !== 'im' || event.subtype !== undefined || event.bot_id || !event.user) return;
    const origin = { space: spaceOf(context), user: event.user, channel: event.channel, direct: true, thread: event.thread_ts };
    await handler.handle({ id: body.event_id, origin, read: () => readMessage(event.text ?? '', registry) });
  });

  app.event('app_home_opened', async ({ event, context }) => {
    if (event.tab === 'home') await home.show(spaceOf(context), event.user, event.channel);
  });

  app.event('app_uninstalled', ({ context }) => removed(context));
  app.event('tokens_revoked', async ({ event, context }) => {
    // A person's own token may go while the app stays.
    if ((event.tokens.bot ?? []).length > 0) await removed(context);
  });
}

function originOf(body: BlockAction, context: AllMiddlewareArgs['context'], respond: Origin['respond']): Origin {
  const { user, channel, message, container, view } = body;
  const base = { space: spaceOf(context), user: user.id, userName: user.name ?? user.username };
  // In the App Home there is no channel: answers go to the person's conversation with us, whose id the view carries.
  if (!channel) return { ...base, channel: view?.private_metadata || user.id, direct: true };
  const thread: string | undefined = message?.thread_ts ?? container.thread_ts;
  return {
    ...base,
    channel: channel.id,
    direct: false,
    // The first message of a thread stands in the channel, and so do answers to its buttons.
    ...(thread && thread !== (message?.ts ?? container.message_ts) && { thread }),
    ephemeral: container.is_ephemeral === true,
    respond: body.response_url ? respond : undefined,
  };
}

function isPublic({ registry }: Services, read: Incoming['read']): boolean {
  try {
    const parsed = read();
    return 'command' in parsed && registry.get(parsed.command)?.visibility === 'public';
  } catch {
    return false;
  }
}
