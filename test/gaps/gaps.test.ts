import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Button, type Reply, toText } from '../../src/core/reply.ts';
import { dueWeek } from '../../src/gaps/digest.ts';
import { createGrouping } from '../../src/gaps/grouping.ts';
import { itemFrom } from '../../src/gaps/item.ts';
import type { Written } from '../../src/gaps/present.ts';
import { scrub } from '../../src/gaps/scrub.ts';
import { buttonsOf, errorOf, openRoom } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { openStudy, type Study } from '../helpers/study.ts';

const content = smallContent();
const DAY = 24 * 3_600_000;
let study: Study;
beforeEach(async () => {
  study = await openStudy(content);
});
afterEach(() => study.close());

const say = (user: string, text: string) => study.room.say(user, text);
const press = (user: string, button: Button | undefined, text?: string) => study.room.press(user, button!.id, undefined, text);
const rowButtons = (reply: Reply) =>
  reply.blocks.flatMap((block) => (block.type === 'rows' ? block.items.map(({ button }) => button) : []));
const labelled = (reply: Reply, label: RegExp) => buttonsOf(reply).find((button) => label.test(button.label));
const db = () => study.program.services.store.db;
const questions = async () => (await db().selectFrom('gaps').select('question').orderBy('id').execute()).map(({ question }) => question);
const written = (reply: Reply) => reply.result as unknown as Written;

describe('what is not answered', () => {
  it('is kept only where a manager switched it on, without a name, and everybody is told', async () => {
    await say('ana', '/ask when is the project due?');
    expect(await questions()).toEqual([]);
    expect(toText(await say('ana', '/privacy'))).toMatch(/keeps no question/);
    expect(errorOf(await say('ana', '/settings gaps on'))).toBe('gaps-managers-only');
    expect(toText(await say('host', '/settings gaps on'))).toMatch(/gaps \*\*on\*\*.*90 days/);
    const reply = await say('ana', '/ask when is the project due? write to ana@example.org or @ana_q');
    expect(toText(reply)).toMatch(/kept without your name/);
    expect(await questions()).toEqual(['when is the project due? write to … or …']);
    expect(JSON.stringify(await db().selectFrom('gaps').selectAll().execute())).not.toContain('ana"');
    for (const command of ['/privacy', '/help']) expect(toText(await say('ben', command))).toMatch(/kept for 90 days without your name/);
    // Answered questions and small talk are no gaps.
    await say('ana', '/ask Which batch size should I use?');
    await say('ana', 'hello');
    expect(await questions()).toHaveLength(1);
  });

  it('is grouped, most asked or newest first, in pages, for managers alone', async () => {
    await say('host', '/settings gaps on');
    for (const [user, question] of [
      ['ana', 'who won the football world cup?'],
      ['ben', 'when is the project due?'],
      ['ana', 'When is our project due'],
      ['cyd', 'the project, when is it due'],
      ['ana', '食堂晚上几点关门？'],
      ['ben', '食堂几点关门？'],
    ]) {
      study.clock.set(study.clock.now() + 1_000);
      await say(user!, `/ask ${question}`);
    }
    expect(errorOf(await say('ana', '/gaps'))).toBe('gaps-managers-only');
    const page = await say('host', '/gaps');
    expect(page.result).toMatchObject({
      total: 3,
      questions: 6,
      pages: 1,
      families: [{ count: 3 }, { count: 2, locale: 'zh' }, { count: 1 }],
    });
    const newest = await press('host', labelled(page, /Newest/));
    expect(newest.result).toMatchObject({ families: [{ count: 2 }, { count: 3 }, { count: 1 }] });
    const family = await press('host', rowButtons(page)[0]);
    expect(family.result).toMatchObject({
      wordings: expect.arrayContaining(['when is the project due?', 'When is our project due', 'the project, when is it due']),
    });
    await press('host', labelled(family, /No question/));
    expect((await say('host', '/gaps')).result).toMatchObject({ total: 2 });
    expect(errorOf(await press('ana', rowButtons(page)[0]))).toBe('gaps-managers-only');
  });

  it('goes after 90 days, and with who asked it', async () => {
    await say('host', '/settings gaps on');
    await say('ana', '/ask when is the project due?');
    await say('ben', '/ask who won the football world cup?');
    const reply = await say('ana', '/forget-me');
    await press('ana', buttonsOf(reply)[0]);
    expect(await questions()).toEqual(['who won the football world cup?']);
    study.clock.set(study.clock.now() + 89 * DAY);
    expect((await say('host', '/gaps')).result).toMatchObject({ total: 1 });
    study.clock.set(study.clock.now() + 2 * DAY);
    expect((await say('host', '/gaps')).result).toMatchObject({ total: 0 });
    expect(await questions()).toEqual([]);
  });

  it('is seen in its own space only', async () => {
    await say('host', '/settings gaps on');
    await say('ana', '/ask when is the project due?');
    const other = openRoom(study.program.services, study.program.dispatch, 'main', 'other');
    expect((await other.say('host', '/gaps')).result).toMatchObject({ gaps: false, total: 0 });
    expect(errorOf(await other.say('host', '/gaps 1'))).toBe('gap-gone');
    await other.say('eve', '/ask where is the lecture hall?');
    expect(await questions()).toHaveLength(1);
  });

  it('stays quick with ten thousand', async () => {
    await say('host', '/settings gaps on');
    const row = {
      platform: 'terminal',
      space: 'test',
      locale: 'en',
      reason: 'unanswered' as const,
      missing: null,
      asker: 'x',
      closed: null,
    };
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      ...row,
      family: (i % 3_000) + 1,
      question: `word${i % 3_000} something${i % 7}`,
      at: study.clock.now() - i,
    }));
    for (let i = 0; i < rows.length; i += 500)
      await db()
        .insertInto('gaps')
        .values(rows.slice(i, i + 500))
        .execute();
    await say('ana', '/ask zebra quagga okapi?');
    const started = performance.now();
    const page = await say('host', '/gaps');
    await say('ana', '/ask zebra and okapi and quagga');
    const took = performance.now() - started;
    expect(page.result).toMatchObject({ total: 3_001, questions: 10_001, pages: 601 });
    // Far above what it takes (some 50 ms), far below what would be felt as broken.
    expect(took).toBeLessThan(3_000);
    expect(await db().selectFrom('gaps').select('family').where('question', 'like', 'zebra%').distinct().execute()).toHaveLength(1);
  });
});

