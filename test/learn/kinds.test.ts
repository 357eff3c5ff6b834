import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageBlock, type Reply, toText } from '../../src/core/reply.ts';
import { createRng } from '../../src/demos/random.ts';
import { startingDifficulty } from '../../src/learn/elo.ts';
import { recordAnswers } from '../../src/learn/record.ts';
import { selectQuestions } from '../../src/quiz/select.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';

const said = (en: string) => `{ en: "${en}" }`;
const base = (id: string) => `id: kinds.${id}, prompt: ${said(`${id}?`)}, explanation: ${said(`because of ${id}`)}`;
const DECK = `title: { en: Every kind, zh: 各种题型 }
source: https://example.org/kinds
license: CC BY-SA 4.0
questions:
  - { ${base('number')}, kind: numeric, answer: 0.25, tolerance: 0.01 }
  - { ${base('term')}, kind: term, accept: { en: [batch normalization, BN], zh: [批归一化] } }
  - { ${base('many')}, kind: multiple, choices: [{ text: ${said('yes one')}, correct: true }, { text: ${said('yes two')}, correct: true }, { text: ${said('no')} }] }
  - { ${base('order')}, kind: ordering, items: [${said('first')}, ${said('second')}, ${said('third')}] }
  - { ${base('truth')}, kind: boolean, answer: true }
  - { ${base('broken')}, kind: chart, demo: gradient-descent, measure: nonsense, tolerance: 1 }
  - { ${base('chart')}, kind: chart, demo: gradient-descent, measure: best-contraction, tolerance: 0.001 }
`;

const content = smallContent({ kinds: DECK });
let clock: ManualClock;
let program: Program;
let room: Room;
beforeAll(async () => {
  clock = createManualClock();
  program = await startProgram({
    folder: mkdtempSync(join(tmpdir(), 'kinds-')),
    clock,
    freshSeed: () => 42,
    env: { CONTENT_DIR: content },
  });
  room = openRoom(program.services, program.dispatch);
});
afterAll(() => program.close());

interface Review {
  turn: string;
  question: string;
  questionKind: string;
  choices: { id: string; label: string }[];
  correct: boolean;
  credit: number;
}
const reviewOf = (reply: Reply) => (reply.result as unknown as { review: Review }).review;

/** Each test has a person of its own, who has met everything of the deck but one kind. */
async function askFor(user: string, kind: string): Promise<Reply> {
  const others = [...program.services.notes.content().questions.values()].filter((one) => one.deck === 'kinds' && one.kind !== kind);
  await program.services.store.db.transaction().execute(async (trx) => {
    for (const question of others) {
      const { platform, space } = room.ref;
      const answers = [{ user, credit: 1, hinted: false, given: null }];
      await recordAnswers(trx, {
        platform,
        space,
        source: `seed/${question.id}`,
        questionId: question.id,
        question,
        at: clock.now(),
        answers,
      });
    }
  });
  const reply = await room.say(user, '/review topic:kinds');
  expect(reviewOf(reply).questionKind).toBe(kind);
  return reply;
}

