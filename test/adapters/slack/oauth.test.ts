import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { createInstallations, spaceOf } from '../../../src/adapters/slack/installations.ts';
import { startSlack } from '../../../src/adapters/slack/start.ts';
import { type Program, startProgram } from '../../helpers/playground.ts';
import { history, slackSettings, until } from '../../helpers/slack/bench.ts';
import { createDriver, type Driver, overSocket } from '../../helpers/slack/driver.ts';
import { approve, installIn } from '../../helpers/slack/install.ts';
import { openSlackCom, type SlackCom } from '../../helpers/slack/slack-com.ts';
import { freePort, openWorkspace, type Workspace } from '../../helpers/slack/workspace.ts';

const oauth = { clientId: '1234.5678', clientSecret: 'a-client-secret' };
let workspaces: [Workspace, Workspace];
let com: SlackCom;
let program: Program;
let adapter: Adapter;
let driver: Driver;
let pages: string;

const rows = () => program.services.store.db.selectFrom('slack_installations').selectAll().execute();
const ask = (workspace: Workspace) =>
  driver.slash({ team: workspace.team, channel: workspace.channels.study! }, workspace.member('alice'), '/scores');
const said = (workspace: Workspace) => history(workspace, workspace.channels.study!);

beforeAll(async () => {
  workspaces = [
    await openWorkspace({ team: 'T0NORTH', people: ['alice', 'bob'], oauth }),
    await openWorkspace({ team: 'T0SOUTH', people: ['alice', 'bob'], oauth }),
  ];
  com = await openSlackCom(workspaces);
  const port = await freePort();
  pages = `http://127.0.0.1:${port}`;
  program = await startProgram({
    folder: mkdtempSync(join(tmpdir(), 'slack-oauth-')),
    env: {
      ...slackSettings(com, undefined, 'socket', port),
      SLACK_CLIENT_ID: oauth.clientId,
      SLACK_CLIENT_SECRET: oauth.clientSecret,
      LOG_LEVEL: 'fatal',
    },
  });
  adapter = await startSlack(program.services, program.dispatch);
  driver = createDriver(com, overSocket(com));
  await com.socket.connected();
});
afterAll(async () => {
  await adapter.close();
  await program.close();
  await com.close();
  await Promise.all(workspaces.map((workspace) => workspace.close()));
  expect(com.violations).toEqual([]);
});

describe('one app in several workspaces', () => {
  it('offers to install it, with the scopes it needs and a state that is bound to the browser', async () => {
    const response = await fetch(`${pages}/slack/install`);
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly/i);
    const url = new URL(/href="([^"]+oauth[^"]+)"/.exec(await response.text())![1]!.replaceAll('&amp;', '&'));
    expect(url.href.startsWith(com.apiUrl.replace('/api/', '/oauth/v2/authorize'))).toBe(true);
    expect(url.searchParams.get('scope')!.split(',')).toContain('files:write');
    expect(url.searchParams.get('state')!.length).toBeGreaterThan(20);
    expect((await fetch(`${pages}/elsewhere`)).status).toBe(404);
  });

  it('shows a page for people to whoever presses Cancel at Slack', async () => {
    for (const [language, expected] of [
      ['en-GB,en;q=0.9', /<html lang="en">[\s\S]*Nothing was installed[\s\S]*href="\/slack\/install"/],
      ['zh-CN,zh;q=0.9', /<html lang="zh">[\s\S]*没有安装任何东西/],
    ] as const) {
      const query = new URLSearchParams({ error: 'access_denied', state: 'any' });
      const response = await fetch(`${pages}/slack/oauth_redirect?${query}`, { headers: { 'Accept-Language': language } });
      expect(response.status).toBe(200);
      expect(await response.text()).toMatch(expected);
    }
    const broken = await fetch(`${pages}/slack/oauth_redirect?code=1&state=x`);
    expect(broken.status).toBe(400);
    expect(await broken.text()).toMatch(/was not installed/);
    expect(await rows()).toEqual([]);
  });

  it('takes no installation with a forged state, one of another browser, or a wrong code', async () => {
    const { state, cookie } = await approve(pages, workspaces[0], 'alice');
    const code = (await approve(pages, workspaces[0], 'alice')).code;
    for (const [query, headers] of [
      [{ code, state: 'forged' }, { Cookie: cookie }],
      [{ code, state }, {}],
      [{ code: 'wrong', state }, { Cookie: cookie }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const response = await fetch(`${pages}/slack/oauth_redirect?${new URLSearchParams(query)}`, { headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(await rows()).toEqual([]);
  });

  it('serves each workspace with its own token, and keeps their scores apart', async () => {
    for (const workspace of workspaces) expect((await installIn(pages, workspace, 'alice')).status).toBe(200);
    expect((await rows()).map(({ id }) => id).sort()).toEqual(['T0NORTH', 'T0SOUTH']);
    for (const workspace of workspaces) {
      await ask(workspace);
      const [message] = await until('the answer', async () => (await said(workspace)).length === 1 && said(workspace));
      expect(message!.text).toMatch(/Leaderboard/);
    }
    expect(com.calls.filter(({ method }) => method === 'chat.postMessage').map(({ team }) => team)).toEqual(['T0NORTH', 'T0SOUTH']);
  });

  it('forgets a workspace that removes it, and serves the other', async () => {
    const [north, south] = workspaces;
    await driver.event(south.team, { type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } });
    expect(await rows()).toHaveLength(2);
    await driver.event(south.team, { type: 'app_uninstalled' });
    await until('one installation', async () => (await rows()).length === 1);
    await ask(south);
    await ask(north);
    await until('the answer', async () => (await said(north)).length === 2);
    expect(await said(south)).toHaveLength(1);
    expect((await installIn(pages, south, 'bob')).status).toBe(200);
    await ask(south);
    await until('the answer', async () => (await said(south)).length === 2);
  });
});

it('finds the token of an organisation that installed the app for all its workspaces', async () => {
  const installations = createInstallations(program.services.store.db, () => 1);
  const installation = {
    isEnterpriseInstall: true,
    enterprise: { id: 'E1' },
    team: undefined,
    user: { id: 'U1' },
    bot: { token: 'xoxb-org' },
  };
  await installations.storeInstallation(installation as never);
  const space = spaceOf({ teamId: 'T9', enterpriseId: 'E1', isEnterpriseInstall: true });
  expect(space).toBe('E1/T9');
  expect(await installations.token(space)).toBe('xoxb-org');
  expect(spaceOf({ teamId: 'T9', enterpriseId: 'E1', isEnterpriseInstall: false })).toBe('T9');
  await installations.deleteInstallation!({ isEnterpriseInstall: true, enterpriseId: 'E1', teamId: undefined });
  expect(await installations.token(space)).toBeUndefined();
});
