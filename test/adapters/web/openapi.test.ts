import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../../../src/adapters/web/app.ts';
import { openBundle } from '../../../src/adapters/web/bundle.ts';
import { createIdentity } from '../../../src/adapters/web/identity.ts';
import { createImageStore } from '../../../src/adapters/web/images.ts';
import { VIEWS } from '../../../src/adapters/web/pages.ts';
import { createRooms } from '../../../src/adapters/web/room.ts';
import { createSessions } from '../../../src/adapters/web/sessions.ts';
import { say, whisper } from '../../../src/core/reply.ts';
import { HOST_PASSWORD, setPassword } from '../../../src/store/secrets.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

interface Answer {
  $ref?: string;
  content?: Record<string, unknown>;
}

interface OpenApi {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: { responses: Record<string, Answer> };
}

let playground: Awaited<ReturnType<typeof startPlayground>>;
let api: OpenApi;
const client = createWebClient(() => playground.url);
const ana = client.jarOf('ana');
const PASSWORD = 'open sesame';
const ajv = new Ajv2020({ strict: false, allErrors: true });
const covered = new Set<string>();

beforeAll(async () => {
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'openapi-')) });
  await setPassword(playground.services.store.db, HOST_PASSWORD, PASSWORD);
  api = (await client.get('/api/openapi.json')) as OpenApi;
  ajv.addSchema(api, 'api');
});
afterAll(() => playground.close());

/** What stands in the way of `value` being what the description says at `pointer`. */
function misfits(pointer: string, value: unknown): string[] {
  const validate = ajv.getSchema(`api#${pointer}`) ?? ajv.compile({ $ref: `api#${pointer}` });
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const pointerPart = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Asks the real server and holds the answer against the description of its status and type. */
async function check(method: 'get' | 'post', template: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const response = await ana.fetch(playground.url + path, {
    method: method.toUpperCase(),
    redirect: 'manual',
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    }),
  });
  const key = `${method} ${template} ${response.status}`;
  const described = api.paths[template]?.[method]?.responses[response.status];
  expect(described, key).toBeDefined();
  covered.add(`${method} ${template}`);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const pointer = described!.$ref?.slice(1) ?? `/paths/${pointerPart(template)}/${method}/responses/${response.status}`;
  const { content } = described!.$ref ? api.components.responses[described!.$ref.split('/').at(-1)!]! : described!;
  if (content)
    expect(
      Object.keys(content).some((one) => one === type || one === '*/*'),
      `${key}: ${type}`,
    ).toBe(true);
  const text = await response.text();
  if (!content?.[type] || type !== 'application/json') return { status: response.status, json: text };
  const json: unknown = JSON.parse(text);
  expect(misfits(`${pointer}/content/${pointerPart(type)}/schema`, json), key).toEqual([]);
  return { status: response.status, json };
}

it('is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(api) as unknown as Record<string, unknown>);
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
});

