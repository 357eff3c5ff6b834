import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { elementsOf, openSlackBench, type SlackBench, until } from '../helpers/slack/bench.ts';
import { visibleText } from '../helpers/slack/block-kit.ts';
import { smallContent } from '../helpers/small-content.ts';
import { openFiles } from './files.ts';

let bench: SlackBench;
let files: Awaited<ReturnType<typeof openFiles>>;
beforeAll(async () => {
  files = await openFiles();
  const folder = mkdtempSync(join(tmpdir(), 'notes-slack-'));
  bench = await openSlackBench({ folder, env: { CONTENT_DIR: smallContent(), LOG_LEVEL: 'silent' } });
});
afterAll(async () => {
  await bench.close();
  await files.close();
  expect(bench.com.violations).toEqual([]);
});

const team = () => bench.workspace.team;
const place = () => ({ team: team(), channel: bench.workspace.channels.study! });
const member = (name: string) => bench.workspace.member(name);
const own = () => bench.program.services.ownNotes;
const space = () => ({ platform: 'slack' as const, space: team() });
const posts = () => bench.com.calls.filter(({ method }) => method === 'chat.postMessage' || method === 'chat.postEphemeral');

/** A file shared with the app in its own conversation. */
async function share(name: string, body: string | Buffer, { token = bench.workspace.botToken, text = '' } = {}) {
  const { size, url } = files.add(name, body, token);
  const before = posts().length;
  const ts = `${Math.floor(Date.now() / 1000)}.${String(files.asked.length).padStart(6, '0')}`;
  await bench.driver.event(team(), {
    ...{
      type: 'message',
      subtype: 'file_share',
      channel_type: 'im',
      channel: place().channel,
      user: member('alice').id,
      text,
      ts,
      event_ts: ts,
    },
    files: [{ id: 'F1', name, size, mimetype: 'text/markdown', url_private: url, url_private_download: url }],
  });
  const [said] = await until('the reply', () => (posts().length > before ? posts().slice(before) : undefined));
  return visibleText(said!.args.blocks as never);
}

it('a file that is shared with the app becomes drafts, fetched with the bot’s token', async () => {
  const text = await share('gru.md', '# Gated recurrent unit\n\nIt has two gates.\n');
  expect(text).toMatch(/Preview: gru\.md \(1\)[\s\S]*Gated recurrent unit/);
  expect(files.asked.at(-1)).toEqual({ path: '/gru.md', token: `Bearer ${bench.workspace.botToken}` });
  expect(await own().list(space())).toMatchObject([{ topic: 'gated-recurrent-unit', state: 'draft' }]);
  expect(own().of({ platform: 'slack', space: 'T0OTHER' }).topic('gated-recurrent-unit')).toBeUndefined();
});

it('says what to do with a file that Slack does not hand over, and with one that is no text', async () => {
  expect(await share('secret.md', '# Secret\n\nText.\n', { token: 'xoxb-of-somebody-else' })).toMatch(
    /secret\.md could not be fetched \(403\)[\s\S]*paste its text/,
  );
  expect(await share('deck.zip', Buffer.from([0x50, 0x4b, 3, 4]), { text: '/notes add' })).toMatch(/not a text file \(ZIP/);
});

it('Save as note in a message’s menu keeps one’s own message, with a form for its question', async () => {
  const alice = member('alice');
  const message = { user: alice.id, text: 'Office hours are on Tuesday at ten.', ts: '1760000000.000100' };
  const { hook } = await bench.driver.shortcut(place(), alice, 'save-as-note', message);
  const { message: shown } = await until('the preview', () => hook.responses[0]);
  expect(shown).toMatchObject({ response_type: 'ephemeral' });
  const form = elementsOf(shown as never).find(
    ({ action_id: id, text }) => id.startsWith('tutor-form-') && /question/.test(JSON.stringify(text)),
  )!;
  const before = bench.com.calls.filter(({ method }) => method === 'views.open').length;
  const pressed = await bench.driver.press(place(), alice, { message: shown as never, element: form, ephemeral: true });
  const call = await until('the form', () => bench.com.calls.filter(({ method }) => method === 'views.open')[before]);
  await bench.driver.submit(team(), alice, call.args.view as Record<string, unknown>, 'When are office hours?');
  await until('the preview with its question', () => pressed.hook.responses[0]);
  const [entry] = (await own().list(space())).filter(({ kind }) => kind === 'answer');
  const version = (await own().get(space(), entry!))!;
  expect(version).toMatchObject({
    title: 'When are office hours?',
    said: { by: { id: alice.id }, url: expect.stringContaining('/archives/') },
  });
});

it('a workspace that removes the app is remembered as left', async () => {
  await bench.driver.event(team(), { type: 'app_uninstalled' });
  const left = await until('the removal', async () => {
    const rows = await bench.program.services.store.db.selectFrom('left_spaces').selectAll().execute();
    return rows.length > 0 ? rows : undefined;
  });
  expect(left).toMatchObject([{ platform: 'slack', space: team() }]);
});
