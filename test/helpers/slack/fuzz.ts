import fc from 'fast-check';
import { eventPayload, slashPayload } from './payloads.ts';

/** Chance is fixed, so that a failure comes again. */
const SEED = 20_261_124;

export function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}

const member = { id: 'U00FUZZ', name: 'fuzz' };
const hook = { url: 'http://127.0.0.1:9/none' };
const names = ['connected', 'close', 'error', 'disconnected', 'ws_message', 'slack_event', 'outgoing_message', '__proto__', 'toString', ''];

/** What was seen to end the program, and its kin. */
export function hostile(team: string): string[] {
  const inner = [undefined, null, 1, 'x', [], {}, { event: null }, { event: {} }, { event: [] }, { event: { type: null } }];
  return [
    ...['null', 'true', '7', '"hello"', '[]', '{}', '', '{', '\u0000'],
    ...['events_api', 'interactive', 'slash_commands', 'unheard_of', null, 3].flatMap((type) =>
      inner.flatMap((payload) => [JSON.stringify({ type, payload }), JSON.stringify({ type, envelope_id: 'e', payload })]),
    ),
    ...names.map((type) => JSON.stringify({ type: 'events_api', envelope_id: 'e', payload: eventPayload(team, { type }) })),
    ...names.map((type) => JSON.stringify({ type, envelope_id: 'e', payload: {} })),
  ];
}

/** Envelopes as Slack sends them, to be taken apart. */
function genuine(team: string): Record<string, unknown>[] {
  const place = { team, channel: 'C00FUZZ' };
  const container = { type: 'message', message_ts: '1.1', channel_id: place.channel, is_ephemeral: false };
  const press = (actions: unknown[], more: object = {}) => ({
    ...{
      type: 'block_actions',
      user: { id: member.id },
      team: { id: team },
      channel: { id: place.channel },
      container,
      trigger_id: 't',
      actions,
    },
    ...more,
  });
  return [
    { type: 'slash_commands', payload: slashPayload(place, member as never, '/nonsense', 'x', hook as never, 't') },
    { type: 'interactive', payload: press([{ type: 'button', action_id: 'tutor-0', value: '1~quiz~pick~x~0~0', block_id: 'b' }]) },
    { type: 'interactive', payload: press([{ type: 'external_select', action_id: 'choose~nonsense~x', block_id: 'b' }]) },
    { type: 'interactive', payload: press([], { type: 'view_submission', view: { callback_id: 'tutor-form', private_metadata: '{}' } }) },
    { type: 'interactive', payload: press([], { type: 'block_suggestion', action_id: 'choose~explain~topic', value: 'x', block_id: 'b' }) },
    ...['app_mention', 'message', 'app_home_opened', 'tokens_revoked'].map((type) => ({
      type: 'events_api',
      payload: eventPayload(
        team,
        { type, user: member.id, channel: 'C00FUZZ', channel_type: 'im', ts: '1.1', text: '/nonsense', tokens: {} },
        'Ev1',
      ),
    })),
  ];
}

const leaf = fc.oneof(
  fc.constantFrom(null, undefined, '', 0, -1, true, [], {}, 'U1', '1~x', '\u202e'),
  fc.string({ maxLength: 12 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A genuine payload with up to three of its fields, at any depth, taken away or replaced. */
const mutated = (team: string): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(fc.constantFrom(...genuine(team)), fc.array(fc.tuple(fc.nat(200), leaf), { minLength: 1, maxLength: 3 }), fc.nat())
    .map(([whole, changes, id]) => {
      const copy = structuredClone({ ...whole, envelope_id: `e${id}` }) as Record<string, unknown>;
      for (const [at, value] of changes) {
        const paths = pathsOf(copy);
        const [holder, key] = paths[at % paths.length]!;
        if (value === undefined) delete holder[key];
        else holder[key] = value;
      }
      return copy;
    });

function pathsOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(
    ([key, inner]) => [[value as Record<string, unknown>, key], ...pathsOf(inner)] as [Record<string, unknown>, string][],
  );
}

export function anyFrame(team: string): fc.Arbitrary<string> {
  const text = (value: fc.Arbitrary<unknown>) => value.map((one) => JSON.stringify(one) ?? 'undefined');
  return fc.oneof(
    { weight: 6, arbitrary: text(mutated(team)) },
    { weight: 2, arbitrary: text(fc.jsonValue({ maxDepth: 3 })) },
    { weight: 1, arbitrary: fc.constantFrom(...hostile(team)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  );
}

export interface Sent {
  body: string;
  type: string;
  signed: boolean;
}

export function anyBody(team: string): fc.Arbitrary<Sent> {
  const type = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-8');
  const signed = fc.integer({ min: 0, max: 9 }).map((n) => n > 0);
  const payload = mutated(team).map(({ payload }) => payload);
  const body = fc.oneof(
    { weight: 3, arbitrary: payload.map((value) => JSON.stringify(value) ?? '') },
    { weight: 3, arbitrary: payload.map((value) => new URLSearchParams({ payload: JSON.stringify(value) ?? '' }).toString()) },
    {
      weight: 2,
      arbitrary: payload.map((value) =>
        new URLSearchParams(Object.entries(value ?? {}).map(([key, one]): [string, string] => [key, String(one)])).toString(),
      ),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  );
  return fc.record({ body, type, signed });
}
