import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../commands/index.ts';
import { parseText } from '../../src/core/parse.ts';
import type { FileBlock, Reply } from '../../src/core/reply.ts';
import type { Platform } from '../../src/core/request.ts';
import { recordAnswers } from '../../src/learn/record.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { createJars } from '../helpers/jar.ts';
import { type Program, startPlayground } from '../helpers/playground.ts';
import { buttonsOf, openRoom, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';

const content = smallContent();
let folder: string;
let clock: ManualClock;
let program: Program & { url: string };
let jarOf: ReturnType<typeof createJars>;
let terminal: Room;

async function open(): Promise<void> {
  program = await startPlayground({ folder, clock, freshSeed: () => 42, env: { CONTENT_DIR: content } });
  clock.idle = () => program.services.quiz.idle();
  terminal = openRoom(program.services, program.dispatch);
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  clock = createManualClock();
  jarOf = createJars();
  await open();
});
afterEach(() => program.close());

/** On the page. */
const web = async (browser: string, body: object, room = 'lab'): Promise<Reply & { text: string }> => {
  const response = await jarOf(browser).fetch(`${program.url}/api/rooms/${room}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: browser, locale: 'en', ...body }),
  });
  return (await response.json()) as Reply & { text: string };
};
const say = (browser: string, text: string) => web(browser, { text });
const me = async (browser: string) =>
  ((await (await jarOf(browser).fetch(`${program.url}/api/me`)).json()) as { person: { id: string; name: string } | null }).person;
let deliveries = 0;
/** On another platform, as its adapter would ask. */
const on = (platform: Platform, space: string, id: string, text: string) =>
  program.dispatch({
    id: `d${deliveries++}`,
    platform,
    space,
    room: 'r',
    user: { id, name: `${platform} ${id}` },
    locale: 'en',
    receivedAt: clock.now(),
    ...(text.startsWith('1~') ? { action: text, options: {} } : parseText(text, registry)),
  });

const codeOf = (reply: Reply) => (reply.result as unknown as { code: string }).code;
const errorOf = (reply: Reply) => (reply.result as { code?: string }).code;
const joinOf = (reply: Reply) => buttonsOf(reply)[0]!.id;
const questions = () => [...program.services.notes.content().questions.values()];

/** Answers as quizzes and reviews leave them. */
async function answered(person: { platform: string; space: string; user_id: string }, which: number, credit: number, source: string) {
  const question = questions()[which]!;
  await program.services.store.db.transaction().execute((trx) =>
    recordAnswers(trx, {
      platform: person.platform,
      space: person.space,
      source,
      questionId: question.id,
      question,
      at: clock.now(),
      answers: [{ user: person.user_id, credit, hinted: false, given: null }],
    }),
  );
}
const key = async (browser: string) => ({ platform: 'web', space: 'local', user_id: (await me(browser))!.id });
const rows = (table: 'cards' | 'review_log' | 'abilities' | 'accounts' | 'web_sessions' | 'score_sums' | 'people') =>
  program.services.store.db.selectFrom(table).selectAll().execute() as Promise<Record<string, unknown>[]>;

describe('a code', () => {
  it('makes two browsers one person: what both have learnt is one memory, replayed in its order', async () => {
    for (const name of ['Ana', 'Phone']) await say(name, '/help');
    const [ana, phone] = [await key('Ana'), await key('Phone')];
    await answered(ana, 0, 1, 'review/a');
    await clock.advance(86_400_000);
    await answered(phone, 0, 0, 'review/b');
    await answered(phone, 1, 1, 'review/c');
    const code = codeOf(await say('Ana', '/link'));
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    // Typed as people type.
    const asked = await say('Phone', `/link ${code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`);
    expect(asked.text).toContain('“Ana” (on the page)');
    expect(await me('Phone')).toMatchObject({ id: phone.user_id });
    expect((await web('Phone', { press: joinOf(asked) })).result).toMatchObject({ linked: true });
    expect(await me('Phone')).toEqual(await me('Ana'));
    expect((await rows('review_log')).map(({ user_id, source, first }) => [user_id, source, first]).sort()).toEqual(
      [
        [ana.user_id, 'review/a', 1],
        [ana.user_id, 'review/b', 0],
        [ana.user_id, 'review/c', 1],
      ].sort(),
    );
    // The card is that of one who was right and then wrong, not of either alone.
    const cards = await rows('cards');
    const twice = cards.find(({ question_id }) => question_id === questions()[0]!.id)!;
    expect(cards.map(({ user_id }) => user_id)).toEqual([ana.user_id, ana.user_id]);
    expect(JSON.parse(String(twice.card))).toMatchObject({ reps: 2, lapses: 1 });
    expect(twice.rating).toBe(1);
    expect((await rows('abilities')).map(({ n }) => n)).toEqual([3]);
    const progress = (await (await jarOf('Phone').fetch(`${program.url}/api/progress`)).json()) as { answered: number };
    expect(progress.answered).toBe(3);
  });

  it('works once, for ten minutes, and not for oneself; a new one ends the old one', async () => {
    const code = codeOf(await say('Ana', '/link'));
    expect(errorOf(await say('Ana', `/link ${code}`))).toBe('link-yourself');
    const asked = await say('Phone', `/link ${code}`);
    const stolen = await say('Eve', `/link ${code}`);
    await web('Phone', { press: joinOf(asked) });
    expect(errorOf(await web('Eve', { press: joinOf(stolen) }))).toBe('link-wrong-code');
    expect((await me('Eve'))!.id).not.toBe((await me('Ana'))!.id);
    const late = codeOf(await say('Ana', '/link'));
    await clock.advance(10 * 60_000);
    expect(errorOf(await say('Eve', `/link ${late}`))).toBe('link-wrong-code');
    const [old, fresh] = [codeOf(await say('Ana', '/link')), codeOf(await say('Ana', '/link'))];
    expect(errorOf(await say('Eve', `/link ${old}`))).toBe('link-wrong-code');
    expect(errorOf(await say('Eve', `/link ${fresh}`))).toBeUndefined();
    expect(JSON.stringify(await program.services.store.db.selectFrom('link_codes').selectAll().execute())).not.toContain(
      fresh.replace('-', ''),
    );
  });

  it('is not found by guessing: five wrong ones, then one in two minutes, also over a right one', async () => {
    const code = codeOf(await say('Ana', '/link'));
    const wrong = code === 'AAAA-AAAA' ? 'BBBB-BBBB' : 'AAAA-AAAA';
    for (let i = 0; i < 5; i++) expect(errorOf(await say('Eve', `/link ${wrong}`))).toBe('link-wrong-code');
    const refused = await say('Eve', `/link ${code}`);
    expect(errorOf(refused)).toBe('link-too-many');
    expect(refused.text).toContain('2 min');
    await clock.advance(120_000);
    expect(errorOf(await say('Eve', `/link ${code}`))).toBeUndefined();
    // Who makes new people for it is held up by all of their guesses together.
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 120; i++) codes.push(errorOf(await on('terminal', 'test', `e${i}`, `/link ${wrong}`)));
    expect(codes.filter((one) => one === 'link-too-many').length).toBeGreaterThanOrEqual(15);
  });

  it('joins points, but not twice for one question; waits while a quiz knows the one who joins', async () => {
    await say('Ana', '/quiz start topic:batch-size questions:2 lobby:0 seconds:30');
    await clock.advance(1_000);
    const pick = async () => {
      const boards = await program.services.store.db
        .selectFrom('web_messages')
        .select('body')
        .where('bot', '=', 1)
        .orderBy('seq')
        .execute();
      return boards.map(({ body }) => /1~quiz~pick~[\w-]+~\d~0/.exec(body)?.[0]).findLast(Boolean)!;
    };
    const first = await pick();
    for (const name of ['Ana', 'Phone']) await web(name, { press: first });
    const code = codeOf(await say('Ana', '/link'));
    const asked = await say('Phone', `/link ${code}`);
    expect(errorOf(await web('Phone', { press: joinOf(asked) }))).toBe('link-quiz-running');
    // The second one, the phone alone answers.
    let second = first;
    for (let i = 0; i < 90 && second === first; i++) {
      await clock.advance(1_000);
      second = await pick();
    }
    expect(second).not.toBe(first);
    await web('Phone', { press: second });
    await clock.advance(120_000);
    const sums = async () =>
      (await rows('score_sums')).filter(({ room, topic, period }) => room === '' && topic === '' && period === 'all');
    const before = new Map((await sums()).map((row) => [row.user_id, row]));
    const [ana, phone] = [(await me('Ana'))!, (await me('Phone'))!];
    expect([before.get(ana.id)!.answered, before.get(phone.id)!.answered]).toEqual([1, 2]);
    const again = await say('Phone', `/link ${codeOf(await say('Ana', '/link'))}`);
    await web('Phone', { press: joinOf(again) });
    const [one, ...others] = await sums();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ user_id: ana.id, answered: 2 });
    const answers = await program.services.store.db.selectFrom('answers').selectAll().execute();
    expect(answers.map(({ user_id }) => user_id)).toEqual([ana.id, ana.id]);
    expect(one!.points).toBe(answers.reduce((sum, { points }) => sum + Number(points), 0));
    expect((await rows('review_log')).map(({ user_id }) => user_id)).toEqual([ana.id, ana.id]);
  });
});

describe('on other platforms', () => {
  it('is one person on the page and elsewhere: learning is shared, boards stay their own, a quiz there counts here', async () => {
    const code = codeOf(await say('Ana', '/link'));
    const ana = await key('Ana');
    const asked = await terminal.say('ana', `/link ${code}`);
    expect((await terminal.press('ana', joinOf(asked))).result).toMatchObject({ linked: true });
    await terminal.say('ana', '/quiz start topic:batch-size questions:1 lobby:0 seconds:30');
    await clock.advance(1_000);
    const board = terminal.posts.flatMap(({ reply }) => buttonsOf(reply)).find(({ id }) => id.includes('~pick~'))!;
    await terminal.press('ana', board.id);
    await terminal.press('ben', board.id);
    await clock.advance(120_000);
    expect((await rows('review_log')).map(({ platform, user_id }) => [platform, user_id]).sort()).toEqual(
      [
        ['web', ana.user_id],
        ['terminal', 'ben'],
      ].sort(),
    );
    expect((await rows('score_sums')).map(({ platform }) => platform)).not.toContain('web');
    const progress = (await (await jarOf('Ana').fetch(`${program.url}/api/progress`)).json()) as { answered: number };
    expect(progress.answered).toBe(1);
    const file = (await say('Ana', '/export')).blocks.find(({ type }) => type === 'file') as FileBlock;
    expect(JSON.parse(file.text)).toMatchObject({ answers: [{ position: 0 }], review_log: [{}], accounts: [{ person_id: ana.user_id }] });
    expect((await say('Ana', '/link')).text).toContain('You are linked in the terminal already.');
  });

  it('counts one who answers a quiz as two accounts once', async () => {
    for (const account of ['ana', 'ana-too']) {
      const asked = await terminal.say(account, `/link ${codeOf(await say('Ana', '/link'))}`);
      await terminal.press(account, joinOf(asked));
    }
    await terminal.say('ana', '/quiz start topic:batch-size questions:1 lobby:0 seconds:30');
    await clock.advance(1_000);
    const board = terminal.posts.flatMap(({ reply }) => buttonsOf(reply)).find(({ id }) => id.includes('~pick~'))!;
    for (const account of ['ana', 'ana-too']) await terminal.press(account, board.id);
    await clock.advance(120_000);
    expect((await rows('review_log')).map(({ user_id }) => user_id)).toEqual([(await key('Ana')).user_id]);
  });

  it('/forget-me anywhere takes all of one’s own and nothing else, and ends the browser’s session', async () => {
    await say('Ben', '/review remind:on hour:9 zone:UTC');
    const asked = await terminal.say('ana', `/link ${codeOf(await say('Ana', '/link'))}`);
    await terminal.press('ana', joinOf(asked));
    const ana = await key('Ana');
    await answered(ana, 0, 1, 'review/a');
    const sure = await terminal.say('ana', '/forget-me');
    expect((await terminal.press('ana', joinOf(sure))).result).toMatchObject({ forgotten: true });
    expect(await me('Ana')).toBeNull();
    expect(await rows('accounts')).toEqual([]);
    expect(await rows('review_log')).toEqual([]);
    expect(await program.services.store.db.selectFrom('learners').select('user_id').execute()).toEqual([
      { user_id: (await key('Ben')).user_id },
    ]);
    expect(await me('Ben')).not.toBeNull();
  });

  it('takes somebody of Discord from all servers, whichever they ask from, and reminds them where they asked', async () => {
    const id = '190000000000000042';
    for (const [i, space] of ['g1', 'g2'].entries()) await answered({ platform: 'discord', space, user_id: id }, i, 1, `review/${space}`);
    const asked = await on('discord', 'g1', id, `/link ${codeOf(await say('Ana', '/link'))}`);
    await on('discord', 'dm', id, joinOf(asked));
    const ana = await key('Ana');
    expect((await rows('review_log')).map(({ platform, user_id }) => [platform, user_id])).toEqual(Array(2).fill(['web', ana.user_id]));
    for (const space of ['g1', 'g2', 'g3', 'dm']) {
      const user = { id, name: '' };
      expect(await program.services.learning.personOf({ platform: 'discord', space, user }), space).toEqual(ana);
    }
    await on('discord', 'g2', id, '/review remind:on hour:12 zone:UTC');
    const told: string[] = [];
    program.services.outbox.register('discord', {
      post: () => Promise.reject(new Error('no room')),
      update: () => Promise.resolve(),
      direct: async (space, user) => void told.push(`${space}/${user.id}`),
    });
    await clock.advance(5 * 86_400_000);
    expect(new Set(told)).toEqual(new Set([`g2/${id}`]));
  });

  it('lets the one of Discord be the person: the page shows what was learnt there, on every server', async () => {
    const id = '190000000000000043';
    for (const [i, space] of ['g1', 'g2'].entries()) await answered({ platform: 'discord', space, user_id: id }, i, 1, `review/${space}`);
    const code = codeOf(await on('discord', 'g1', id, '/link'));
    const asked = await say('Ana', `/link ${code}`);
    expect(asked.text).toContain(`“discord ${id}” (on Discord)`);
    await web('Ana', { press: joinOf(asked) });
    const progress = (await (await jarOf('Ana').fetch(`${program.url}/api/progress`)).json()) as { answered: number };
    expect(progress.answered).toBe(2);
    // A third device joins the two.
    await web('Phone', { press: joinOf(await say('Phone', `/link ${codeOf(await say('Ana', '/link'))}`)) });
    expect(await me('Phone')).toEqual(await me('Ana'));
    expect(new Set((await rows('review_log')).map(({ platform }) => platform))).toEqual(new Set(['discord']));
  });
});

describe('an old name', () => {
  /** As an older version left it: the name is the id. */
  async function olden(name: string): Promise<void> {
    const old = { platform: 'web', space: 'local', user_id: name };
    await answered(old, 0, 1, `review/${name}`);
    await program.services.store.db.insertInto('web_old_names').values({ name, claimed_by: null }).execute();
    await program.services.store.db
      .insertInto('people')
      .values({ ...old, name, hidden: 0 })
      .execute();
  }
  const claim = (browser: string, name: string) =>
    jarOf(browser).fetch(`${program.url}/api/me/old`, { method: 'POST', body: JSON.stringify({ user: name }) });

  it('is claimed once, by who has it open; until then nobody is called so', async () => {
    await olden('Bob');
    await web('Bob', { text: '/help' });
    expect((await me('Bob'))!.name).toBe('Bob (2)');
    expect((await say('Bob', '/progress')).text).not.toContain('1 answer');
    expect((await claim('Bob', 'Bob')).status).toBe(200);
    expect((await me('Bob'))!.name).toBe('Bob');
    expect((await rows('review_log')).map(({ user_id }) => user_id)).toEqual([(await me('Bob'))!.id]);
    expect((await rows('people')).map(({ user_id }) => user_id)).toEqual([(await me('Bob'))!.id]);
    await web('Eve', { text: '/help' });
    expect((await claim('Eve', 'Bob')).status).toBe(409);
    expect((await claim('Eve', 'Nobody')).status).toBe(409);
    expect((await rows('review_log')).map(({ user_id }) => user_id)).toEqual([(await me('Bob'))!.id]);
  });

  it('is given by the host with a code, on whichever platform its person is', async () => {
    await olden('Cleo');
    const { code } = await program.services.links.giveOldName('Cleo');
    const asked = await terminal.say('cleo', `/link ${code}`);
    await terminal.press('cleo', joinOf(asked));
    expect((await rows('review_log')).map(({ platform, user_id }) => [platform, user_id])).toEqual([['terminal', 'cleo']]);
    expect(await program.services.links.oldNames()).toEqual([]);
    await expect(program.services.links.giveOldName('Cleo')).rejects.toThrow(/old-name-taken/);
  });
});
