import { randomBytes } from 'node:crypto';
import type { Hook } from './slack-com.ts';
import type { Member } from './workspace.ts';

/** Slack's messages to an app, shaped like the recordings in ../shared/specs/recorded; a test compares the two. */
export interface Place {
  team: string;
  channel: string;
}

export interface ShownMessage {
  ts: string;
  thread_ts?: string;
  text?: string;
  blocks?: unknown[];
}

export interface PressedElement {
  type: string;
  action_id: string;
  value?: string;
  text?: unknown;
  style?: string;
}

const APP = 'A00TUTOR';
const VERIFICATION = 'verification-token';

/** Unlike any other delivery; Slack's own are longer. */
export function triggerId(): string {
  return `${Date.now()}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
}

export function slashPayload(place: Place, member: Member, command: string, text: string, hook: Hook, trigger: string) {
  return {
    token: VERIFICATION,
    team_id: place.team,
    team_domain: place.team.toLowerCase(),
    channel_id: place.channel,
    channel_name: 'study',
    user_id: member.id,
    user_name: member.name,
    command,
    text,
    api_app_id: APP,
    is_enterprise_install: 'false',
    response_url: hook.url,
    trigger_id: trigger,
  };
}

export interface Press {
  message: ShownMessage;
  element: PressedElement;
  blockId?: string;
  ephemeral?: boolean;
  /** For a list: what was chosen. */
  option?: { text: unknown; value: string };
}

export function actionPayload(place: Place, member: Member, press: Press, hook: Hook, trigger: string) {
  const { message, element, ephemeral = false, option, blockId = 'b1' } = press;
  return {
    type: 'block_actions',
    user: { id: member.id, username: member.name, name: member.name, team_id: place.team },
    api_app_id: APP,
    token: VERIFICATION,
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: place.channel,
      is_ephemeral: ephemeral,
      ...(message.thread_ts && { thread_ts: message.thread_ts }),
    },
    trigger_id: trigger,
    team: { id: place.team, domain: place.team.toLowerCase() },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: place.channel, name: 'study' },
    // Slack does not show what it shows to one person.
    ...(!ephemeral && {
      message: { user: 'U00TUTOR', type: 'message', bot_id: 'B00TUTOR', app_id: APP, team: place.team, ...message },
    }),
    state: { values: {} },
    response_url: hook.url,
    actions: [
      {
        ...element,
        block_id: blockId,
        action_ts: `${Date.now() / 1000}`,
        ...(option && { selected_option: option }),
      },
    ],
  };
}

/** An entry of a message's menu. */
export function shortcutPayload(
  place: Place,
  member: Member,
  callback: string,
  message: { user: string; text: string; ts: string },
  hook: Hook,
  trigger: string,
) {
  return {
    type: 'message_action',
    token: VERIFICATION,
    action_ts: `${Date.now() / 1000}`,
    team: { id: place.team, domain: place.team.toLowerCase() },
    user: { id: member.id, username: member.name, team_id: place.team, name: member.name },
    channel: { id: place.channel, name: 'study' },
    is_enterprise_install: false,
    enterprise: null,
    callback_id: callback,
    trigger_id: trigger,
    response_url: hook.url,
    message_ts: message.ts,
    message: { type: 'message', team: place.team, ...message },
  };
}

/** A press on the App Home: no channel, no message, no response_url. */
export function homeActionPayload(
  team: string,
  member: Member,
  view: Record<string, unknown>,
  element: PressedElement,
  trigger: string,
  option?: Press['option'],
) {
  return {
    type: 'block_actions',
    user: { id: member.id, username: member.name, name: member.name, team_id: team },
    api_app_id: APP,
    token: VERIFICATION,
    container: { type: 'view', view_id: view.id ?? 'V00HOME' },
    trigger_id: trigger,
    team: { id: team, domain: team.toLowerCase() },
    enterprise: null,
    is_enterprise_install: false,
    view,
    actions: [{ ...element, block_id: 'b1', action_ts: `${Date.now() / 1000}`, ...(option && { selected_option: option }) }],
  };
}

/** A form that was sent, with what was typed into its only field. */
export function submissionPayload(team: string, member: Member, view: Record<string, unknown>, typed: string, trigger: string) {
  const [block] = view.blocks as { block_id: string; element: { action_id: string } }[];
  const values = { [block!.block_id]: { [block!.element.action_id]: { type: 'plain_text_input', value: typed } } };
  return {
    type: 'view_submission',
    team: { id: team, domain: team.toLowerCase() },
    user: { id: member.id, username: member.name, name: member.name, team_id: team },
    api_app_id: APP,
    token: VERIFICATION,
    trigger_id: trigger,
    view: { id: 'V00FORM', team_id: team, hash: '1.1', ...view, state: { values } },
    response_urls: [],
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function suggestionPayload(place: Place, member: Member, actionId: string, typed: string) {
  return {
    type: 'block_suggestion',
    user: { id: member.id, username: member.name, name: member.name, team_id: place.team },
    container: { type: 'message', message_ts: '1.1', channel_id: place.channel, is_ephemeral: false },
    api_app_id: APP,
    token: VERIFICATION,
    action_id: actionId,
    block_id: 'b1',
    value: typed,
    team: { id: place.team, domain: place.team.toLowerCase() },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: place.channel, name: 'study' },
  };
}

export function eventPayload(team: string, event: Record<string, unknown>, eventId = `Ev${randomBytes(5).toString('hex').toUpperCase()}`) {
  return {
    token: VERIFICATION,
    team_id: team,
    api_app_id: APP,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: 'U00TUTOR', is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  };
}

export function mentionEvent(channel: string, member: Member, team: string, text: string, thread?: string) {
  const ts = `${Math.floor(Date.now() / 1000)}.${String(randomBytes(3).readUIntBE(0, 3) % 1_000_000).padStart(6, '0')}`;
  return { type: 'app_mention', user: member.id, ts, text, team, channel, event_ts: ts, ...(thread && { thread_ts: thread }) };
}

export function directEvent(channel: string, member: Member, team: string, text: string) {
  return { ...mentionEvent(channel, member, team, text), type: 'message', channel_type: 'im' };
}
