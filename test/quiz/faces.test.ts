import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDiscordProgram } from '../helpers/discord/program.ts';
import { pressables, textOf } from '../helpers/discord/reading.ts';
import type { Stored } from '../helpers/discord/world.ts';
import { buttonOf, history, openSlackBench, until } from '../helpers/slack/bench.ts';
import { visibleText } from '../helpers/slack/block-kit.ts';
import type { ShownMessage } from '../helpers/slack/payloads.ts';
import { teachingContent } from '../helpers/teaching-content.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'faces-'));
const env = { CONTENT_DIR: teachingContent(), LOG_LEVEL: 'fatal' };

describe('teaching in the room', { timeout: 60_000 }, () => {
  it('on Discord: a private hint, a reason from a form, a second vote, a quiz of one’s own, a schedule', async () => {
    const program = await startDiscordProgram({ folder: folder(), env });
    const { people, home, discord } = program;
    const { world } = discord;
    const board = (heading: string) =>
      world.until(() => world.messages(home.place).findLast((message) => textOf(message).includes(heading)), heading, 30_000);
    const idOf = (message: Stored, part: string) => pressables(message).find(({ id }) => id.includes(part))!.id;
    const press = (who: typeof home.ana, message: Stored, part: string) => people.press(who, message, idOf(message, part));
    await people.answer(
      people.command(home.ana, home.place, 'quiz start', { topic: 'taught', mode: 'discuss', questions: 1, lobby: 0, seconds: 600 }),
    );
    const question = await board('Question 1 of 1');
    const hint = await people.answer(press(home.ben, question, '~hint~'));
    expect(hint.onlyFor).toBeDefined();
    // Ben's Discord is Chinese.
    expect(textOf(hint)).toContain('想想 taught.');
    await people.answer(press(home.ana, question, '~pick~'));
    await people.answer(press(home.ben, question, '~pick~'));
    await people.answer(press(home.ana, question, '~skip~'));
    const talk = await board('Question 1: talk it over');
    const writing = press(home.ben, talk, '~reason~');
    expect((await people.form(writing)).components).toMatchObject([{ component: { max_length: 200 } }]);
    await people.answer(people.submit(writing, 'because **bold** @everyone'));
    const reasons = await world.until(
      () => [...world.messages(home.place)].find((message) => textOf(message).includes('because')),
      'the reason',
      20_000,
    );
    expect(pressables(reasons).some(({ id }) => id.includes('~like~'))).toBe(true);
    await people.answer(press(home.ana, reasons, '~skip~'));
    const second = await board('second vote');
    await people.answer(press(home.ana, second, '~pick~'));
    await people.answer(press(home.ana, second, '~skip~'));
    expect(textOf(await board('Answer to question 1'))).toMatch(/Right alone: \d+ %, after the talk: \d+ %/);

    const mine = await people.answer(people.command(home.ben, home.place, 'quiz me', { topic: 'taught' }));
    expect(mine.onlyFor).toBeDefined();
    expect(textOf(mine)).toContain('你的测验，第 1 题，共 5 题');
    const made = await people.answer(
      people.command(home.ana, home.place, 'quiz schedule', {
        topic: 'taught',
        when: '周五 18:00',
        zone: 'Asia/Shanghai',
        repeat: 'weekly',
      }),
    );
    expect(textOf(made)).toContain('(Asia/Shanghai)');
    await people.answer(press(home.ana, made, '~cancel~'));
    await program.close();
    expect(discord.problems).toEqual([]);
  });

  it('on Slack: the same with its own forms and ephemeral messages', async () => {
    const bench = await openSlackBench({ folder: folder(), mode: 'socket', freshSeed: () => 7, env });
    const place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
    const member = (name: string) => bench.workspace.member(name);
    const board = (begins: string) =>
      until(begins, async () => (await history(bench.workspace, place.channel)).find(({ text }) => text?.startsWith(begins)));
    const press = (message: ShownMessage, label: string, name: string) =>
      bench.driver.press(place, member(name), { message, element: buttonOf(message, label) });
    const told = async (deed: { hook: { responses: { message: Record<string, unknown> }[] } }) =>
      visibleText((await until('what was told', () => deed.hook.responses[0])).message.blocks);
    await bench.driver.slash(place, member('alice'), '/quiz start taught mode:discuss questions:1 lobby:0 seconds:600');
    const question = await board('Question 1 of 1');
    expect(await told(await press(question, 'Hint (½ points)', 'bob'))).toContain('Think of taught.');
    for (const name of ['bob', 'carol']) await told(await press(question, 'A', name));
    await told(await press(question, 'Skip', 'alice'));
    const talk = await board('Question 1: talk it over');
    expect(visibleText(talk.blocks)).toContain('Votes: 2.');
    await told(await press(talk, 'Vote again now', 'alice'));
    const second = await board('Question 1 of 1: second vote');
    await told(await press(second, 'B', 'bob'));
    await told(await press(second, 'Skip', 'alice'));
    expect(visibleText((await board('Answer to question 1')).blocks)).toMatch(/Right alone: \d+ %, after the talk: \d+ %/);
    expect(await told(await bench.driver.slash(place, member('bob'), '/quiz me taught'))).toContain('Your quiz, question 1 of 5');
    const line = '/quiz schedule taught when:"every 1 minute" zone:Asia/Shanghai';
    expect(await told(await bench.driver.slash(place, member('alice'), line))).toContain('weekly at most');
    await bench.close();
    expect(bench.com.violations).toEqual([]);
  });
});
