import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileBlock, type Reply, toText } from '../../src/core/reply.ts';
import { anonymise, isAbout } from '../../src/learn/anonymise.ts';
import { problemsOf } from '../../src/store/problems.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { createJars } from '../helpers/jar.ts';
import { type Program, startPlayground } from '../helpers/playground.ts';
import { buttonsOf } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { everythingStored } from '../helpers/stored.ts';

const content = smallContent();
/** Letters that stand nowhere else. */
const ANA = 'Anastazja Quorn';
const BEN = 'Benedikt Xylo';
let folder: string;
let clock: ManualClock;
let program: Program & { url: string };
let jarOf: ReturnType<typeof createJars>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'privacy-'));
  clock = createManualClock();
  program = await startPlayground({ folder, clock, freshSeed: () => 42, env: { CONTENT_DIR: content } });
  clock.idle = () => program.services.quiz.idle();
  jarOf = createJars();
});
afterEach(() => program.close());

type Json = Reply & { text: string };

async function post({ user, ...body }: Record<string, unknown>): Promise<Json> {
  const response = await jarOf(String(user)).fetch(`${program.url}/api/rooms/lab/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user, locale: 'en', ...body }),
  });
  return (await response.json()) as Json;
}
const say = (user: string, text: string) => post({ user, text });
const press = (user: string, id: string) => post({ user, press: id });
/** Who a name is on the playground. */
async function personOf(user: string) {
  const me = (await (await jarOf(user).fetch(`${program.url}/api/me`)).json()) as { person: { id: string } };
  return { platform: 'web', space: 'local', user_id: me.person.id };
}
const fileOf = (reply: Json) => reply.blocks.find(({ type }) => type === 'file') as FileBlock;

/** A quiz of one question that both answer, reviews, a language, reminders, and some chat. */
async function live(): Promise<void> {
  await say(ANA, 'hello everyone');
  await say(ANA, '/lang en');
  await say(ANA, '/review remind:on hour:9 zone:UTC');
  await say(ANA, '/quiz start topic:batch-size questions:1 lobby:0 seconds:30');
  await clock.advance(1_000);
  const rows = await program.services.store.db.selectFrom('web_messages').select('body').where('bot', '=', 1).execute();
  const pick = rows.map(({ body }) => /1~quiz~pick~[\w-]+~0~0/.exec(body)?.[0]).find(Boolean)!;
  await press(ANA, pick);
  await press(BEN, pick);
  await clock.advance(120_000);
  await say(ANA, '/scores');
  await press(ANA, buttonsOf(await say(ANA, '/review topic:batch-size'))[0]!.id);
}

/** The database file and its log, as bytes on disk. */
const onDisk = () => everythingStored(program.services.store);

it('shows the next question of a review in the room, to its person only', async () => {
  const asked = await say(ANA, '/review topic:batch-size');
  await press(ANA, buttonsOf(asked)[0]!.id);
  const rows = await program.services.store.db.selectFrom('web_messages').selectAll().where('bot', '=', 1).orderBy('seq').execute();
  const { audience, body } = rows.at(-1)!;
  expect(audience).toBe((await personOf(ANA)).user_id);
  expect(body).toContain('1~review~next~');
});

describe('/export', () => {
  it('gives everything that is stored about a person, and nothing of others', async () => {
    await live();
    const file = fileOf(await say(ANA, '/export'));
    expect([file.name, file.mime]).toEqual(['my-data.json', 'application/json']);
    const data = JSON.parse(file.text) as Record<string, Record<string, unknown>[]>;
    expect(data.answers).toHaveLength(1);
    expect(data.cards).toHaveLength(2);
    expect(data.review_log).toHaveLength(2);
    expect(data.learners).toMatchObject([{ zone: 'UTC', remind_hour: 9 }]);
    expect(data.score_sums!.length).toBeGreaterThan(0);
    expect(data.messages!.map(({ body }) => body)).toContain('hello everyone');
    expect(data.locales).toEqual([{ locale: 'en' }]);
    expect(file.text).not.toContain(BEN);
  });

  it('does not tell whether an answer is right before the question closes', async () => {
    await say(ANA, '/quiz start topic:batch-size questions:1 lobby:0 seconds:30');
    await clock.advance(1_000);
    const rows = await program.services.store.db.selectFrom('web_messages').select('body').where('bot', '=', 1).execute();
    await press(ANA, rows.map(({ body }) => /1~quiz~pick~[\w-]+~0~0/.exec(body)?.[0]).find(Boolean)!);
    expect(await program.services.store.db.selectFrom('answers').selectAll().execute()).toHaveLength(1);
    const data = JSON.parse(fileOf(await say(ANA, '/export')).text) as Record<string, unknown[]>;
    expect(data.answers).toEqual([]);
    expect(JSON.stringify(data)).not.toMatch(/"credit"|"order"/);
  });

  it('keeps an exam’s secret until its end, and takes a name that looks like JSON', async () => {
    const odd = '[bot] {"a"';
    await say(odd, '/quiz start topic:batch-size questions:2 lobby:0 seconds:30 mode:exam');
    await clock.advance(1_000);
    const rows = await program.services.store.db.selectFrom('web_messages').select('body').where('bot', '=', 1).execute();
    await press(odd, rows.map(({ body }) => /1~quiz~pick~[\w-]+~0~0/.exec(body)?.[0]).find(Boolean)!);
    await clock.advance(31_000);
    const { db } = program.services.store;
    expect(await db.selectFrom('review_log').selectAll().execute()).toHaveLength(1);
    const during = JSON.parse(fileOf(await say(odd, '/export')).text) as Record<string, unknown[]>;
    expect([during.answers, during.cards, during.review_log]).toEqual([[], [], []]);
    expect((await program.services.learning.progress(await personOf(odd))).answered).toBe(0);
    await press(odd, buttonsOf(await say(odd, '/quiz stop'))[0]!.id);
    await clock.advance(1_000);
    const after = JSON.parse(fileOf(await say(odd, '/export')).text) as Record<string, unknown[]>;
    expect([after.answers!.length, after.cards!.length, after.review_log!.length]).toEqual([1, 1, 1]);
  });

  it('gives the questions that a person has met as a deck', async () => {
    expect((await say(ANA, '/export anki')).result).toMatchObject({ code: 'nothing-met' });
    await live();
    const anki = fileOf(await say(ANA, '/export anki'));
    expect(anki.name).toBe('my-questions.anki.txt');
    expect(anki.text.match(/\n"batch-size\./g)).toHaveLength(2);
    expect(fileOf(await say(ANA, '/export csv')).text).toContain('batch-size.');
    expect(fileOf(await say(ANA, '/export gift')).text).toContain('[id:batch-size.');
    const missed = await say(ANA, '/export csv missed:true');
    const wrong = await program.services.store.db
      .selectFrom('cards')
      .select('question_id')
      .where('user_id', '=', (await personOf(ANA)).user_id)
      .where('rating', '=', 1)
      .execute();
    if (wrong.length === 0) expect(missed.result).toMatchObject({ code: 'nothing-missed' });
    else for (const { question_id } of wrong) expect(fileOf(missed).text).toContain(question_id);
  });
});

describe('/forget-me', () => {
  it('asks once more, and then leaves no trace in the file, whatever pages it is read by', async () => {
    await live();
    await say(BEN, '/export');
    const question = await say(ANA, '/forget-me');
    expect(await onDisk()).toContain(ANA);
    const [yes, no] = buttonsOf(question);
    const { user_id: id } = await personOf(ANA);
    expect(await onDisk()).toContain(id);
    expect((await press(ANA, no!.id)).text).toMatch(/Nothing was deleted/);
    expect((await program.services.learning.progress(await personOf(ANA))).answered).toBe(2);
    expect((await press(ANA, yes!.id)).text).toMatch(/Everything about you is deleted/);
    expect(await onDisk()).not.toContain(ANA);
    expect(await onDisk()).not.toContain('Anastazja');
    expect(await onDisk()).not.toContain(id);
    // The other person keeps everything, and the boards stay readable.
    expect(await onDisk()).toContain(BEN);
    expect((await program.services.learning.progress(await personOf(BEN))).answered).toBe(1);
    expect(toText(await say(BEN, '/scores'))).toContain(BEN);
    const rows = await program.services.store.db.selectFrom('web_messages').select('body').where('bot', '=', 1).execute();
    for (const { body } of rows) expect(() => JSON.parse(body)).not.toThrow();
    expect(rows.some(({ body }) => body.includes('—'))).toBe(true);
    const { store } = program.services;
    expect(store.kind === 'sqlite' ? problemsOf(store.sqlite) : []).toEqual([]);
    expect(JSON.parse(fileOf(await say(ANA, '/export')).text)).toMatchObject({ cards: [], answers: [], people: [], learners: [] });
  });

  it('waits for a quiz that would write the name again', async () => {
    await live();
    await say(BEN, '/quiz start topic:batch-size questions:1 lobby:60');
    await say(ANA, '/quiz join');
    await clock.advance(1_000);
    const yes = buttonsOf(await say(BEN, '/forget-me'))[0]!;
    // What it says can be done by the one who reads it: the starter ends it, a player need not wait for anybody.
    expect((await press(BEN, yes.id)).result).toMatchObject({
      code: 'forget-own-quiz-running',
      hint: expect.stringContaining('/quiz stop'),
    });
    const player = (await press(ANA, yes.id)).result;
    expect(player).toMatchObject({ code: 'forget-quiz-running', hint: expect.stringMatching(/it ends without you/) });
    expect(JSON.stringify(player)).not.toContain('/quiz stop');
    expect(await onDisk()).toContain(BEN);
    await press(BEN, buttonsOf(await say(BEN, '/quiz stop'))[0]!.id);
    await clock.advance(1_000);
    expect((await press(BEN, yes.id)).text).toMatch(/deleted/);
    expect(await onDisk()).not.toContain(BEN);
  });

  it('knows of every table whether a person can be in it', async () => {
    const all = await program.services.store.db.introspection.getTables();
    // On a Postgres runs of experiments go through rows too: those of pg-boss hold keys and settings of runs, and ours in
    // the schema `lab` who waits as a hash, until the run is over.
    const lab = all.filter(({ schema }) => schema === 'lab').map(({ name }) => name);
    expect(lab.sort()).toEqual(lab.length > 0 ? ['asks', 'results', 'runs'] : []);
    const tables = all.filter(({ schema }) => schema !== 'lab' && schema !== 'pgboss');
    const byKey = tables.filter(({ columns }) => ['platform', 'space', 'user_id'].every((key) => columns.some(({ name }) => name === key)));
    const others = tables.map(({ name }) => name).filter((name) => !byKey.some((table) => table.name === name));
    // Those with the key are emptied as they come. For a new one without it: handle it in personal-data.ts, or say here
    // that it holds no player.
    const handled = [
      'answers',
      'discord_pages',
      'gaps',
      'locales',
      'note_managers',
      'note_versions',
      'quiz_events',
      'quizzes',
      'web_messages',
      'web_old_names',
      'web_people',
      'web_sessions',
    ];
    const impersonal = [
      'answered_threads',
      'deliveries',
      'digests',
      'discord_forms',
      'gateway_identifies',
      'gateway_shards',
      'item_ratings',
      'left_spaces',
      'note_spaces',
      'notes',
      'quiz_posts',
      'quiz_questions',
      'processes',
      'quiz_codes',
      'seasons',
      'secrets',
      'slack_installations',
      'space_days',
      'space_settings',
      'under_way',
    ];
    expect(others.sort()).toEqual([...handled, ...impersonal].sort());
  });

  it('takes a person of Discord out everywhere, whichever server or message they ask from', async () => {
    const { db } = program.services.store;
    const id = '190000000000000042';
    for (const space of ['g1', 'g2']) {
      await db.insertInto('people').values({ platform: 'discord', space, user_id: id, name: ANA, hidden: 0 }).execute();
      await db.insertInto('locales').values({ platform: 'discord', space, kind: 'user', id, locale: 'zh' }).execute();
    }
    await db.insertInto('people').values({ platform: 'slack', space: 'g1', user_id: id, name: BEN, hidden: 0 }).execute();
    await db
      .insertInto('discord_pages')
      .values({ key: 'a', reply: JSON.stringify({ text: `1. ${ANA}` }), used_at: 1 })
      .execute();
    await db
      .insertInto('discord_pages')
      .values({ key: 'b', reply: JSON.stringify({ text: `1. ${BEN}` }), used_at: 1 })
      .execute();
    await program.services.learning.forget({ platform: 'discord', space: 'dm', user_id: id });
    expect(await onDisk()).not.toContain(ANA);
    expect(await db.selectFrom('people').select('name').execute()).toEqual([{ name: BEN }]);
    expect(await db.selectFrom('discord_pages').select('key').execute()).toEqual([{ key: 'b' }]);
    expect(await db.selectFrom('locales').selectAll().execute()).toEqual([]);
  });
});

describe('anonymise', () => {
  const board = (text: string, user = { id: 'ana', name: 'ana' }) => ({
    blocks: [{ type: 'note', text }],
    result: { kind: 'quiz', state: 'open', standings: [{ user }] },
  });

  it('takes a name out of a board as a whole word only', () => {
    const clean = anonymise(board('Right: ana, banana and Ana. 答对：ana、本'), 'ana', ['ana']);
    expect(JSON.stringify(clean)).toContain('Right: —, banana and Ana. 答对：—、本');
    expect(clean).toMatchObject({ result: { standings: [{ user: { id: '—', name: '—' } }] } });
  });

  it('leaves what a renderer reads alone, whatever a person is called', () => {
    for (const name of ['note', 'open', 'quiz', '.*', '(', '$&']) {
      expect(anonymise(board('x', { id: name, name }), name, [name])).toMatchObject({
        blocks: [{ type: 'note', text: 'x' }],
        result: { kind: 'quiz', state: 'open', standings: [{ user: { id: '—', name: '—' } }] },
      });
    }
  });

  it('does not look for a name in sentences that name nobody', () => {
    const note = { blocks: [{ type: 'markdown', text: 'will it rain' }], result: { kind: 'answer' } };
    expect(isAbout(note, 'will', ['will'])).toBe(false);
    expect(isAbout(board('ask will', { id: 'b', name: 'b' }), 'will', ['will'])).toBe(true);
  });
});
