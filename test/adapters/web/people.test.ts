import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessions, KEPT } from '../../../src/adapters/web/sessions.ts';
import { resetHostPassword } from '../../../src/store/secrets.ts';
import { createJar, type Jar } from '../../helpers/jar.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { smallContent } from '../../helpers/small-content.ts';
import { everythingStored } from '../../helpers/stored.ts';
import type { WebReply } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const folder = mkdtempSync(join(tmpdir(), 'people-'));
beforeAll(async () => {
  playground = await startPlayground({ folder, freshSeed: () => 42, env: { CONTENT_DIR: smallContent() } });
});
afterAll(() => playground.close());

const post = async (jar: Pick<Jar, 'fetch'>, path: string, body: unknown, headers = {}) => {
  const response = await jar.fetch(playground.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as WebReply & { person?: { id: string; name: string }; token?: string } };
};
const become = async (name: string, jar = createJar()) => ({ jar, ...(await post(jar, '/api/me', { user: name })).json.person! });
const say = async (jar: Pick<Jar, 'fetch'>, text: string, more = {}) =>
  (await post(jar, '/api/rooms/main/messages', { text, ...more })).json;
const get = async (jar: Pick<Jar, 'fetch'>, path: string) => {
  const response = await jar.fetch(playground.url + path);
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};
/** Starts a review and leaves a question open in it. */
const study = (jar: Pick<Jar, 'fetch'>) => say(jar, '/review topic:batch-size');

it('a quiz’s boards speak the room’s language, and receipts each person’s', async () => {
  const [host, ben] = [await become('Host of zh'), await become('Ben of zh')];
  const at = (jar: Jar, text: string) => post(jar, '/api/rooms/zh-room/messages', { text });
  const password = await resetHostPassword(playground.services.store.db);
  await post(host.jar, '/api/host/login', { password });
  await at(host.jar, '/lang zh for:channel');
  await at(host.jar, '/lang en');
  const started = (await at(host.jar, '/quiz start lobby:60')).json;
  expect(JSON.stringify(started.blocks)).not.toMatch(/\p{Script=Han}/u);
  const shown = async () =>
    (await get(ben.jar, '/api/rooms/zh-room/messages')).json.messages as {
      author: { bot: boolean };
      blocks?: { type: string; text?: string }[];
    }[];
  await expect
    .poll(async () => (await shown()).some(({ blocks = [] }) => blocks.some(({ text }) => /^测验：/.test(text ?? ''))))
    .toBe(true);
  await at(ben.jar, '/lang zh');
  const joined = await Promise.all([host, ben].map(async ({ jar }) => JSON.stringify((await at(jar, '/quiz join')).json.blocks)));
  expect(joined[0]).toMatch(/You are in/);
  expect(joined[1]).toMatch(/\p{Script=Han}/u);
});