describe('an answer that is written', () => {
  const ASKED = [
    'when is the project due?',
    'When is our project due',
    'deadline for the project',
    'project deadline?',
    'by when do we hand in the project',
  ];

  async function gap(): Promise<Reply> {
    await say('host', '/settings gaps on');
    for (const question of ASKED) await say('ana', `/ask ${question}`);
    const page = await say('host', '/gaps');
    return press('host', rowButtons(page)[0]);
  }

  it('is found by its ways of asking, takes nothing from the others, and becomes a quiz item', async () => {
    const family = await gap();
    const open = (await say('host', '/gaps')).result;
    const reply = await press('host', labelled(family, /Write/), 'On 12 December at noon, by mail. Name your batch size in it.');
    const { topic, found, lost, collisions, checked } = written(reply);
    expect([lost, collisions]).toEqual([[], []]);
    expect(found.length).toBeGreaterThan(1);
    expect(checked).toBeGreaterThan(0);
    expect(toText(reply)).toMatch(/No other answer is lost/);
    const more = await press('host', labelled(reply, /ways/), ASKED.slice(2).join('\n'));
    expect(written(more)).toMatchObject({ found: expect.arrayContaining(ASKED), lost: [] });
    for (const question of ASKED) {
      const answered = await say('ben', `/ask ${question}`);
      expect(answered.result, question).toMatchObject({ answered: true, topic });
      expect(toText(answered)).toContain('On 12 December at noon');
    }
    expect((await say('host', '/gaps')).result).toMatchObject({ total: 0 });
    // In words that nobody wrote down it is at least what is offered first.
    const free = (await say('ben', '/ask what is the due date of the project?')).result as unknown as {
      topic: string | null;
      alternatives: { topic: string }[];
    };
    expect(free.topic ?? free.alternatives[0]?.topic).toBe(topic);

    const item = await press('host', labelled(reply, /quiz/), '12 December\n15 December\n1 January');
    expect(item.result).toMatchObject({ item: 'single', topic });
    const review = await say('ben', `/review topic:${topic}`);
    expect(toText(review)).toMatch(/when is (?:the|our) project due/i);
    for (const choice of ['12 December', '15 December', '1 January']) expect(toText(review)).toContain(choice);

    await press('host', labelled(reply, /Take it back/));
    expect((await say('ben', `/ask ${ASKED[0]}`)).result).toMatchObject({ answered: false });
    expect((await say('host', '/gaps')).result).toMatchObject({ total: (open as unknown as { total: number }).total });
  });

  it('that takes a shipped answer’s own question says which', async () => {
    await say('host', '/settings gaps on');
    const [answer] = study.program.services.notes.topic('batch-size')!.answers;
    const taken = answer!.ask.en![0]!;
    await say('ana', '/ask who brings the cake?');
    const page = await say('host', '/gaps');
    const reply = await press('host', labelled(await press('host', rowButtons(page)[0]), /Write/), 'Ana does.');
    expect(written(reply).collisions).toEqual([]);
    const more = await press('host', labelled(reply, /ways/), taken);
    expect(written(more).collisions.map(({ question }) => question)).toContain(taken);
    expect(toText(more)).toMatch(/Answered differently now: \d+ of/);
  });

  it('can be typed, and a form that is not there is explained', async () => {
    const family = await gap();
    expect(toText(await press('host', labelled(family, /Write/)))).toMatch(/Type it: \/gaps \d+/);
    const { id } = family.result as unknown as { id: number };
    expect(written(await say('host', `/gaps ${id} On 12 December.`)).topic).toBeTruthy();
    expect(errorOf(await say('host', `/gaps ${id} Once more.`))).toBe('gap-gone');
    expect(errorOf(await say('ana', `/gaps ${id} Mine.`))).toBe('gaps-managers-only');
  });
});

