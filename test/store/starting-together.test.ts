import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdentity, type Env } from '../../src/adapters/web/identity.ts';
import { createSessions } from '../../src/adapters/web/sessions.ts';
import { askerOf } from '../../src/gaps/scrub.ts';
import { firstHostPassword, HOST_PASSWORD, isPassword } from '../../src/store/secrets.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { smallContent } from '../helpers/small-content.ts';

/** Processes that start over a new database in the same moment. */
const TOGETHER = [1, 2, 3, 4];

let program: Program;
beforeAll(async () => {
  program = await startProgram({ folder: mkdtempSync(join(tmpdir(), 'together-')), env: { CONTENT_DIR: smallContent() } });
});
afterAll(() => program.close());

it('who was let in by one of several processes that started together is known to all of them', async () => {
  const { store, clock } = program.services;
  const apps = await Promise.all(
    TOGETHER.map(async () => {
      const identity = await createIdentity(store.db, createSessions(store.db, clock));
      return new Hono<Env>()
        .use(identity.read)
        .post('/me', async (c) => c.json(await identity.person(c, 'Ana')))
        .get('/me', (c) => c.json(c.get('session')?.person?.name ?? null));
    }),
  );
  for (const app of apps) {
    const letIn = await app.request('http://localhost/me', { method: 'POST' });
    const cookie = letIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const names = await Promise.all(apps.map(async (other) => (await other.request('/me', { headers: { cookie } })).json()));
    const { name } = (await letIn.json()) as { name: string };
    expect(names).toEqual(TOGETHER.map(() => name));
  }
});

it('the password for the host that is shown is the one that holds, and it is shown once', async () => {
  const { db } = program.services.store;
  const shown = (await Promise.all(TOGETHER.map(() => firstHostPassword(db)))).filter((password) => password !== undefined);
  expect(shown).toHaveLength(1);
  expect(await isPassword(db, HOST_PASSWORD, shown[0]!)).toBe(true);
  expect(await firstHostPassword(db)).toBeUndefined();
});

it('whoever asks is known by the same key in all of them, so that what they asked can be erased', async () => {
  const { db } = program.services.store;
  const keys = await Promise.all(TOGETHER.map(() => askerOf(db, { platform: 'web', space: 'web', user_id: 'ana' })));
  expect(new Set(keys).size).toBe(1);
});