describe('a name is a label', () => {
  it('two browsers of one name share nothing, and are shown apart', async () => {
    const [one, two] = [await become('Alex'), await become('Alex')];
    expect([one.name, two.name]).toEqual(['Alex', 'Alex (2)']);
    expect(one.id).not.toBe(two.id);
    await study(one.jar);
    await say(one.jar, '/review remind:on hour:9 zone:UTC');
    const mine = (await get(one.jar, '/api/rooms/main/messages')).json.messages as { private: boolean }[];
    expect(mine.filter((message) => message.private).length).toBeGreaterThan(2);
    // Not by saying the name, not by saying the id.
    for (const query of ['', `?user=Alex`, `?user=${one.id}`]) {
      const theirs = (await get(two.jar, `/api/rooms/main/messages${query}`)).json.messages as { private: boolean }[];
      expect(theirs.filter((message) => message.private)).toEqual([]);
    }
    const said = await say(two.jar, '/export', { user: 'Alex' });
    const file = said.blocks.find(({ type }) => type === 'file') as unknown as { text: string };
    expect(JSON.parse(file.text)).toMatchObject({ person: { id: two.id }, learners: [], review_turns: [] });
    expect((await get(createJar(), '/api/progress')).status).toBe(401);
    expect((await get(createJar(), `/api/progress?user=Alex`)).status).toBe(401);
  });

  it('who has left nothing is forgotten once their session has run out; who has learnt, played or linked is not', async () => {
    const { db } = playground.services.store;
    let now = Date.UTC(2020, 0, 1);
    const sessions = createSessions(db, { ...playground.services.clock, now: () => now });
    const visit = async (name: string) => sessions.name(await sessions.open(), name);
    const [ghost, learner, player, linked] = [await visit('Ghost'), await visit('Learner'), await visit('Player'), await visit('Linked')];
    const web = { platform: 'web', space: 'local' } as const;
    await db
      .insertInto('people')
      .values({ ...web, user_id: player.id, name: 'Player', hidden: 0 })
      .execute();
    await db
      .insertInto('accounts')
      .values({ platform: 'slack', space: 'T', user_id: 'U', person_platform: 'web', person_space: 'local', person_id: linked.id })
      .execute();
    const card = { question_id: 'q', card: '{}', due: 0, rating: 3 };
    await db
      .insertInto('cards')
      .values({ ...web, user_id: learner.id, ...card })
      .execute();
    const left = async () => {
      const rows = await db.selectFrom('web_people').select('id').where('id', 'in', [ghost.id, learner.id, player.id, linked.id]).execute();
      return rows.map(({ id }) => id).sort();
    };
    now += KEPT - 1;
    await sessions.open();
    expect(await left()).toHaveLength(4);
    now += 3_600_001;
    await sessions.open();
    expect(await left()).toEqual([learner.id, player.id, linked.id].sort());
  });

  it('/forget-me in another browser of that name takes nothing', async () => {
    const [bob, other] = [await become('Bob'), await become('Bob')];
    await say(bob.jar, '/review remind:on hour:9 zone:UTC');
    const learners = () => playground.services.store.db.selectFrom('learners').selectAll().where('user_id', '=', bob.id).execute();
    const buttons = (await say(other.jar, '/forget-me')).blocks.find(({ type }) => type === 'buttons') as unknown as {
      items: { id: string }[];
    };
    await post(other.jar, '/api/rooms/elsewhere/messages', { press: buttons.items[0]!.id });
    expect(await learners()).toHaveLength(1);
    await post(bob.jar, '/api/rooms/elsewhere/messages', { press: buttons.items[0]!.id });
    expect(await learners()).toEqual([]);
  });

  it.each([
    ['case and width', 'Ｄora', 'dora'],
    ['letters that boards leave out', '*Eve*', 'Eve'],
    ['letters that nobody sees', 'F\u200bay', 'Fay'],
    ['a number that somebody typed', 'Gil (2)', 'Gil (2)'],
  ])('%s do not make two names one', async (_what, first, second) => {
    await become(first);
    expect((await become(second)).name).toMatch(/ \(\d\)$/);
  });

  it('may be changed, and to the one that one has', async () => {
    const { jar, id } = await become('Hana');
    expect((await become('Hana', jar)).name).toBe('Hana');
    expect(await become('Ida', jar)).toMatchObject({ id, name: 'Ida' });
    expect((await become('Hana')).name).toBe('Hana');
    const long = await become('x'.repeat(32));
    const again = await become('x'.repeat(32));
    expect(again.name).not.toBe(long.name);
    expect(again.name).toMatch(/^x+ \(2\)$/);
    expect(again.name.length).toBeLessThanOrEqual(32);
  });
});

