import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandHelp } from '../../src/core/help.ts';
import { loadStrings } from '../../src/core/i18n.ts';
import { toText } from '../../src/core/reply.ts';
import { createRng } from '../../src/demos/random.ts';
import { ask, feedback, nothingDue } from '../../src/learn/present.ts';
import { rightPicks } from '../../src/quiz/grade.ts';
import { instantiate } from '../../src/quiz/select.ts';
import { board, button, type Game, openGame, picks } from '../helpers/game.ts';
import type { Room } from '../helpers/room.ts';

/** Half-width marks beside Han characters. */
const HALF_WIDTH = /[\p{Script=Han}“”（）][;()!?]|[;()!?] ?\p{Script=Han}/u;

let game: Game;
beforeAll(async () => {
  game = await openGame();
  await game.warm();
});
afterAll(() => game.close());

async function begin(topic: string): Promise<Room> {
  const room = game.room();
  for (const user of ['host', 'ana']) await room.say(user, '/lang zh');
  await room.say('host', `/quiz start topic:${topic} lobby:0 seconds:30`);
  await game.turn(0.1);
  return room;
}

describe('in Chinese', () => {
  it('no string has half-width marks beside Han characters', () => {
    const t = loadStrings();
    for (const part of ['quiz', 'scores', 'season', 'privacy', 'review', 'progress', 'forget', 'errors'])
      for (const [key, text] of Object.entries(t.section('zh', part))) expect(text, key).not.toMatch(HALF_WIDTH);
  });

  it('the help of every command is written with Chinese marks', () => {
    const { registry, i18n } = game.program.services;
    const t = i18n('zh');
    for (const platform of [undefined, { subcommands: true, names: i18n.section('zh', 'discord.options') }])
      for (const command of registry.values()) {
        const said = toText({ blocks: commandHelp(command, 'zh', t, platform), visibility: 'private' });
        expect(said, command.name).not.toMatch(HALF_WIDTH);
        expect(said, command.name).not.toMatch(/\p{Script=Han}[^\n]* \(/u);
      }
  });

  it('a question, its answer and its votes are written with Chinese marks', async () => {
    const room = await begin('multiple');
    expect(toText(board(room, '第 1 题，共 1 题').reply)).toContain('再按“完成”');
    const { right, wrong } = picks(game, room, '第 1 题，共');
    for (const id of right) await room.press('ana', id);
    await room.press('ana', button(board(room, '第 1 题').reply, '完成'));
    for (const user of ['ben', 'eve']) await room.press(user, wrong[0]!);
    await game.turn(31);
    const { reply } = board(room, '第 1 题答案');
    const chart = reply.blocks.find((block) => block.type === 'image')!;
    expect(chart.alt).toMatch(/^票数：3。[\s\S]*（正确）、/);
    expect(toText(reply)).toMatch(/正确答案：\*\* [A-C]\. \w+；[A-C]\. /);
    expect(toText(reply)).toContain('公布成绩');
    for (const text of [toText(reply), chart.alt]) expect(text).not.toMatch(HALF_WIDTH);
    expect(room.whispers.map(({ reply: own }) => toText(own)).join('\n')).toMatch(/✓ 第 1 题：答对了。\+1000 分，共 1000 分。/);
    await room.stop();
  });

  it('a review says when the next one comes, and names the button that is there', () => {
    const { notes, i18n, clock } = game.program.services;
    const t = i18n('zh');
    const ctx = { notes, locale: 'zh' as const, t, now: clock.now(), zone: 'Asia/Shanghai' };
    const person = { platform: 'terminal', space: 'test', user_id: 'ana' };
    const question = game.question('multiple.one');
    const instance = instantiate(question, createRng(1));
    const turn = { id: 'turn', person, question, instance, value: undefined, helps: 0, quiz: null, answeredAt: null, openedAt: 0 };
    const asked = ask(ctx, turn, 0);
    expect(toText(asked)).toContain('再按“提交”');
    expect(button(asked, '提交')).toBeDefined();
    const day = 86_400_000;
    const tomorrow = toText(nothingDue(ctx, { due: 0, apart: 0, nextAt: ctx.now + day, fresh: [{ topic: 'single', count: 2 }] }, person));
    expect(tomorrow).toContain('下一题的时间：明天。');
    const value = { picked: rightPicks(question, instance)! };
    const done = feedback(
      ctx,
      { turn, value, credit: 1, due: ctx.now + 3 * day },
      { due: 0, apart: 0, nextAt: ctx.now + 3 * day, fresh: [] },
    );
    expect(toText(done)).toMatch(/这道题下次出现：3天后（11月27日）。/);
    for (const text of [tomorrow, toText(done)]) expect(text).not.toMatch(HALF_WIDTH);
  });
});