it('describes what every route really answers', { timeout: 60_000 }, async () => {
  const messages = '/api/rooms/{room}/messages';
  const lines = [
    '/help',
    '/topics',
    '/explain batchnorm',
    'why is the sky blue?',
    '/scores',
    '/quiz status',
    '/demo',
    '/lang',
    '/nonsense',
  ];
  await check('get', '/api/progress', '/api/progress');
  await check('get', '/api/me', '/api/me');
  await check('post', '/api/me/old', '/api/me/old', { user: 'Old' });
  await check('post', '/api/me', '/api/me', { user: 'ana' });
  await playground.services.store.db
    .insertInto('web_old_names')
    .values(['Old', 'Older'].map((name) => ({ name, claimed_by: null })))
    .execute();
  await check('get', '/api/me/old', '/api/me/old?name=Old');
  for (const user of ['Old', 'Old', '']) await check('post', '/api/me/old', '/api/me/old', { user });
  await check('post', '/api/me', '/api/me', { user: '' });
  await check('post', '/api/tokens', '/api/tokens', { user: 'robot' });
  await check('get', '/api/me', '/api/me');
  for (const text of lines) await check('post', messages, '/api/rooms/api/messages', { user: 'ana', text });
  const demo = await check('post', messages, '/api/rooms/api/messages', { user: 'ana', text: '/demo gradient-descent seed:3' });
  // This one diverges: its numbers have gaps.
  await check('post', messages, '/api/rooms/api/messages', { user: 'ana', text: '/demo gradient-descent rates:3 steps:1000 seed:3' });
  await check('post', messages, '/api/rooms/api/messages', { user: 'ana', text: '/quiz start questions:1 lobby:0' });
  const { json: quiz } = await check('get', '/api/rooms/{room}/quiz', '/api/rooms/api/quiz');
  for (const room of ['a%2Fb', 'empty']) await check('get', '/api/rooms/{room}/quiz', `/api/rooms/${room}/quiz`);
  for (const code of [(quiz as { code: string }).code, 'AAAAAA']) await check('get', '/api/join/{code}', `/api/join/${code}`);
  await check('post', messages, '/api/rooms/api/messages', { user: '', text: 'x' });
  await check('post', messages, '/api/rooms/api/messages', 'x'.repeat(400_000));
  const files = '/api/rooms/{room}/files';
  const note = { user: 'ana', name: 'gru.md', size: 20, data: Buffer.from('# GRU\n\nTwo gates.\n').toString('base64') };
  for (const body of [note, { ...note, data: 'no base64!' }, 'x'.repeat(2_000_000)])
    await check('post', files, '/api/rooms/api/files', body);
  const file = { type: 'file', name: 'a.json', mime: 'application/json', text: '{}' } as const;
  const all = say([
    file,
    { type: 'heading', text: 'h' },
    { type: 'note', text: 'n', tone: 'warning' },
    { type: 'fields', items: [{ name: 'a', value: 'b' }] },
    { type: 'table', columns: ['a'], rows: [['b']] },
    { type: 'deadline', text: '{time}', at: 1 },
    { type: 'divider' },
  ]);
  const room = { platform: 'web', space: 'local', room: 'api' } as const;
  await playground.services.outbox.post(room, all, 'all-blocks');
  await playground.services.outbox.direct('web', 'local', { id: await client.idOf('ana') }, whisper([{ type: 'note', text: 'for you' }]));
  await check('get', messages, '/api/rooms/api/messages');
  await check('get', messages, '/api/rooms/a%2Fb/messages');
  await check('get', '/files/{message}/{index}', '/files/all-blocks/0');
  await check('get', '/files/{message}/{index}', '/files/none/0');
  const { url } = (demo.json as { blocks: { url?: string }[] }).blocks.find((block) => block.url)!;
  await check('get', '/images/{file}', url!);
  await check('get', '/images/{file}', `/images/${'0'.repeat(64)}.png`);
  await check('get', '/api/demos', '/api/demos?locale=zh');
  await check('get', '/api/topics', '/api/topics');
  await check('get', '/api/notes', '/api/notes');
  await check('get', '/api/notes/find', '/api/notes/find?q=why%20is%20dropout%20off%20at%20test%20time');
  await check('get', '/api/notes/{topic}', '/api/notes/dropout');
  await check('get', '/api/notes/{topic}', '/api/notes/nonsense');
  await check('get', '/api/scores', '/api/scores?period=week&topic=batch-size&room=api');
  await check('get', '/api/progress', '/api/progress?locale=zh');
  for (const query of ['period=ever', 'season=9', 'topic=none', 'room=a%2Fb']) await check('get', '/api/scores', `/api/scores?${query}`);
  const dead = { id: '00000000-0000-4000-8000-000000000000', how: 'retry' };
  await check('get', '/api/host', '/api/host');
  await check('post', '/api/host/dead-runs', '/api/host/dead-runs', dead);
  await check('post', '/api/host/login', '/api/host/login', { password: 'guess' });
  await check('post', '/api/host/login', '/api/host/login', { password: PASSWORD });
  await check('get', '/api/host', '/api/host');
  await check('get', '/api/items', '/api/items?locale=zh');
  for (const name of ['Older', 'none']) await check('post', '/api/host/old-names', '/api/host/old-names', { name });
  await check('post', '/api/host/dead-runs', '/api/host/dead-runs', dead);
  await check('post', '/api/host/logout', '/api/host/logout', {});
  await check('get', '/api/items', '/api/items');
  await check('post', '/api/logout', '/api/logout', {});
  await check('get', '/login', '/login?next=/lab');
  await check('post', '/login', '/login', '');
  await check('get', '/api/complete', '/api/complete?line=/');
  await check('get', '/api/strings', '/api/strings?locale=zh');
  await check('get', '/api/openapi.json', '/api/openapi.json');
  await check('get', '/health', '/health');
  await check('get', '/livez', '/livez');
  await check('get', '/readyz', '/readyz');
  await check('post', '/api/runs', '/api/runs', { demo: 'none' });
  const runs = await check('post', '/api/runs', '/api/runs', { user: 'ana', demo: 'gradient-descent', seed: 1 });
  for (const line of (runs.json as string).split('\n').filter(Boolean))
    expect(misfits('/components/schemas/RunLine', JSON.parse(line))).toEqual([]);
  await check('get', '/api/rooms/{room}/events', '/api/rooms/a%2Fb/events');
});

it('describes what the stream really brings', async () => {
  const stream = await client.follow('api', 'ana');
  await stream.until((events) => events.some(({ type }) => type === 'ready'));
  stream.close();
  expect(stream.messages().length).toBeGreaterThan(20);
  for (const message of stream.messages())
    expect(misfits('/components/schemas/Message', message), JSON.stringify(message).slice(0, 200)).toEqual([]);
});

it('leaves no route out, and describes none that there is not', async () => {
  const { services, dispatch } = playground;
  const images = createImageStore(mkdtempSync(join(tmpdir(), 'images-')));
  const rooms = await createRooms(services.store.db, images, services.clock.now);
  const sessions = createSessions(services.store.db, services.clock);
  const identity = await createIdentity(services.store.db, sessions);
  const app = createApp({
    services,
    dispatch,
    rooms,
    sessions,
    identity,
    images,
    page: openBundle(join(mkdtempSync(join(tmpdir(), 'page-')), 'page')),
    adapters: () => [],
    closing: new AbortController().signal,
  });
  const pages = new Set<string>([...VIEWS, '/static/page/:file', '/static/*', '/*']);
  const served = app.routes.filter(({ path }) => !pages.has(path)).map(({ method, path }) => `${method.toLowerCase()} ${path}`);
  const described = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method === 'get' || method === 'post')
      .map((method) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  expect([...new Set(served)].sort()).toEqual(described.sort());
  expect([...covered].map((key) => key.replaceAll(/\{(\w+)\}/g, ':$1')).sort()).toEqual(described.sort());
});

it('notices an answer that does not fit', () => {
  expect(misfits('/components/schemas/Reply', { visibility: 'public', text: '', blocks: [{ type: 'image', name: 'x' }] })).not.toEqual([]);
  expect(misfits('/components/schemas/ErrorReply', { visibility: 'private', text: '', blocks: [] })).not.toEqual([]);
});