describe('a secret', () => {
  it('is a cookie that scripts cannot read and other sites do not send; only its hash is stored', async () => {
    const response = await fetch(`${playground.url}/api/me`, { method: 'POST', body: JSON.stringify({ user: 'Jo' }) });
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^tutor-\w{8}=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/);
    const token = /=([\w-]{43});/.exec(cookie)![1]!;
    const disk = await everythingStored(playground.services.store);
    expect(disk).not.toContain(token);
    expect(disk).toContain('Jo');
  });

  it('is one of two installations on a machine each', async () => {
    const other = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'other-')), env: { CONTENT_DIR: smallContent() } });
    const jar = createJar();
    const first = await become('Kim', jar);
    await jar.fetch(`${other.url}/api/me`, { method: 'POST', body: JSON.stringify({ user: 'Kim' }) });
    await other.close();
    expect((await get(jar, '/api/me')).json.person).toEqual({ id: first.id, name: 'Kim' });
  });

  it('outlives the program', async () => {
    const { jar, id } = await become('Lea');
    await playground.close();
    playground = await startPlayground({ folder, env: { CONTENT_DIR: smallContent() } });
    expect((await get(jar, '/api/me')).json).toEqual({ person: { id, name: 'Lea' }, host: false, locked: false });
  });

  it('nobody made up is nobody', async () => {
    const forged = await fetch(`${playground.url}/api/me`, { headers: { Authorization: `Bearer ${'A'.repeat(43)}` } });
    expect(((await forged.json()) as { person: unknown }).person).toBeNull();
  });
});

describe('a program', () => {
  it('that only gives a user is a person of its own, private to its cookies', async () => {
    const [first, second] = [createJar(), createJar()];
    expect((await say(first, '/topics', { user: 'me' })).result).toMatchObject({ kind: 'info' });
    await say(second, '/topics', { user: 'me' });
    const ids = await Promise.all([first, second].map(async (jar) => ((await get(jar, '/api/me')).json.person as { id: string }).id));
    expect(ids[0]).not.toBe(ids[1]);
    // Without a name and without a session there is nobody to be.
    expect((await post(createJar(), '/api/rooms/main/messages', { text: '/topics' })).status).toBe(400);
  });

  it('that keeps no cookies is known by a token', async () => {
    const { json } = await post({ fetch }, '/api/tokens', { user: 'robot' });
    const robot = {
      fetch: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${json.token}` } }),
    };
    expect((await get(robot, '/api/me')).json.person).toEqual(json.person);
    await study(robot);
    expect((await get(robot, '/api/progress')).status).toBe(200);
    expect((await get(robot, '/api/me')).json.person).toEqual(json.person);
  });
});

describe('the host', () => {
  it('has a password: what is theirs is shown to nobody else, and they alone moderate', async () => {
    const password = await resetHostPassword(playground.services.store.db);
    expect(password).toMatch(/^(\w{4}-){3}\w{4}$/);
    const { jar } = await become('Mia');
    for (const path of ['/api/host', '/api/items']) expect((await get(jar, path)).status).toBe(401);
    expect((await say(jar, '/season close')).result).toMatchObject({ code: 'admin-only' });
    expect((await post(jar, '/api/host/login', { password: 'a guess' })).status).toBe(401);
    expect((await post(jar, '/api/host/login', { password }, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(jar, '/api/host/login', { password })).status).toBe(200);
    for (const path of ['/api/host', '/api/items']) expect((await get(jar, path)).status).toBe(200);
    expect((await say(jar, '/season close')).result).toMatchObject({ kind: 'info' });
    await post(jar, '/api/host/logout', {});
    expect((await get(jar, '/api/host')).status).toBe(401);
    await post(jar, '/api/host/login', { password });
    // A new password signs every host out; what is stored is no password.
    await resetHostPassword(playground.services.store.db);
    expect((await get(jar, '/api/host')).status).toBe(401);
    expect(JSON.stringify(await playground.services.store.db.selectFrom('secrets').selectAll().execute())).not.toContain(password);
  });

  it('is asked to wait by whoever guesses', async () => {
    const guesses = await Promise.all(Array.from({ length: 12 }, () => post(createJar(), '/api/host/login', { password: 'x' })));
    expect(guesses.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(6);
  });
});
