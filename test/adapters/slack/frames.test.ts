import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { history, openSlackBench, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { post } from '../../helpers/slack/driver.ts';
import { anyBody, anyFrame, hostile, sample } from '../../helpers/slack/fuzz.ts';

/** `npm run slack:fuzz` sends 50,000 of each. A request that nothing takes waits for three seconds, so here there are fewer. */
const COUNT = Number(process.env.SLACK_FUZZ ?? 5_000);
const REQUESTS = Number(process.env.SLACK_FUZZ ?? 2_000);
/** More at once than a machine has patience for are connections that it resets. */
const AT_ONCE = 250;
const timeout = 60_000 + COUNT * 40;

let bench: SlackBench | undefined;
/** What would have ended the program. */
let ends: unknown[] = [];
const note = (reason: unknown) => void ends.push(reason);

async function open(mode: 'socket' | 'http'): Promise<SlackBench> {
  ends = [];
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  const folder = mkdtempSync(join(tmpdir(), 'slack-frames-'));
  bench = await openSlackBench({ folder, mode, freshSeed: () => 7, env: { LOG_LEVEL: 'silent' } });
  return bench;
}

/** It still answers, as if nothing had been. */
async function answers({ driver, workspace }: SlackBench): Promise<void> {
  const place = { team: workspace.team, channel: workspace.channels.study! };
  const before = (await history(workspace, place.channel)).length;
  await driver.slash(place, workspace.member('alice'), '/explain batchnorm');
  await until('the answer', async () =>
    (await history(workspace, place.channel)).slice(before).some(({ text }) => text?.includes('Batch normalization')),
  );
}

afterEach(async () => {
  await bench?.close();
  bench = undefined;
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
});

it('a socket’s null, and envelopes without payload or event, end nothing', { timeout: 60_000 }, async () => {
  const slack = await open('socket');
  for (const frame of hostile(slack.workspace.team)) slack.com.socket.raw(frame);
  await answers(slack);
  expect(ends).toEqual([]);
  expect(slack.adapter.health().ok).toBe(true);
});

it('a signed body that is no object ends nothing, and is refused', { timeout: 60_000 }, async () => {
  const slack = await open('http');
  const bodies = ['null', '[]', '"x"', '1', '', '{', 'payload=null', 'payload=%5B%5D', 'payload={'];
  const types = ['application/json', 'application/x-www-form-urlencoded'];
  const sent = bodies.flatMap((body) => types.map(async (type) => (await post(slack.url, body, type)).status));
  // A form without a payload is an object that Bolt knows nothing to do with.
  for (const status of await Promise.all(sent)) expect([200, 400, 404]).toContain(status);
  expect((await fetch(slack.url.replace('/slack/events', '//'), { method: 'POST', body: '{}' })).status).toBe(404);
  await answers(slack);
  expect(ends).toEqual([]);
});

it(`${COUNT} frames that no Slack would send end nothing`, { timeout }, async () => {
  const slack = await open('socket');
  for (const [i, frame] of sample(anyFrame(slack.workspace.team), COUNT).entries()) {
    slack.com.socket.raw(frame);
    if (i % 500 === 499) await slack.com.socket.quiet();
  }
  await answers(slack);
  expect(ends).toEqual([]);
});

it(`${REQUESTS} requests that no Slack would send end nothing`, { timeout }, async () => {
  const slack = await open('http');
  const bodies = sample(anyBody(slack.workspace.team), REQUESTS);
  const statuses = new Set<number>();
  for (let at = 0; at < bodies.length; at += AT_ONCE) {
    const sent = bodies
      .slice(at, at + AT_ONCE)
      .map(({ body, type, signed }) => post(slack.url, body, type, signed ? {} : { secret: 'not ours' }));
    for (const { status } of await Promise.all(sent)) statuses.add(status);
  }
  await answers(slack);
  expect(ends).toEqual([]);
  expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 400, 401]));
});
