import { createHmac } from 'node:crypto';
import { optionProblems } from './block-kit.ts';
import * as payloads from './payloads.ts';
import type { Envelope, Hook, SlackCom } from './slack-com.ts';
import type { Member } from './workspace.ts';

export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

/** How Slack's messages reach the program. */
export type Transport = (envelope: Envelope, options?: { envelopeId?: string }) => Promise<Ack>;

export interface Ack {
  ackMs: number;
  body: unknown;
}

/** Something a person did, and what came of it for them alone. */
export interface Deed {
  ack: Ack;
  hook: Hook;
  trigger: string;
}

export interface Driver {
  slash(place: payloads.Place, member: Member, line: string, trigger?: string): Promise<Deed>;
  press(place: payloads.Place, member: Member, press: payloads.Press, trigger?: string): Promise<Deed>;
  /** An entry of a message's menu. */
  shortcut(place: payloads.Place, member: Member, callback: string, message: { user: string; text: string; ts: string }): Promise<Deed>;
  pressHome(team: string, member: Member, view: Record<string, unknown>, press: payloads.Press): Promise<Ack>;
  /** Sends a form that the program has opened. */
  submit(team: string, member: Member, view: Record<string, unknown>, typed: string): Promise<Ack>;
  suggest(place: payloads.Place, member: Member, actionId: string, typed: string): Promise<{ value: string; text: { text: string } }[]>;
  event(team: string, event: Record<string, unknown>, options?: { id?: string; retry?: number }): Promise<Ack>;
  /** Milliseconds of every acknowledgement. */
  acks: number[];
}

/** Does what Slack does when a person types or presses, strictly as Slack does it. */
export function createDriver(com: SlackCom, transport: Transport): Driver {
  const acks: number[] = [];
  const send: Transport = async (envelope, options) => {
    const ack = await transport(envelope, options);
    acks.push(ack.ackMs);
    return ack;
  };
  return {
    acks,
    async slash(place, member, line, trigger = payloads.triggerId()) {
      const hook = com.openHook('commands', place.team);
      const [, command, text] = /^(\/\S+)\s*([\s\S]*)$/.exec(line) ?? [];
      const payload = payloads.slashPayload(place, member, command!, escapeTyped(text!), hook, trigger);
      const ack = await send({ type: 'slash_commands', payload, accepts_response_payload: true });
      return { ack, hook, trigger };
    },
    async press(place, member, press, trigger = payloads.triggerId()) {
      const hook = com.openHook('actions', place.team);
      const ack = await send({ type: 'interactive', payload: payloads.actionPayload(place, member, press, hook, trigger) });
      return { ack, hook, trigger };
    },
    async shortcut(place, member, callback, message) {
      const hook = com.openHook('actions', place.team);
      const trigger = payloads.triggerId();
      const ack = await send({ type: 'interactive', payload: payloads.shortcutPayload(place, member, callback, message, hook, trigger) });
      return { ack, hook, trigger };
    },
    pressHome: (team, member, view, { element, option }) =>
      send({ type: 'interactive', payload: payloads.homeActionPayload(team, member, view, element, payloads.triggerId(), option) }),
    submit: (team, member, view, typed) =>
      send({
        type: 'interactive',
        payload: payloads.submissionPayload(team, member, view, typed, payloads.triggerId()),
        accepts_response_payload: true,
      }),
    async suggest(place, member, actionId, typed) {
      const payload = payloads.suggestionPayload(place, member, actionId, typed);
      const { body } = await send({ type: 'interactive', payload, accepts_response_payload: true });
      const { options } = body as { options: { value: string; text: { text: string } }[] };
      com.violations.push(...optionProblems(options));
      return options;
    },
    event(team, event, { id, retry } = {}) {
      const payload = payloads.eventPayload(team, event, id);
      return send({ type: 'events_api', payload, ...(retry && { retry_attempt: retry, retry_reason: 'timeout' }) });
    },
  };
}

/** Over Socket Mode. */
export function overSocket(com: SlackCom): Transport {
  return (envelope, { envelopeId } = {}) => com.socket.send(envelope, envelopeId);
}

export interface SignedOptions {
  secret?: string;
  /** Seconds since the epoch, as the header says. */
  timestamp?: number;
}

/** Over signed HTTP; the content type is exactly Slack's, without a charset. */
export function overHttp(url: string, com: SlackCom): Transport {
  return async ({ type, payload, retry_attempt, retry_reason }) => {
    const form = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) };
    const [contentType, body] =
      type === 'events_api'
        ? ['application/json', JSON.stringify(payload)]
        : ['application/x-www-form-urlencoded', new URLSearchParams(form as Record<string, string>).toString()];
    const retry: Record<string, string> = retry_attempt
      ? { 'X-Slack-Retry-Num': String(retry_attempt), 'X-Slack-Retry-Reason': retry_reason ?? '' }
      : {};
    const sent = performance.now();
    const response = await post(url, body, contentType, {}, retry);
    const text = await response.text();
    const ackMs = performance.now() - sent;
    if (ackMs > 3_000 || response.status !== 200) {
      com.violations.push(`${type}: acknowledged with ${response.status} after ${Math.round(ackMs)} ms`);
      throw new Error(`${type}: acknowledged with ${response.status} after ${Math.round(ackMs)} ms`);
    }
    return { ackMs, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** One signed request, for what Slack would never send too. */
export function post(
  url: string,
  body: string,
  contentType: string,
  { secret = SIGNING_SECRET, timestamp = Math.floor(Date.now() / 1000) }: SignedOptions = {},
  headers: Record<string, string> = {},
): Promise<globalThis.Response> {
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': contentType,
      'X-Slack-Request-Timestamp': String(timestamp),
      'X-Slack-Signature': signature,
      ...headers,
    },
    // Bytes, since fetch would add a charset to the type of a string.
    body: Buffer.from(body),
    signal: AbortSignal.timeout(60_000),
  });
}

/** Slack escapes three characters of what people type. */
function escapeTyped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
