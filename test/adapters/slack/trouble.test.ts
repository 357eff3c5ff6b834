import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { missingSetting } from '../../../src/adapters/slack/connect.ts';
import { startSlack } from '../../../src/adapters/slack/start.ts';
import { type Config, readConfig } from '../../../src/config.ts';
import { startPlayground, startProgram } from '../../helpers/playground.ts';
import { history, openSlackBench, type SlackBench, type SlackBenchOptions, slackSettings, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import { createDriver, overSocket } from '../../helpers/slack/driver.ts';
import type { Place } from '../../helpers/slack/payloads.ts';
import { openSlackCom } from '../../helpers/slack/slack-com.ts';
import { freePort, openWorkspace } from '../../helpers/slack/workspace.ts';

let bench: SlackBench | undefined;
let place: Place;
let lines: string[];

const member = (name: string) => bench!.workspace.member(name);
const folder = () => mkdtempSync(join(tmpdir(), 'slack-trouble-'));
const logged = (pattern: RegExp) => until(`${pattern} in the log`, () => lines.find((line) => pattern.test(line)));

/** A log whose lines the test reads. */
function listen() {
  lines = [];
  return pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) });
}

async function open(options: Partial<SlackBenchOptions> = {}): Promise<void> {
  bench = await openSlackBench({ folder: folder(), log: listen(), freshSeed: () => 7, ...options });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
}

/** What the person alone was told. */
async function told(line: string, channel = place.channel, count = 1): Promise<string> {
  const { hook } = await bench!.driver.slash({ ...place, channel }, member('alice'), line);
  await until('the answer', () => hook.responses.length >= count);
  return hook.responses.map(({ message }) => `${message.response_type}: ${visibleText(message.blocks)}`).join('\n---\n');
}

afterEach(async () => {
  await bench?.close();
  if (bench) expect(bench.com.violations).toEqual([]);
  bench = undefined;
});

describe('where the app is not a member', () => {
  const privateRoom = async () => {
    const { channel } = await member('alice').client.conversations.create({ name: 'secret', is_private: true });
    return channel!.id!;
  };

  it('it answers all the same, and says how to invite it', async () => {
    await open();
    const said = await told('/explain batchnorm', await privateRoom(), 2);
    expect(said).toMatch(/^in_channel: Batch normalization/);
    expect(said).toMatch(/ephemeral: [\s\S]*\/invite @Gradient Tutor/);
    await logged(/not_in_channel[\s\S]*\/invite @Gradient Tutor/);
  });

  it('it starts no quiz that nobody can see', async () => {
    await open();
    const room = await privateRoom();
    expect(await told('/quiz start topic:gradient lobby:0', room)).toMatch(/^ephemeral: [\s\S]*\/invite @Gradient Tutor/);
    const quizzes = () => bench!.program.services.store.db.selectFrom('quizzes').select('finished_at').execute();
    expect(await quizzes()).toEqual([]);
    await member('alice').client.conversations.invite({ channel: room, users: bench!.workspace.bot.id });
    await bench!.driver.slash({ ...place, channel: room }, member('alice'), '/quiz start topic:gradient lobby:0');
    await until('a board', async () => (await history(bench!.workspace, room)).some(({ text }) => text?.startsWith('Question 1')));
  });

  it('it says so of an archived channel', async () => {
    await open();
    await member('alice').client.conversations.archive({ channel: place.channel });
    expect(await told('/scores', place.channel, 2)).toMatch(/archived/);
    await logged(/is_archived[\s\S]*Unarchive/);
  });
});

describe('what the app may not do', () => {
  it('is named by its scope, to the person and in the log, and the chart’s content is said in words', { timeout: 60_000 }, async () => {
    await open({ workspace: { scopes: ['chat:write', 'commands', 'users:read'] } });
    const said = await told('/demo gradient-descent seed:3');
    expect(said).toMatch(/ephemeral: [\s\S]*files:write/);
    await logged(/files:write[\s\S]*Reinstall to Workspace/);
    const [answer, words] = await history(bench!.workspace, place.channel);
    expect(answer!.text).toContain('Learning rate');
    expect(words!.text).toMatch(/missing here[\s\S]*×0\.928/);
  });

  it('costs only names and admin rights when it is users:read', async () => {
    await open({ workspace: { scopes: ['chat:write', 'commands', 'files:write'] } });
    expect(await told('/lang zh for:channel')).toMatch(/host or an admin/);
    await logged(/users:read/);
    await bench!.driver.slash(place, member('bob'), '/quiz start topic:gradient lobby:0');
    await until('a board', async () => (await history(bench!.workspace, place.channel)).some(({ text }) => text?.startsWith('Question 1')));
    const { hook } = await bench!.driver.slash(place, member('alice'), '/quiz stop');
    expect(visibleText((await until('a refusal', () => hook.responses[0])).message.blocks)).toMatch(/person who started this quiz/);
    const stop = await bench!.driver.slash(place, member('bob'), '/quiz stop');
    expect(visibleText((await until('the question', () => stop.hook.responses[0])).message.blocks)).toMatch(/End the quiz/);
  });

  it('lets an admin of the workspace do what a host may', async () => {
    await open();
    expect(await told('/lang zh for:channel')).toMatch(/本频道/);
    const { hook } = await bench!.driver.slash(place, member('bob'), '/lang en for:channel');
    expect(visibleText((await until('a refusal', () => hook.responses[0])).message.blocks)).toMatch(/主持人|管理员/);
  });
});

