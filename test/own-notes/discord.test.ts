import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DiscordProgram, startDiscordProgram } from '../helpers/discord/program.ts';
import { pressables, textOf } from '../helpers/discord/reading.ts';
import type { Person, Stored } from '../helpers/discord/world.ts';
import { smallContent } from '../helpers/small-content.ts';
import { openFiles } from './files.ts';

let program: DiscordProgram;
let files: Awaited<ReturnType<typeof openFiles>>;
let mia: Person;
beforeAll(async () => {
  files = await openFiles();
  const folder = mkdtempSync(join(tmpdir(), 'notes-discord-'));
  program = await startDiscordProgram({ folder, env: { LOG_LEVEL: 'silent', CONTENT_DIR: smallContent() } });
  mia = program.discord.world.addPerson('Mia', { manager: true });
}, 60_000);
afterAll(async () => {
  expect(program.discord.problems).toEqual([]);
  await program.close();
  await files.close();
});

const command = (person: Person, name: string, options = {}, sent = {}) =>
  program.people.answer(program.people.command(person, program.home.place, name, options, sent));
const sent = (filename: string, text: string | Buffer) => ({ file: { filename, ...files.add(filename, text) } });
const label = (message: Stored, wanted: RegExp) => pressables(message).find((one) => wanted.test(one.label))!;
const press = (person: Person, message: Stored, wanted: RegExp) =>
  program.people.answer(program.people.press(person, message, label(message, wanted).id));

it('a file goes with /notes add; the manager sees a preview, fills in names in a form, and publishes', async () => {
  const preview = await command(mia, 'notes add', {}, sent('gru.md', '# Gated recurrent unit\n\nIt has two gates. ![g](g.png)\n'));
  expect(preview.onlyFor).toBe(mia.id);
  expect(textOf(preview)).toMatch(/Preview: gru\.md \(1\)[\s\S]*Gated recurrent unit[\s\S]*g\.png is not shown/);
  const opened = program.people.press(mia, preview, label(preview, /Names for/).id);
  expect((await program.people.form(opened)).components[0]!.component).toMatchObject({ style: 2 });
  const named = await program.people.answer(program.people.submit(opened, 'GRU\nHow many gates does a GRU have?'));
  expect(textOf(await press(mia, named, /^Publish$/))).toMatch(/Published: Gated recurrent unit/);
  expect(textOf(await command(program.home.ben, 'ask', { question: 'How many gates does a GRU have?' }))).toMatch(/two gates/);
});

it('a moderator of messages does not look after the server: their note waits, and the channel is told', async () => {
  const { world } = program.discord;
  const preview = await command(program.home.ana, 'notes add', {}, sent('beam.md', '# Beam search\n\nKeeps the best k.\n'));
  expect(pressables(preview).map((one) => one.label)).not.toContain('Publish');
  const told = await world.until(
    () => world.messages(program.home.place).find((message) => textOf(message).includes('waits for somebody')),
    'the note to the managers',
  );
  const shown = await press(mia, told, /Beam search/);
  expect(shown.onlyFor).toBe(mia.id);
  await press(mia, shown, /^Publish$/);
  expect(textOf(await command(mia, 'notes show', { topic: 'beam-search' }))).toMatch(/Ana.*reviewed by Mia/);
});

it('an edit opens a form with what stands there', async () => {
  const edit = await command(mia, 'notes edit', { topic: 'beam-search' });
  const opened = program.people.press(mia, edit, label(edit, /^Edit$/).id);
  const form = await program.people.form(opened);
  const { value } = form.components[0]!.component as unknown as { value: string };
  expect(value).toMatch(/^---\nid: beam-search/);
  await program.people.answer(program.people.submit(opened, value.replace('best k', 'best five')));
  expect(textOf(await command(program.home.ben, 'explain', { topic: 'beam search' }))).toMatch(/best five/);
});

it.each([
  ['a zip', 'notes.zip', Buffer.from([0x50, 0x4b, 3, 4, 9, 9]), /not a text file \(ZIP/],
  ['a file of 5 MB', 'big.md', Buffer.alloc(5 * 2 ** 20, 0x61), /5120 kB; a file of notes may have 1024 kB/],
])('refuses %s in words', async (_, name, body, words) => {
  expect(textOf(await command(mia, 'notes add', {}, sent(name, body)))).toMatch(words);
});

it('tells of a file that Discord does not hand over, in the person’s language', async () => {
  const gone = { file: { filename: 'gone.md', size: 20, url: files.add('x.md', 'x').url.replace('x.md', 'gone.md') } };
  expect(textOf(await command(program.home.ben, 'notes add', {}, gone))).toMatch(/取不到 gone\.md（404）/);
});

it('Save as note in a message’s menu asks the author, who answers in their direct messages', async () => {
  const { people, home, discord } = program;
  const live = people.menu(mia, home.place, 'Save as note', { author: home.ana, text: 'The exam covers chapters 1 to 6.' });
  const preview = await people.answer(live);
  expect(preview.onlyFor).toBe(mia.id);
  expect(textOf(preview)).toMatch(/Ana is asked/);
  const direct = discord.world.directWith(home.ana.id)!;
  const asked = await discord.world.until(() => discord.world.messages(direct).at(-1), 'the question to Ana');
  expect(textOf(asked)).toMatch(/Mia would like to keep a message of yours/);
  await press(home.ana, asked, /Yes, keep it/);
  const opened = people.press(mia, preview, label(preview, /question/).id);
  await people.form(opened);
  const ready = await people.answer(people.submit(opened, 'What does the exam cover?'));
  await press(mia, ready, /^Publish$/);
  const answer = await command(home.ben, 'ask', { question: 'What does the exam cover?' });
  expect(textOf(answer)).toMatch(/chapters 1 to 6[\s\S]*Ana/);
});

it('a server that removes the bot is erased after thirty days, one that is only away is not', async () => {
  const { discord, home, services } = program;
  const guild = home.place.guild!;
  const left = () => services.store.db.selectFrom('left_spaces').selectAll().execute();
  discord.gateway.dispatch('GUILD_DELETE', { id: guild.id, unavailable: true });
  // What comes after has been seen after it.
  const other = discord.world.id();
  discord.gateway.dispatch('GUILD_DELETE', { id: other });
  discord.gateway.dispatch('GUILD_DELETE', { id: guild.id });
  await discord.world.until(async () => (await left()).length > 0, 'the removal');
  for (const end = Date.now() + 10_000; (await left()).length === 0 && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await left()).map(({ space }) => space)).toContain(guild.id);
});