describe('feedback', () => {
  it('counts the last vote, asks what was missing, and makes a gap of 👎', async () => {
    await say('host', '/settings gaps on');
    const reply = await say('ana', '/ask Which batch size should I use?');
    const [up, down] = [labelled(reply, /👍/), labelled(reply, /👎/)];
    expect(up?.style).toBeUndefined();
    await press('ana', up);
    const receipt = await press('ana', down);
    expect(receipt.visibility).toBe('private');
    await press('ana', labelled(receipt, /missing/), 'a number for images');
    expect(await db().selectFrom('answer_votes').select(['user_id', 'vote']).execute()).toEqual([{ user_id: 'ana', vote: -1 }]);
    const family = await press('host', rowButtons(await say('host', '/gaps'))[0]);
    expect(family.result).toMatchObject({ question: 'Which batch size should I use?', missing: ['a number for images'] });
    await say('host', '/settings feedback off');
    expect(labelled(await say('ben', '/ask Which batch size should I use?'), /👍/)).toBeUndefined();
  });

  it('a manager’s mark is shown while the text is the one that was read', async () => {
    await say('host', '/settings gaps on');
    await say('ana', '/ask when is the project due?');
    const family = await press('host', rowButtons(await say('host', '/gaps'))[0]);
    const done = await press('host', labelled(family, /Write/), 'On 12 December.');
    const receipt = await press('host', labelled(await say('host', '/ask when is the project due?'), /👍/));
    await press('host', labelled(receipt, /reviewed/));
    expect(labelled(await press('ana', labelled(await say('ana', '/ask when is the project due?'), /👍/)), /reviewed/)).toBeUndefined();
    expect(toText(await say('ana', '/ask when is the project due?'))).toMatch(/Reviewed by host, 2026-11-24/);
    const { services } = study.program;
    const again = {
      question: 'when is the project due?',
      paraphrases: [],
      answer: 'On 13 December.',
      locale: 'en' as const,
      by: { id: 'host', name: 'host' },
    };
    await services.ownNotes.publishAnswer(study.room.ref, { ...again, replaces: written(done).topic });
    expect(toText(await say('ana', '/ask when is the project due?'))).not.toMatch(/Reviewed by/);
  });
});