describe('when Slack is slow or gone', () => {
  it('waits as long as Slack asks, each kind of call by itself', async () => {
    await open();
    bench!.com.fail('chat.update', { status: 429, retryAfter: 30 }, 1);
    bench!.com.fail('chat.postMessage', { status: 429, retryAfter: 1 }, 2);
    await bench!.driver.slash(place, member('alice'), '/scores');
    await until('the answer', async () => (await history(bench!.workspace, place.channel)).length > 0);
    const tries = bench!.com.calls.filter(({ method }) => method === 'chat.postMessage');
    expect(tries.map(({ error }) => error)).toEqual(['429', '429', undefined]);
    expect(tries[1]!.at - tries[0]!.at).toBeGreaterThanOrEqual(950);
  });

  it('falls back on an ephemeral message when the response_url takes no more', async () => {
    await open();
    const { hook } = await bench!.driver.slash(place, member('bob'), '/help');
    await until('the answer', () => hook.responses.length === 1);
    bench!.com.fail('users.info', { delay: 600 });
    const late = await bench!.driver.slash(place, member('carol'), '/help');
    late.hook.expire();
    await until('the ephemeral', () =>
      bench!.com.calls.find(({ method, args }) => method === 'chat.postEphemeral' && args.user === member('carol').id),
    );
    expect(late.hook.refused).toBe(1);
  });

  it('keeps the playground going, says what is wrong, and serves when Slack is back', { timeout: 60_000 }, async () => {
    const port = await freePort();
    const workspace = await openWorkspace({ team: 'T0LATER', people: ['alice'] });
    const away = { SLACK_BOT_TOKEN: workspace.botToken, SLACK_APP_TOKEN: 'xapp-1-TEST', SLACK_API_URL: `http://127.0.0.1:${port}/api/` };
    const playground = await startPlayground({ folder: folder(), log: listen(), env: away });
    const adapter = await startSlack(playground.services, playground.dispatch);
    await logged(/Slack does not answer[\s\S]*SLACK_API_URL/);
    await until('the report', () => /does not answer/.test(adapter.health().detail));
    expect(adapter.health().ok).toBe(false);
    expect((await fetch(`${playground.url}/health`)).status).toBe(200);
    const com = await openSlackCom([workspace], port);
    await com.socket.connected();
    await until('a good report', () => adapter.health().ok);
    const place = { team: workspace.team, channel: workspace.channels.study! };
    await createDriver(com, overSocket(com)).slash(place, workspace.member('alice'), '/scores');
    await until('the answer', async () => (await history(workspace, place.channel)).length > 0);
    await adapter.close();
    await playground.close();
    await com.close();
    await workspace.close();
    expect(com.violations).toEqual([]);
  });

  it('names a token that Slack does not take, a scope, and a port in use', async () => {
    await open();
    const { com, workspace, url } = bench!;
    const settings = slackSettings(com, workspace.botToken, 'socket', 0);
    const program = await startProgram({ folder: folder(), log: listen(), env: settings });
    const withSlack = (slack: Partial<Config['slack']>) => {
      const { services } = program;
      return startSlack({ ...services, config: { ...services.config, slack: { ...services.config.slack, ...slack } } }, program.dispatch);
    };
    for (const [slack, expected] of [
      [{ botToken: 'xoxb-wrong' }, /invalid_auth[\s\S]*SLACK_BOT_TOKEN/],
      [{ appToken: 'xapp-wrong' }, /SLACK_APP_TOKEN/],
      [{ mode: 'http', port: Number(new URL(url).port) }, /SLACK_PORT/],
    ] as [Partial<Config['slack']>, RegExp][]) {
      const adapter = await withSlack(slack);
      await logged(expected);
      await until('the report', () => !adapter.health().ok && expected.test(adapter.health().detail));
      await adapter.close();
    }
    await program.close();
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, /SLACK_APP_TOKEN[\s\S]*connections:write/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_MODE: 'http' }, /SLACK_SIGNING_SECRET/],
    [{ SLACK_CLIENT_ID: '1.2' }, /SLACK_BOT_TOKEN[\s\S]*SLACK_CLIENT_SECRET/],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, undefined],
  ])('names the setting that is missing: %o', (env, expected) => {
    const missing = missingSetting(readConfig(env, '/nowhere/.env'));
    if (expected) expect(missing).toMatch(expected);
    else expect(missing).toBeUndefined();
  });
});

it('never writes a token or what people say into the log', async () => {
  await open();
  await bench!.driver.slash(place, member('alice'), '/ask my secret question about gradients');
  await until('the answer', async () => (await history(bench!.workspace, place.channel)).length > 0);
  expect(lines.join('')).not.toMatch(/xoxb-|xapp-|secret question/);
});
