import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf } from '../helpers/cluster.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { type RoleProcess, startRole } from '../helpers/roles.ts';
import { elementsOf, history, replies, slackSettings, until } from '../helpers/slack/bench.ts';
import { createDriver, type Driver, overHttp } from '../helpers/slack/driver.ts';
import { openSlackCom, type SlackCom } from '../helpers/slack/slack-com.ts';
import { freePort, openWorkspace, type Workspace } from '../helpers/slack/workspace.ts';
import { smallContent } from '../helpers/small-content.ts';

let server: TestPostgres;
let url: string;
let workspace: Workspace;
let com: SlackCom;
let processes: RoleProcess[] = [];
let drivers: [Driver, Driver];

beforeAll(async () => {
  server = await startPostgres();
  url = await server.withTables();
  workspace = await openWorkspace({ team: 'T0STUDY', people: ['alice', 'bob'] });
  com = await openSlackCom([workspace]);
  const ports = [await freePort(), await freePort()];
  const content = smallContent();
  processes = await Promise.all(
    ports.map((port) =>
      startRole('slack', {
        ...slackSettings(com, workspace.botToken, 'http', port),
        DATABASE_URL: url,
        CONTENT_DIR: content,
      }),
    ),
  );
  drivers = ports.map((port) => createDriver(com, overHttp(`http://127.0.0.1:${port}/slack/events`, com))) as [Driver, Driver];
});
afterAll(async () => {
  for (const process of processes) process.signal('SIGKILL');
  await com.close();
  await workspace.close();
  await server.close();
});

const channel = () => workspace.channels.study!;
const place = () => ({ team: 'T0STUDY', channel: channel() });

/** Somebody says something to the bot in the channel. */
async function say(text: string): Promise<{ ts: string; event: Record<string, unknown> }> {
  const alice = workspace.member('alice');
  const said = `<@${workspace.bot.id}> ${text}`;
  const { ts } = await alice.client.chat.postMessage({ channel: channel(), text: said });
  return { ts: ts!, event: { type: 'app_mention', user: alice.id, text: said, ts, channel: channel(), event_ts: ts } };
}

it('answers once what reaches two processes: events and their retries, commands, presses', async () => {
  const [one, two] = drivers;
  const alice = workspace.member('alice');

  const { ts, event } = await say('why does batch size matter?');
  await Promise.all([one.event('T0STUDY', event, { id: 'Ev01' }), two.event('T0STUDY', event, { id: 'Ev01' })]);
  await until('the answer', async () => (await replies(workspace, channel(), ts)).length > 0);
  await two.event('T0STUDY', event, { id: 'Ev01', retry: 1 });

  // Whoever was to answer it died: the retry is the only one. What was answered before that is not answered again.
  await rowsOf(url, "insert into deliveries values ('slack', 'T0STUDY/Ev02', 'dead', 0, 0), ('slack', 'T0STUDY/Ev03', 'dead', 1, 0)");
  const [lost, done] = [await say('why does batch size matter?'), await say('why does batch size matter?')];
  await two.event('T0STUDY', lost.event, { id: 'Ev02', retry: 1 });
  await two.event('T0STUDY', done.event, { id: 'Ev03', retry: 1 });
  await until('the answer to what was lost', async () => (await replies(workspace, channel(), lost.ts)).length > 0);

  const ours = async () => (await history(workspace, channel())).filter(({ user }) => user === workspace.bot.id).length;
  const before = await ours();
  const line = '/ask why does batch size matter?';
  const deeds = await Promise.all([one.slash(place(), alice, line, 'trigger-1'), two.slash(place(), alice, line, 'trigger-1')]);
  const answers = async () => (await ours()) - before + deeds.reduce((sum, { hook }) => sum + hook.responses.length, 0);
  await until('the answer to a command', async () => (await answers()) > 0);

  // A press on what one of them has shown reaches both.
  const shown = (await replies(workspace, channel(), ts)).find(({ user }) => user === workspace.bot.id)!;
  const press = { element: elementsOf(shown)[0]!, message: shown };
  const pressed = await Promise.all([one.press(place(), alice, press, 'trigger-2'), two.press(place(), alice, press, 'trigger-2')]);
  const responses = () => pressed.reduce((sum, { hook }) => sum + hook.responses.length, 0);
  const below = async () => (await replies(workspace, channel(), ts)).length - 1;
  await until('what the press does', async () => responses() + (await below()) > 0);

  // What would have come a second time has come.
  await setTimeout(1_000);
  expect(await answers()).toBe(1);
  expect(responses() + (await below())).toBe(1);
  for (const [{ ts: at }, count] of [
    [lost, 1],
    [done, 0],
  ] as const)
    expect(await replies(workspace, channel(), at)).toHaveLength(count);
  expect(com.violations).toEqual([]);
}, 120_000);

it('tells whoever balances the load that roles are missing', async () => {
  const response = await fetch(`${processes[0]!.url}/readyz`);
  expect(response.status).toBe(503);
  const { reasons } = (await response.json()) as { reasons: { code: string; text: string }[] };
  expect(reasons.map(({ text }) => text)).toEqual([
    'no process of role clock is alive; start one with ROLE=clock',
    'no process of role lab is alive; start one with ROLE=lab',
  ]);
  expect((await fetch(`${processes[0]!.url}/livez`)).status).toBe(200);
});