describe('the weekly digest', () => {
  // The clock begins on Tuesday, 24 November 2026, at noon.
  it('goes out once a week, over restarts, with sums and no names', async () => {
    await say('host', '/settings gaps on');
    await say('host', '/settings digest on hour:9 zone:Asia/Shanghai');
    await say('ana', '/ask Which batch size should I use?');
    await say('ben', '/ask when is the project due?');
    await say('host', '/notes managers change:add who:<@cyd>');
    const posted: string[] = [];
    const directs: string[] = [];
    const later = async (ms: number) => {
      await study.reopen({ later: ms });
      study.program.services.gaps.digest.start();
      await study.clock.advance(31 * 60_000);
      await study.program.services.gaps.digest.stop();
      posted.push(...study.room.posts.map(({ reply }) => toText(reply)));
      directs.push(...study.room.directs.map(({ user, reply }) => `${user}: ${toText(reply)}`));
    };
    // Monday, 30 November, 9:00 in Shanghai is 1:00 UTC.
    await later(5 * DAY + 12 * 3_600_000);
    expect(posted).toEqual([]);
    await later(3_600_000);
    await later(60_000);
    await later(3 * 3_600_000);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatch(/2 questions asked, 1 answered/);
    expect(posted[0]).toContain('when is the project due?');
    expect(posted[0]).not.toMatch(/\b(?:ana|ben)\b/);
    // Whoever asked for it and whoever may publish gets the same, each once.
    expect(directs).toEqual([`host: ${posted[0]}`, `cyd: ${posted[0]}`]);
    await later(7 * DAY);
    expect(posted).toHaveLength(2);
    await say('host', '/settings digest off');
    await later(7 * DAY);
    expect(posted).toHaveLength(2);
  });

  it.each([
    ['2026-11-30T08:59:00Z', 'UTC', undefined],
    ['2026-11-30T09:00:00Z', 'UTC', '2026-11-30'],
    ['2026-12-01T23:00:00Z', 'UTC', '2026-11-30'],
    ['2026-12-02T00:00:00Z', 'UTC', undefined],
    ['2026-11-30T00:59:00Z', 'Asia/Shanghai', undefined],
    ['2026-11-30T01:00:00Z', 'Asia/Shanghai', '2026-11-30'],
  ])('at %s in %s is due for %s', (at, zone, week) => expect(dueWeek(Date.parse(at), { zone, hour: 9 })).toBe(week));
});

describe('parts', () => {
  it('questions that mean the same are one family, in both languages', () => {
    const grouping = createGrouping();
    grouping.add(1, 'How do I choose the learning rate for fine-tuning?');
    grouping.add(2, '期末考试在哪天举行？');
    expect(grouping.find('choosing a lr for fine tuning')).toBe(1);
    expect(grouping.find('微调的学习率怎么选 fine-tuning learning rate')).toBe(1);
    expect(grouping.find('期末考试哪天？')).toBe(2);
    expect(grouping.find('where is the cake?')).toBeUndefined();
  });

  it('a question loses mentions, addresses and numbers to call, and keeps its numbers', () => {
    expect(scrub('<@123> and @bo_b: is 0.001 ok for 1000000 steps? a.b@c.de, +49 170 1234567')).toBe(
      '… and …: is 0.001 ok for 1000000 steps? …, …',
    );
  });

  it('an item is made of lines, or refused', () => {
    expect(itemFrom('Q?', 'Because.', 'A. yes\n- no', 'en')).toMatchObject({
      kind: 'single',
      choices: [
        { text: { en: 'yes' }, correct: true },
        { text: { en: 'no' }, correct: false },
      ],
    });
    expect(itemFrom('问？', '因为。', '批归一化 | BN', 'zh')).toMatchObject({
      kind: 'term',
      accept: { zh: ['批归一化', 'BN'] },
      prompt: { zh: '问？' },
    });
    for (const text of ['', 'a\nA', 'a\nb\nc\nd\ne\nf']) expect(() => itemFrom('Q?', 'x', text, 'en')).toThrow('gap-item');
  });
});
