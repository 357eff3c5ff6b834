import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageFlags } from 'discord-api-types/v10';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { linkCommands } from '../../../src/adapters/discord/mentions.ts';
import { startDiscord } from '../../../src/adapters/discord/start.ts';
import { choiceContent } from '../../helpers/choice-content.ts';
import { type DiscordProgram, startDiscordProgram } from '../../helpers/discord/program.ts';
import { pressables, textOf } from '../../helpers/discord/reading.ts';
import type { Stored } from '../../helpers/discord/world.ts';

let program: DiscordProgram;
const folder = () => mkdtempSync(join(tmpdir(), 'forms-'));
beforeAll(async () => {
  program = await startDiscordProgram({ folder: folder(), env: { LOG_LEVEL: 'silent', CONTENT_DIR: choiceContent('numeric') } });
}, 60_000);
afterAll(() => program.close());
afterEach(() => expect(program.discord.problems).toEqual([]));

const isPrivate = ({ json, onlyFor }: Stored) => onlyFor !== undefined && (json.flags! & MessageFlags.Ephemeral) !== 0;

describe('a question that is answered by typing', () => {
  const board = () =>
    program.discord.world.until(
      () => program.discord.world.messages(program.home.place).findLast((message) => textOf(message).includes('Question 1 of')),
      'the question',
      30_000,
    );

  it('has a button that opens a form; what is typed there is the answer, told to the person alone', { timeout: 60_000 }, async () => {
    const { people, home, discord } = program;
    await people.answer(people.command(home.ana, home.place, 'quiz start', { topic: 'batch-size', questions: 1, lobby: 0, seconds: 300 }));
    const question = await board();
    const button = pressables(question).find(({ id }) => id.includes('~type~'))!;
    const press = people.press(home.ana, question, button.id);
    const form = await people.form(press);
    expect(form.title).toBe('Question 1');
    expect(form.components).toMatchObject([{ label: 'Number', component: { max_length: 200 } }]);
    const receipt = await people.answer(people.submit(press, '\u202E0.25\u200B'));
    expect(isPrivate(receipt)).toBe(true);
    expect(textOf(receipt)).toContain('0.25');
    expect(textOf(receipt)).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    // Somebody else's form is their own, in their own language.
    const other = people.press(home.ben, question, button.id);
    await people.form(other);
    const wrong = await people.answer(people.submit(other, 'abc'));
    expect(isPrivate(wrong)).toBe(true);
    expect(textOf(wrong)).toMatch(/⚠️.*\p{Script=Han}/u);

    // The command is there to be clicked.
    const { id } = discord.world.commands.global.find(({ name }) => name === 'answer') as { id: string };
    expect(JSON.stringify(question.json.components)).toContain(`</answer:${id}>`);
    await people.answer(people.command(home.ana, home.place, 'answer', { text: '0.25' }));
  });

  it('is told what to type where its form is not known any more', { timeout: 60_000 }, async () => {
    const { people, home } = program;
    const question = await board();
    await program.adapter.close();
    const again = await startDiscord(program.services, program.dispatch);
    const { id } = pressables(question).find((button) => button.id.includes('~type~'))!;
    const told = await people.answer(people.press(home.ana, question, id));
    expect(isPrivate(told)).toBe(true);
    expect(textOf(told)).toMatch(/answer 0\.5|answer:\d+> 0\.5/);
    await again.close();
  });
});

describe('commands in a text', () => {
  const ids = new Map([
    ['answer', '1'],
    ['quiz start', '2'],
    ['quiz stop', '2'],
  ]);
  it.each([
    ['as /answer 0.5', 'as </answer:1> 0.5'],
    ['Start a quiz: /quiz start', 'Start a quiz: </quiz start:2>'],
    ['see /quiz or /nothing', 'see /quiz or /nothing'],
    ['和 /answer。', '和 </answer:1>。'],
    ['- `/answer 1` and https://x.org/answer', '- `/answer 1` and https://x.org/answer'],
    ['```\n/answer 1\n```', '```\n/answer 1\n```'],
    // A line that is there to be copied stays one.
    ['/answer 0.5', '/answer 0.5'],
    ['-# /answer 0.5\n-# more: /answer', '-# /answer 0.5\n-# more: </answer:1>'],
    ['</answer:9>', '</answer:9>'],
  ])('“%s”', (text, expected) => {
    expect(linkCommands(text, ids)).toBe(expected);
  });
});
