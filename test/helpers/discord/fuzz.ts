import fc from 'fast-check';

type Json = Record<string, unknown>;

/** Chance is fixed, so that a failure comes again. */
const SEED = 20_261_124;

export function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { numRuns: count, seed: SEED });
}

/** Events that discord.js reads, and some that nobody does. */
const EVENTS =
  'INTERACTION_CREATE MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE GUILD_CREATE GUILD_UPDATE GUILD_MEMBER_ADD GUILD_ROLE_CREATE CHANNEL_CREATE CHANNEL_UPDATE THREAD_CREATE THREAD_UPDATE THREAD_LIST_SYNC PRESENCE_UPDATE TYPING_START VOICE_STATE_UPDATE WEBHOOKS_UPDATE ENTITLEMENT_CREATE AUTO_MODERATION_RULE_CREATE STAGE_INSTANCE_CREATE UNHEARD_OF __proto__ toString'.split(
    ' ',
  );
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, 0, -1, 1.5, '', 'x', '9'.repeat(30), [], {}, [null], { id: null }),
  fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
);

/** Every path into a value, the deepest ones too. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))].filter(({ length }) => length > 0);
}

function changed(value: unknown, [key, ...rest]: string[], to: unknown): unknown {
  if (key === undefined) return to;
  const copy: Json | unknown[] = Array.isArray(value) ? [...value] : { ...(value as Json) };
  const slot = copy as Json;
  if (rest.length === 0 && to === undefined) delete slot[key];
  else slot[key] = changed(slot[key], rest, to);
  return copy;
}

/** Something that Discord sent, with one to three of its parts missing or of another kind. */
function takenApart(genuine: readonly { t: string; d: unknown }[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...genuine), fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }))
    .map(([{ t, d }, changes]) => {
      const broken = changes.reduce((value: unknown, [at, to]) => {
        const paths = pathsIn(value);
        return paths.length === 0 ? value : changed(value, paths[at % paths.length]!, to);
      }, d);
      return JSON.stringify({ op: 0, t, s: 1, d: broken });
    });
}

/** Events, envelopes and things that are neither; nothing in them ends a connection. */
export function frames(genuine: readonly { t: string; d: unknown }[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: takenApart(genuine) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...EVENTS), odd).map(([t, d]) => JSON.stringify({ op: 0, t, s: 1, d })) },
    {
      weight: 1,
      arbitrary: fc
        .record({ op: fc.constantFrom(0, 2, 3, 4, 6, 8, 11, 12, 99, null, 'x'), t: odd, s: odd, d: odd })
        .map((one) => JSON.stringify(one)),
    },
    { weight: 1, arbitrary: fc.oneof(fc.json(), fc.string(), fc.constantFrom('null', '', '{', '[]', '7')) },
  );
}

/** What the protocol itself is made of, broken: each may make the client begin again. */
export const protocol: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.constantFrom(1, 7, 9, 10, 11), odd).map(([op, d]) => JSON.stringify({ op, d })),
  fc
    .record({
      session_id: odd,
      resume_gateway_url: fc.constantFrom<unknown>('', 'no address', 'ws://127.0.0.1:9', null, 5, {}),
      guilds: odd,
      user: odd,
    })
    .map((d) => JSON.stringify({ op: 0, t: 'READY', s: 1, d })),
  fc.constantFrom('{"op":0,"t":"RESUMED"}', '{"op":0,"t":"READY"}', '{"op":0,"t":"READY","d":null}'),
);

/** What people type who mean it or do not: any script, pings, controls that turn the direction, long words. */
export const typed: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.constantFrom(
    '@everyone',
    '<@1>',
    '\u202Eabc',
    '\u2066x\u2069',
    '/demo',
    '/quiz stop',
    'depth:20',
    ':',
    '`'.repeat(40),
    'x'.repeat(300),
    '$\\frac{1}{0}$',
    '梯度消失',
  ),
  fc
    .array(fc.constantFrom('\u202E', '\u200F', '\u2067', 'a', '什么', ' ', ':', '"', '~'), { minLength: 1, maxLength: 20 })
    .map((parts) => parts.join('')),
);
