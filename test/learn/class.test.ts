import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageBlock, toText } from '../../src/core/reply.ts';
import { bandsOf, type ClassView } from '../../src/learn/class.ts';
import { button } from '../helpers/game.ts';
import { errorOf, openRoom } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { asked, openStudy, rightAndWrong, type Study } from '../helpers/study.ts';

const item = (id: string) => `
  - id: ${id}
    kind: single
    prompt: { en: "Prompt of ${id}?", zh: "${id}？" }
    choices:
      - { text: { en: right ${id}, zh: 对 }, correct: true }
      - { text: { en: wrong ${id}, zh: 错 }, why: { en: no, zh: 不 } }
    explanation: { en: "Because.", zh: "因为。" }`;
const deck = (name: string) => `title: ${name}\nquestions:${item(`${name}.one`)}${item(`${name}.two`)}`;

let study: Study;
beforeAll(async () => {
  study = await openStudy(smallContent({ easy: deck('easy'), hard: deck('hard') }));
});
afterAll(() => study.close());

/** Answers both questions of a deck; `wrong` of them wrongly. */
async function learn(user: string, topic: string, wrong: number): Promise<void> {
  for (let i = 0; i < 2; i++) {
    const reply = await study.room.say(user, `/review topic:${topic}`);
    const { question, choices } = asked(reply);
    const picks = rightAndWrong(study.question(question), choices);
    const isWrong = question.endsWith('one') ? wrong > 0 : wrong > 1;
    await study.room.press(user, isWrong ? picks.wrong : picks.right);
  }
}
const view = (reply: { result?: unknown }) =>
  (reply.result as { class: { people: number; topics: ClassView['topics']; items: { question: string; right: number }[] } }).class;

describe('/class', () => {
  it('is for managers, and tells nothing of fewer than three', async () => {
    expect(errorOf(await study.room.say('ana', '/class'))).toBe('class-managers-only');
    for (const user of ['ana', 'ben']) await learn(user, 'easy', 0);
    const few = await study.room.say('host', '/class');
    expect(toText(few)).toContain('From 3 people on');
    expect(few.blocks.some(({ type }) => type === 'image' || type === 'table')).toBe(false);
  });

  it('shows topics by mastery as a picture and a table, the hardest questions, and nobody’s name', async () => {
    await learn('cy', 'easy', 1);
    for (const [user, wrong] of [
      ['ana', 2],
      ['ben', 1],
      ['cy', 2],
      ['dee', 0],
    ] as const)
      await learn(user, 'hard', wrong);
    const reply = await study.room.say('host', '/class');
    const { people, topics, items } = view(reply);
    expect(people).toBe(4);
    expect(topics.map(({ topic, people: met }) => [topic, met])).toEqual([
      ['hard', 4],
      ['easy', 3],
    ]);
    // Just answered: what was right is known. Two know nothing of it, one half, one all.
    expect(topics[0]!.mean).toBeCloseTo((0 + 0.5 + 0 + 1) / 4, 2);
    expect(topics[0]!.bands).toEqual([2, 0, 1, 1]);
    expect(topics[1]!.mean).toBeCloseTo((1 + 1 + 0.5) / 3, 2);
    expect(items.map(({ question, right }) => [question, right])).toEqual([
      ['hard.one', 0.25],
      ['hard.two', 0.5],
      ['easy.one', expect.closeTo(2 / 3)],
      ['easy.two', 1],
    ]);
    const text = toText(reply);
    for (const name of ['ana', 'ben', 'cy', 'dee']) expect(text).not.toMatch(new RegExp(`\\b${name}\\b`));
    expect(text).toContain('Prompt of hard.one? (right at first: 25 %, answers: 4)');
    const image = reply.blocks.find((block): block is ImageBlock => block.type === 'image')!;
    expect(image.alt).toMatch(/Heat map .* 4 people.* hard: 38 %; easy: 83 %/);
  });

  it('opens a row, and starts a discussion of what is between 30 and 70 % right', async () => {
    const all = await study.room.say('host', '/class');
    const rows = all.blocks.flatMap((block) => (block.type === 'rows' ? block.items : []));
    expect(rows.map(({ text }) => text)[0]).toBe('hard: 38 % on average, people: 4');
    const opened = await study.room.press('host', rows[0]!.button.id);
    expect(view(opened).items.map(({ question }) => question)).toEqual(['hard.one', 'hard.two']);
    expect(errorOf(await study.room.press('ana', rows[0]!.button.id))).toBe('class-managers-only');
    await study.room.press('host', button(all, 'Discuss these (2)'));
    const live = study.program.services.quiz.inRoom(study.room.ref)!;
    expect(live.state.settings.mode).toBe('discuss');
    expect(live.stored.questions.map(({ questionId }) => questionId).sort()).toEqual(['easy.one', 'hard.two']);
    // What a quiz asks now is not told meanwhile.
    expect(view(await study.room.say('host', '/class')).items.map(({ question }) => question)).toEqual(['hard.one', 'easy.two']);
    await study.room.stop();
    await study.clock.advance(1_000);
  });

  it('of another space is another', async () => {
    const other = openRoom(study.program.services, study.program.dispatch, 'main', 'elsewhere');
    expect(toText(await other.say('host', '/class'))).toContain('From 3 people on');
  });

  it('counts each value in one band', () => {
    expect(bandsOf([0, 0.2499, 0.25, 0.5, 0.74, 0.75, 1])).toEqual([2, 1, 2, 2]);
  });
});
