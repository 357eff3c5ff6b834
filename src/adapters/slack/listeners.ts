import type { AllMiddlewareArgs, App, BlockAction, Context, MessageShortcut } from '@slack/bolt';
import { isWhispered } from '../../core/command.ts';
import { actionId } from '../../core/ids.ts';
import { toLocale } from '../../core/locale.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import { type Incoming, type Origin, readSlash } from './decode.ts';
import { registerForms } from './forms.ts';
import type { Handler } from './handle.ts';
import type { Home } from './home.ts';
import { spaceOf } from './installations.ts';
import { unescapeText } from './limits.ts';
import { SAVE_AS_NOTE } from './manifest.ts';
import { registerMessages } from './messages.ts';
import { PICKER, pickerOptions, readPicker } from './picker.ts';
import { BUTTON } from './render.ts';

export interface ListenerDeps {
  services: Services;
  handler: Handler;
  api: SlackApi;
  home: Home;
  /** The app was removed from a workspace. */
  removed: (context: Context) => Promise<void>;
}

type Acknowledge = (response?: never) => Promise<void>;

/**
 * Slack shows a command to the channel when the acknowledgement says so, and waits three seconds for it. So long we
 * wait for what the answer is: one for the person alone must not show the command either.
 */
const LATEST = 1_500;

/**
 * Tells Bolt what we listen to. Presses are acknowledged before any work. A failed acknowledgement (the socket has
 * just gone) does not undo what the person did.
 */
export function registerListeners(app: App, { services, handler, api, home, removed }: ListenerDeps): void {
  const { registry, log, clock } = services;
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
    let done: Promise<void> | undefined;
    const once = async (shown: boolean): Promise<false> => {
      stop();
      done ??= acknowledge(() => ack(shown ? { response_type: 'in_channel' } : undefined));
      await done;
      return false;
    };
    // What takes longer is a run, which everyone sees.
    const stop = clock.schedule(clock.now() + LATEST, () => void once(isPublic(services, read)));
    await handler.handle({ id: command.trigger_id, origin, read, acknowledge: once });
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
    const chosen = action.type === 'external_select' ? action.selected_option?.value : undefined;
    const parsed = chosen === undefined ? undefined : readPicker(action.action_id, chosen);
    if (parsed) await handler.handle({ id: body.trigger_id, origin: originOf(body, context, respond), read: () => parsed });
  });

  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: PICKER }, async ({ body, ack, context }) => {
    const space = spaceOf(context);
    const locale =
      (await services.settings.localeOf('slack', space, 'user', body.user.id)) ??
      toLocale(/\p{Script=Han}/u.test(body.value) ? 'zh' : undefined) ??
      services.config.defaultLocale;
    await ack({ options: await pickerOptions(services.within({ platform: 'slack', space }), body.action_id, body.value, locale) });
  });

  registerMessages(app, { services, handler, api });

  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: SAVE_AS_NOTE }, async ({ shortcut, ack, respond, context }) => {
    await acknowledge(ack);
    const { channel, message, user, team, trigger_id: id } = shortcut;
    const origin: Origin = {
      space: spaceOf(context),
      user: user.id,
      userName: user.name,
      channel: channel.id,
      direct: false,
      ephemeral: true,
      respond,
    };
    const url = team?.domain && `https://${team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    const author = message.user ?? '';
    const about = {
      author: { id: author, name: author },
      text: author === '' ? '' : unescapeText(message.text ?? ''),
      ...(url && { url }),
    };
    await handler.handle({ id, origin, read: () => ({ action: actionId('notes', 'keep'), options: {}, about }) });
  });
  registerForms(app, { services, handler, api, originOf });

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
    return 'command' in parsed && !isWhispered(registry.get(parsed.command), parsed.options);
  } catch {
    return false;
  }
}
