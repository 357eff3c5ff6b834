import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say } from '../../../src/core/reply.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const { post, read, idOf, jarOf } = createWebClient(() => playground.url);
beforeAll(async () => {
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'web-')) });
});
afterAll(() => playground.close());

describe('POST /api/rooms/:room/messages', () => {
  it('answers with the Reply as JSON, images as links', { timeout: 60_000 }, async () => {
    const explain = await post('api', { user: 'alice', text: '/explain batchnorm' });
    expect(explain.json.result).toMatchObject({
      kind: 'answer',
      topic: 'batch-normalization',
      answered: true,
    });
    const demo = await post('api', { user: 'alice', text: '/demo gradient-descent seed:1' });
    const image = demo.json.blocks.find(({ type }) => type === 'image')!;
    expect(image).toMatchObject({ name: 'gradient-descent.png', width: expect.any(Number), height: expect.any(Number) });
    const png = await fetch(`${playground.url}${image.url}`);
    expect(png.headers.get('content-type')).toBe('image/png');
    expect((await png.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  it('gives a file as a download to those who may see the message', async () => {
    const file = { type: 'file', name: '我的 data.json', mime: 'application/json', text: '{"a":"批"}' } as const;
    const room = { platform: 'web', space: 'local', room: 'files' } as const;
    await playground.services.outbox.direct('web', 'local', { id: await idOf('alice') }, say([file]));
    await playground.services.outbox.post(room, say([file]), 'open-file');
    const [message] = await read('files', 'bob', 1);
    const [block] = message!.blocks as unknown as { type: string; name: string; url: string; text?: string }[];
    expect(block).toEqual({ type: 'file', name: file.name, url: '/files/open-file/0' });
    const download = await fetch(`${playground.url}${block!.url}`);
    expect(await download.text()).toBe(file.text);
    expect(download.headers.get('content-disposition')).toContain(encodeURIComponent(file.name));
    const { id } = await playground.services.store.db
      .selectFrom('web_messages')
      .select('id')
      .where('room', '=', `@${await idOf('alice')}`)
      .executeTakeFirstOrThrow();
    const ask = async (user: string) =>
      (await jarOf(user).fetch(`${playground.url}/files/${encodeURIComponent(id)}/0?user=${await idOf('alice')}`)).status;
    expect([await ask('alice'), await ask('bob'), await ask('')]).toEqual([200, 404, 404]);
    expect((await fetch(`${playground.url}/files/nothing/0`)).status).toBe(404);
  });

  it.each([
    ['an empty name', { user: '', text: 'x' }, 'malformed-request'],
    ['no text', { user: 'a' }, 'malformed-request'],
    ['half a JSON', '{"user":', 'malformed-request'],
    ['an empty line', { user: 'a', text: '' }, 'empty-message'],
    ['an unknown command', { user: 'a', text: '/nonsense' }, 'unknown-command'],
    ['100 kB', { user: 'a', text: `why ${'x'.repeat(100_000)}` }, 'message-too-long'],
    ['a long name', { user: 'x'.repeat(40), text: 'hi' }, 'malformed-request'],
  ])('refuses %s', async (_what, body, code) => {
    const { status, json } = await post('bad', body);
    expect(status).toBe(400);
    expect(json.result).toMatchObject({ kind: 'error', code });
  });

  it('has one effect for the same id', async () => {
    for (let i = 0; i < 3; i++) await post('twice', { id: 'same', user: 'a', text: '/topics' });
    const { json } = await post('twice', { user: 'a', text: '/help' });
    expect(json.result).toMatchObject({ kind: 'info' });
    const messages = await read('twice', 'a', 4);
    expect(messages.map(({ author }) => (author as { bot: boolean }).bot)).toEqual([false, true, false, true]);
  });
});
