import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createInstallations } from '../../../src/adapters/slack/installations.ts';
import { openStore, type Store } from '../../../src/store/database.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  store = await openStore(join(folder, 'tutor.db'));
});
afterEach(() => store.close());

/** Letters that stand nowhere else; long enough to fill pages of their own beside short ones. */
const token = (mark: string) => `xoxb-${mark.repeat(40)}`;
const installation = (team: string, secret: string) => ({ team: { id: team }, user: { id: 'U1' }, bot: { token: secret } }) as never;
const onDisk = () =>
  ['tutor.db', 'tutor.db-wal'].map((file) => readFileSync(join(folder, file), { encoding: 'latin1', flag: 'a+' })).join('');

it('leaves no byte of a token on the disk once the app is removed, and the others as they were', async () => {
  const installations = createInstallations(store.db, () => 1);
  await installations.storeInstallation(installation('T1', token('first')));
  await installations.storeInstallation(installation('T2', token('second')));
  expect(onDisk()).toContain(token('first'));
  await installations.deleteInstallation!({ isEnterpriseInstall: false, enterpriseId: undefined, teamId: 'T1' });
  expect(onDisk()).not.toContain('firstfirst');
  expect(await installations.token('T2')).toBe(token('second'));
});

it('leaves no byte of the old token when the app is installed anew', async () => {
  const installations = createInstallations(store.db, () => 1);
  await installations.storeInstallation(installation('T1', token('old')));
  expect(onDisk()).toContain('oldold');
  await installations.storeInstallation(installation('T1', token('new')));
  expect(onDisk()).not.toContain('oldold');
  expect(await installations.token('T1')).toBe(token('new'));
});
