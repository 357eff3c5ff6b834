import type { Registry } from '../../core/command.ts';
import { usage } from '../../core/help.ts';
import { UMBRELLA } from './decode.ts';
import { clip, LIMITS } from './limits.ts';

/** What the bot may do, and nothing more. */
export const BOT_SCOPES = [
  /** Answer when someone writes @Gradient Tutor. */
  'app_mentions:read',
  /** Go on with a talk in the threads of our answers, and see whether we are in a channel before a quiz starts there. */
  'channels:history',
  'chat:write',
  'commands',
  /** Charts and exports. */
  'files:write',
  /** Notes that people share with the app in its own conversation. */
  'files:read',
  'groups:history',
  /** Read what people write to the app in its own conversation. */
  'im:history',
  /** Who is an admin of the workspace, how people are called, and which language Slack speaks to them. */
  'users:read',
] as const;

/** The entry in a message's menu. */
export const SAVE_AS_NOTE = 'save-as-note';

const EVENTS = [
  ...['app_home_opened', 'app_mention', 'app_uninstalled', 'message.channels', 'message.groups', 'message.im', 'tokens_revoked'],
];

/**
 * Slack's own commands: one of them in a manifest, and Slack refuses the whole of it. A command of ours with such a
 * name is reached as `/tutor name`.
 */
const RESERVED = [
  ...['active', 'apps', 'archive', 'away', 'call', 'close', 'collapse', 'dm', 'dnd', 'expand', 'feed', 'feedback', 'invite'],
  ...['invite_people', 'join', 'keys', 'kick', 'leave', 'me', 'msg', 'mute', 'open', 'part', 'prefs', 'pro', 'remind', 'remove'],
  ...['rename', 's', 'search', 'shortcuts', 'shrug', 'star', 'status', 'topic', 'unarchive', 'who'],
];

/**
 * The app's manifest, which Slack makes an app from.
 * @param url public address of the program for SLACK_MODE=http; without it the app uses Socket Mode
 */
export function createManifest(registry: Registry, url?: string) {
  const request = url && new URL('/slack/events', url).href;
  const command = (name: string, description: string, hint: string) => ({
    command: `/${name}`,
    ...(request && { url: request }),
    description,
    ...(hint !== '' && { usage_hint: clip(hint, LIMITS.usageHint) }),
    should_escape: false,
  });
  const commands = [...registry.values()]
    .filter(({ name }) => !RESERVED.includes(name) && name !== UMBRELLA)
    .slice(0, LIMITS.commands - 1)
    .map((one) => command(one.name, `${one.description.en} · ${one.description.zh}`, usage(one).slice(one.name.length + 2)));
  return {
    display_information: {
      name: 'Gradient Tutor',
      description: 'A tutor for machine-learning study groups whose claims you can run · 机器学习学习小组的助教',
      background_color: '#1f2937',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'Gradient Tutor', always_online: true },
      shortcuts: [
        {
          name: 'Save as note',
          type: 'message',
          callback_id: SAVE_AS_NOTE,
          description: 'Keep this message among the group’s notes · 收进本组笔记',
        },
      ],
      slash_commands: [...commands, command(UMBRELLA, 'Any command, or a question · 任何命令，或直接提问', 'explain batchnorm | why …?')],
    },
    oauth_config: {
      ...(url && { redirect_urls: [new URL('/slack/oauth_redirect', url).href] }),
      scopes: { bot: [...BOT_SCOPES] },
    },
    settings: {
      event_subscriptions: { ...(request && { request_url: request }), bot_events: EVENTS },
      interactivity: { is_enabled: true, ...(request && { request_url: request, message_menu_options_url: request }) },
      org_deploy_enabled: false,
      socket_mode_enabled: !url,
      token_rotation_enabled: false,
    },
  };
}