describe('reviews of every kind', () => {
  it('a number, by either command', async () => {
    expect(toText(await askFor('n1', 'numeric'))).toContain('as /answer 0.5, or in a plain message to me');
    expect(errorOf(await room.say('n1', '/answer a quarter'))).toBe('answer-not-a-number');
    expect(reviewOf(await room.say('n1', '/answer 1/4'))).toMatchObject({ correct: true });
    await askFor('n2', 'numeric');
    const wrong = await room.say('n2', '/review answer:0.3');
    expect(reviewOf(wrong)).toMatchObject({ correct: false });
    expect(toText(wrong)).toMatch(/You said: 0\.3[\s\S]*Right answer:\*\* 0\.25 ± 0\.01[\s\S]*because of number/);
  });

  it('a term, in either language and spelling', async () => {
    for (const [user, typed] of [
      ['t1', 'Batch-Normalization'],
      ['t2', '批归一化'],
    ] as const) {
      await askFor(user, 'term');
      expect(reviewOf(await room.say(user, `/answer ${typed}`)).correct).toBe(true);
    }
  });

  it('several choices, collected until they are checked; a delivery counts once', async () => {
    const asked = await askFor('m', 'multiple');
    const { choices, turn } = reviewOf(asked);
    const id = (label: string) => choices.find((choice) => choice.label === label)!.id;
    // The words name the button that is there, and it waits for something to check.
    expect(toText(asked)).toContain('then press “Check”');
    expect(buttonsOf(asked).find(({ label }) => label === 'Check')).toMatchObject({ disabled: true });
    await room.press('m', id('no'), 'd1');
    await program.close();
    program = await startProgram({
      folder: join(program.services.store.name, '..'),
      clock,
      freshSeed: () => 42,
      env: { CONTENT_DIR: content },
    });
    room = openRoom(program.services, program.dispatch);
    // Delivered again after a restart: it does not take the choice back.
    expect(toText(await room.press('m', id('no'), 'd1'))).toMatch(/So far: [A-C]/);
    await room.press('m', id('no'), 'd2');
    await room.press('m', id('yes one'), 'd3');
    const board = await room.press('m', id('yes two'), 'd4');
    const done = buttonsOf(board).find(({ label }) => label === 'Check')!;
    expect(done.disabled).toBe(false);
    expect(done.id).toBe(`1~review~done~${turn}`);
    expect(reviewOf(await room.press('m', done.id))).toMatchObject({ correct: true, credit: 1 });
  });

  it('an order: pressed one by one, cleared, and typed', async () => {
    const asked = await askFor('o', 'ordering');
    const { choices } = reviewOf(asked);
    const id = (label: string) => choices.find((choice) => choice.label === label)!.id;
    for (const label of ['third', 'second']) await room.press('o', id(label));
    const board = await room.press('o', buttonsOf(await room.press('o', id('second'))).find(({ label }) => label === 'Clear')!.id);
    expect(toText(board)).not.toMatch(/So far/);
    for (const label of ['first', 'third']) await room.press('o', id(label));
    const last = await room.press('o', id('second'));
    const outcome = await room.press('o', buttonsOf(last).find(({ label }) => label === 'Check')!.id);
    expect(reviewOf(outcome)).toMatchObject({ correct: false, credit: 2 / 3 });
    expect(toText(outcome)).toMatch(/Partly right[\s\S]*first → [A-C]\. second → [A-C]\. third/);
    await askFor('o2', 'ordering');
    expect(errorOf(await room.say('o2', '/answer A'))).toBe('answer-not-all');
  });

  it('a chart, drawn for this review from a run of its own; one whose run decides nothing is passed over', {
    timeout: 60_000,
  }, async () => {
    const asked = await askFor('c', 'chart');
    expect(reviewOf(asked).question).toBe('kinds.chart');
    const image = asked.blocks.find((block): block is ImageBlock => block.type === 'image')!;
    expect(Buffer.from(image.png.slice(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const row = await program.services.store.db.selectFrom('review_turns').selectAll().where('user_id', '=', 'c').executeTakeFirstOrThrow();
    const { run } = JSON.parse(row.instance) as { run: { key: number } };
    expect(JSON.stringify(asked.result)).not.toContain(`"key"`);
    expect(reviewOf(await room.say('c', `/answer ${run.key}`))).toMatchObject({ correct: true });
  });
});

describe('a deck', () => {
  it('is listed with its licence, played by its id or title, and has no note to read', async () => {
    expect(toText(await room.say('ana', '/topics'))).toMatch(
      /Every kind: `\/quiz start topic:kinds` \(https:\/\/example\.org\/kinds, CC BY-SA 4\.0\)/,
    );
    const asked = await room.say('ana', '/review topic:"every kind"');
    expect(toText(asked)).toContain('Review: Every kind');
    expect(buttonsOf(asked).some(({ id }) => id.includes('~hint~'))).toBe(false);
    const started = await room.say('host', '/quiz start topic:kinds questions:3 lobby:0 mode:exam');
    expect(started.result).toMatchObject({ settings: { topic: 'kinds', total: 3 } });
    await room.stop();
  });

  it('is read again when its file changes, and keeps its last good version when it breaks', async () => {
    const until = async (test: () => boolean) => {
      for (let i = 0; i < 200 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
      expect(test()).toBe(true);
    };
    const has = (id: string) => program.services.notes.content().questions.has(id);
    writeFileSync(join(content, 'decks/kinds.yaml'), DECK.replaceAll('kinds.truth', 'kinds.changed'));
    await until(() => has('kinds.changed') && !has('kinds.truth'));
    writeFileSync(join(content, 'decks/kinds.yaml'), 'title: [');
    await until(() => program.services.notes.problems().length > 0);
    expect(has('kinds.changed')).toBe(true);
    writeFileSync(join(content, 'decks/kinds.yaml'), DECK);
    await until(() => has('kinds.truth'));
  });
});

describe('choosing questions', () => {
  it('takes what the room has not seen, and among those what suits it', async () => {
    const pool = [...program.services.notes.content().questions.values()].filter(({ topic }) => topic === 'batch-size');
    const [easy, right, hard, ...rest] = pool.map(({ id }) => id);
    const far = ({ id }: { id: string }) => ({ [easy!]: 4, [right!]: 0, [hard!]: 8 })[id] ?? 2;
    const chosen = selectQuestions(pool, 5, [right!], createRng(1), far).map(({ id }) => id);
    expect(chosen.slice(0, 2).sort()).toEqual(rest.sort());
    expect(chosen.slice(2)).toEqual([easy, hard, right]);
  });

  it('goes by the ability of the people who play there, from first answers', async () => {
    const questions = [...program.services.notes.content().questions.values()].filter(({ topic }) => topic === 'batch-size');
    const [hard, fair] = [questions[0]!, questions[1]!];
    const room2 = { platform: 'terminal', space: 'elo', room: 'r' } as const;
    await program.services.store.db.transaction().execute(async (trx) => {
      for (const [question, share] of [
        [hard, 0.1],
        [fair, 0.75],
      ] as const) {
        const answers = Array.from({ length: 40 }, (_, i) => ({
          user: `e${(i * 7) % 40}`,
          credit: i < 40 * share ? 1 : 0,
          hinted: false,
          given: null,
        }));
        await recordAnswers(trx, {
          platform: 'terminal',
          space: 'elo',
          source: `elo/${question.id}`,
          questionId: question.id,
          question,
          at: 1,
          answers,
        });
      }
    });
    const far = await program.services.learning.ranking(room2);
    expect(far(fair)).toBeLessThan(far(hard));
    expect(far(questions[2]!)).toBe(0);
    expect(startingDifficulty(questions[2]).rating).toBe(questions[2]!.difficulty - 2);
  });
});

describe('/progress', () => {
  it('says in numbers what its chart shows', async () => {
    const { store, learning, notes } = program.services;
    const questions = [...notes.content().questions.values()].filter(({ topic }) => topic === 'batch-size');
    const { platform, space } = room.ref;
    const day = 86_400_000;
    await store.db.transaction().execute(async (trx) => {
      for (const [i, question] of questions.slice(0, 4).entries()) {
        const answers = [{ user: 'pia', credit: i === 0 ? 0 : 1, hinted: false, given: null }];
        await recordAnswers(trx, {
          platform,
          space,
          source: `p/${i}`,
          questionId: question.id,
          question,
          at: clock.now() - (i > 1 ? 2 : 0) * day,
          answers,
        });
      }
    });
    const person = { platform, space, user_id: 'pia' };
    const progress = await learning.progress(person);
    const topic = progress.topics.find((one) => one.topic === 'batch-size')!;
    expect(topic).toMatchObject({ total: 5, seen: 4, known: 3 });
    // One right just now (1), two right two days ago: FSRS-6 gives 0.9 where stability 2.3 days has passed.
    expect(topic.mastery * 5).toBeGreaterThan(1 + 2 * 0.9);
    expect(topic.mastery * 5).toBeLessThan(1 + 2 * 0.93);
    expect(progress.due.map(({ count }) => count)).toEqual([2, 1, 1, 0, 0, 0, 0]);
    expect(progress.streak).toEqual({ days: 2, freeze: false, today: true });
    expect(progress.activity.slice(-3).map(({ count }) => count)).toEqual([2, 0, 2]);
    expect(progress.forecast[0]!.retention).toBeCloseTo((topic.mastery * 5) / 3, 10);
    expect(progress.forecast.map(({ retention }) => retention)).toEqual(
      [...progress.forecast.map(({ retention }) => retention)].sort((a, b) => b - a),
    );
    for (const [locale, words] of [
      ['en', /Mastery: Batch size 56 %\.[\s\S]*Reviews: today 2/],
      ['zh', /掌握程度：批量大小 56 %。[\s\S]*待复习：今天 2/],
    ] as const) {
      await room.say('pia', `/lang ${locale}`);
      const reply = await room.say('pia', '/progress');
      expect(reply.visibility).toBe('private');
      const image = reply.blocks.find((block): block is ImageBlock => block.type === 'image')!;
      expect(image.alt).toMatch(words);
      expect(image.width).toBeGreaterThan(1000);
      expect(Buffer.from(image.png.slice(1, 4)).toString()).toBe('PNG');
      expect(toText({ ...reply, blocks: reply.blocks.filter(({ type }) => type !== 'image') })).toMatch(/56 %[\s\S]*4\/5/);
    }
  });
});
