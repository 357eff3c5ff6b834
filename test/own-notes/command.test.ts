import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../commands/index.ts';
import { withFiles } from '../../src/adapters/terminal/files.ts';
import { completeLine } from '../../src/core/complete.ts';
import { parseText } from '../../src/core/parse.ts';
import { type FileBlock, type Reply, toText } from '../../src/core/reply.ts';
import { type Game, openGame } from '../helpers/game.ts';
import { buttonsOf, errorOf, openRoom, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { upload } from './upload.ts';

let game: Game;
let ours: Room;
let theirs: Room;

beforeAll(async () => {
  game = await openGame(smallContent());
  const { services, dispatch } = game.program;
  ours = openRoom(services, dispatch, 'lab', 'ours');
  theirs = openRoom(services, dispatch, 'lab', 'theirs');
});
afterAll(() => game.close());

const LECTURE = `# Gated recurrent unit

A GRU has two gates: the reset gate and the update gate. ![gates](gates.png)

## Against an LSTM

It has no cell state of its own.

# Teacher forcing

The decoder is fed the right word of the step before, not its own.
`;

const add = (user: string, text: string | Uint8Array, name?: string, room = ours) =>
  room.say(user, '/notes add', undefined, { files: [upload(text, name)] });
const buttonOf = (reply: Reply, label: RegExp) => {
  const found = buttonsOf(reply).find((one) => label.test(one.label));
  if (!found) throw new Error(`no button ${label} among: ${buttonsOf(reply).map((one) => one.label)}`);
  return found;
};
const fileOf = (reply: Reply) => reply.blocks.find((block): block is FileBlock => block.type === 'file')!;
const resultOf = (reply: Reply) => reply.result as unknown as Record<string, unknown>;

describe('adding', () => {
  it('shows what a file would be and what of it is not read; published, it answers', async () => {
    const shown = await add('host', LECTURE);
    expect(resultOf(shown).notes).toMatchObject([{ title: 'Gated recurrent unit' }, { title: 'Teacher forcing' }]);
    expect(toText(shown)).toMatch(/gates\.png is not shown/);
    expect(toText(shown)).toMatch(/line 3/);
    // A draft answers nobody.
    expect((await ours.say('ana', '/explain GRU')).result).not.toMatchObject({ topic: 'gated-recurrent-unit' });
    const named = await ours.press(
      'host',
      buttonOf(shown, /Gated recurrent unit/).id,
      undefined,
      'GRU, gated unit\nHow many gates does a GRU have?',
    );
    const done = await ours.press('host', buttonOf(named, /^Publish$/).id);
    expect(resultOf(done).published).toEqual(expect.arrayContaining(['gated-recurrent-unit', 'teacher-forcing']));
    expect((await ours.say('ana', '/explain GRU')).result).toMatchObject({ topic: 'gated-recurrent-unit' });
    expect((await ours.say('ana', 'how many gates does a gru have')).result).toMatchObject({
      topic: 'gated-recurrent-unit',
      asked: { answer: expect.stringMatching(/two gates/) },
    });
  });

  it('of somebody who may not publish waits as a draft, and those who may are told', async () => {
    await ours.say('host', '/notes managers add mia');
    ours.posts.length = 0;
    const shown = await add('ben', '# Beam search\n\nKeeps the best k sequences.\n');
    expect(buttonsOf(shown).map(({ label }) => label)).not.toContain('Publish');
    expect(ours.posts.map(({ reply }) => toText(reply)).join()).toMatch(/ben wrote a note that waits.*Beam search/);
    expect(ours.directs.at(-1)).toMatchObject({ user: 'mia' });
    const { batch } = resultOf(shown) as { batch: string };
    expect(errorOf(await ours.press('ben', `1~notes~publish~${batch}`))).toBe('notes-managers-only');
    await ours.press('mia', buttonOf(await ours.say('mia', '/notes show beam search'), /^Publish$/).id);
    expect((await ours.say('ana', '/explain beam search')).result).toMatchObject({ topic: 'beam-search' });
    expect(toText(await ours.say('ana', '/notes show beam-search'))).toMatch(/ben.*reviewed by mia/);
  });

  it.each([
    ['a file of 5 MB', Buffer.alloc(5 * 2 ** 20, 0x61), 'upload-too-large'],
    ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'upload-not-text'],
    ['a binary', Buffer.from([1, 0, 2, 0xff, 0xfe, 0]), 'upload-not-text'],
    ['nothing', '  \n', 'upload-empty'],
    ['3,000 headings', Array.from({ length: 3_000 }, (_, i) => `# Topic ${i}\n\nText.\n`).join('\n'), 'upload-too-many'],
    [
      'a link bomb',
      `# Links\n\n${Array.from({ length: 5_000 }, (_, i) => `- [a](https://example.com/${i})`).join('\n')}\n`,
      'upload-links',
    ],
    ['front matter that is none', '---\nid: x\nlang: en\ntitle: [a\n---\n\nText.\n', 'note-front-matter'],
  ])('refuses %s, says what to do, and saves nothing', async (_, bytes, code) => {
    const before = resultOf(await ours.say('host', '/notes list')).notes;
    const reply = await add('host', bytes);
    expect(errorOf(reply)).toBe(code);
    expect((reply.result as { hint: string }).hint.length).toBeGreaterThan(10);
    expect(resultOf(await ours.say('host', '/notes list')).notes).toEqual(before);
  });

  it('does not fetch what is too large, and tells of a file that the platform does not hand over', async () => {
    let fetched = false;
    const read = async () => {
      fetched = true;
      return new Uint8Array();
    };
    const large = { name: 'big.md', size: 5 * 2 ** 20, read };
    expect(errorOf(await ours.say('host', '/notes add', undefined, { files: [large] }))).toBe('upload-too-large');
    expect(fetched).toBe(false);
    const file = withFiles(
      {
        ...ours.ref,
        id: 'x',
        user: { id: 'host', name: 'host', admin: true },
        receivedAt: 0,
        ...parseText('/notes add /nowhere/notes.md', registry),
      },
      registry,
    ).files!;
    expect(errorOf(await ours.say('host', '/notes add', undefined, { files: file }))).toBe('upload-refused');
  });

  it('takes a path in a terminal', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'notes-')), 'my notes.md');
    writeFileSync(path, '# Weight tying\n\nInput and output embeddings share one matrix.\n');
    const base = { ...ours.ref, id: 'y', user: { id: 'host', name: 'host', admin: true }, receivedAt: 0 };
    const { files, options } = withFiles({ ...base, ...parseText(`/notes add "${path}"`, registry) }, registry);
    const reply = await ours.say('host', '/notes add', undefined, { files: files!, options });
    expect(resultOf(reply).notes).toMatchObject([{ title: 'Weight tying' }]);
    // A guest cannot read the files of the machine.
    expect(
      withFiles({ ...base, user: { id: 'eve', name: 'Eve', admin: false }, ...parseText(`/notes add "${path}"`, registry) }, registry)
        .files,
    ).toBeUndefined();
  });

  it('a title that a shipped topic has comes first here, and the shipped topic stays elsewhere', async () => {
    const shown = await add('host', '# Batch size\n\nIn our course it is always 32. <script>alert(1)</script>\n');
    expect(toText(shown)).toMatch(/stands before the shipped topic batch-size/);
    await ours.press('host', buttonOf(shown, /^Publish$/).id);
    const here = await ours.say('ana', '/explain batch size');
    expect(toText(here)).toMatch(/always 32/);
    expect(toText(here)).not.toMatch(/<script/);
    expect((await theirs.say('zoe', '/explain batch size')).result).toMatchObject({ topic: 'batch-size' });
  });
});

describe('changing', () => {
  const edited = (text: string, more: string) => text.replace(/\n$/, `\n${more}\n`);

  it('a short note opens in a form with what stands there; two at once lose nothing', async () => {
    const first = buttonOf(await ours.say('host', '/notes edit beam-search'), /^Edit$/);
    const second = buttonOf(await ours.say('mia', '/notes edit beam-search'), /^Edit$/);
    expect(first.form).toMatchObject({ lines: true, value: expect.stringMatching(/^---\nid: beam-search\nlang: en\ntitle: Beam search/) });
    const { value } = first.form!;
    expect(resultOf(await ours.press('host', first.id, undefined, edited(value!, 'With k = 1 it is greedy.')))).toMatchObject({
      published: true,
    });
    const late = await ours.press('mia', second.id, undefined, edited(value!, 'Often k is 5.'));
    expect(resultOf(late)).toMatchObject({ published: false, conflict: 2, version: 3 });
    expect(toText(late)).toMatch(/host saved version 2 while you were writing/);
    expect(fileOf(late).text).toMatch(/Often k is 5/);
    expect(toText(await ours.say('ana', '/explain beam search'))).toMatch(/greedy/);
    await ours.press('mia', buttonOf(late, /Publish mine/).id);
    expect(toText(await ours.say('ana', '/explain beam search'))).toMatch(/Often k is 5/);
    expect(toText(await ours.say('host', '/notes history beam-search'))).toMatch(
      /version 3, mia[\s\S]*version 2, host[\s\S]*version 1, ben/,
    );
  });

  it('what cannot be read comes back whole; a form that is gone says so', async () => {
    const { id } = buttonOf(await ours.say('host', '/notes edit beam-search'), /^Edit$/);
    const reply = await ours.press('host', id, undefined, '---\ntitle: [broken\n---\n\nAn hour of writing.\n');
    expect(errorOf(reply)).toBe('note-front-matter');
    expect(fileOf(reply).text).toMatch(/An hour of writing/);
    expect(errorOf(await ours.press('host', id))).toBe('note-form-gone');
  });

  it('a long note is edited as a file', async () => {
    const long = `# Long one\n\n${'Many words. '.repeat(400)}\n`;
    await ours.press('host', buttonOf(await add('host', long), /^Publish$/).id);
    const reply = await ours.say('host', '/notes edit long-one');
    expect(buttonsOf(reply)).toEqual([]);
    const changed = fileOf(reply).text.replace('Many words.', 'Few words.');
    const saved = await ours.say('host', '/notes edit long-one', undefined, { files: [upload(changed)] });
    expect(resultOf(saved)).toMatchObject({ note: 'long-one', version: 2, published: true });
    expect(toText(await ours.say('ana', '/notes show long-one'))).toMatch(/Few words/);
  });

  it('a withdrawn note is read by nobody and can be put back', async () => {
    expect(errorOf(await ours.say('ben', '/notes withdraw beam-search'))).toBe('notes-managers-only');
    const done = await ours.say('host', '/notes withdraw beam-search');
    expect((await ours.say('ana', '/explain beam search')).result).not.toMatchObject({ topic: 'beam-search' });
    await ours.press('host', buttonOf(done, /Put it back/).id);
    expect((await ours.say('ana', '/explain beam search')).result).toMatchObject({ topic: 'beam-search' });
  });

  it('what is exported imports unchanged', async () => {
    const file = fileOf(await ours.say('host', '/notes export'));
    const { services } = game.program;
    const before = [...services.ownNotes.of(ours.ref).content().topics.values()].filter(({ area }) => area === 'ours');
    expect(before.length).toBeGreaterThan(3);
    const fresh = openRoom(services, game.program.dispatch, 'lab', 'fresh');
    await fresh.press('host', buttonOf(await add('host', file.text, 'notes.md', fresh), /^Publish$/).id);
    const after = [...services.ownNotes.of(fresh.ref).content().topics.values()].filter(({ area }) => area === 'ours');
    const published = new Set(before.map(({ id }) => id));
    expect(after.filter(({ id }) => published.has(id))).toEqual(before);
    expect(fileOf(await fresh.say('host', '/notes export')).text).toBe(file.text);
  });
});

describe('Save as note', () => {
  const keep = (user: string, author: string, text: string) =>
    ours.say(user, '/notes list', undefined, {
      command: undefined as never,
      action: '1~notes~keep',
      options: {},
      about: { author: { id: author, name: author }, text, url: 'https://chat.example/7' },
    });

  it('asks the author first; then it needs its question; then it answers with author and link', async () => {
    const shown = await keep('host', 'cleo', 'The exam covers chapters 1 to 6. Bring a calculator.');
    expect(toText(shown)).toMatch(/cleo is asked/);
    const { batch } = resultOf(shown) as { batch: string };
    const asked = ours.directs.at(-1)!;
    expect(asked.user).toBe('cleo');
    // Nobody else can agree for her, and nobody can publish before.
    expect(errorOf(await ours.press('ben', buttonOf(asked.reply, /keep/).id))).toBe('stale-button');
    expect(errorOf(await ours.press('host', `1~notes~publish~${batch}`))).toBe('note-needs-consent');
    const withQuestion = await ours.press('host', buttonOf(shown, /question/).id, undefined, 'What does the exam cover?\nexam topics');
    await ours.press('cleo', buttonOf(asked.reply, /keep/).id);
    expect(ours.directs.at(-1)).toMatchObject({ user: 'host' });
    expect(buttonsOf(withQuestion).map(({ label }) => label)).not.toContain('Publish');
    await ours.press('host', `1~notes~publish~${batch}`);
    const answer = await ours.say('ana', 'what does the exam cover?');
    expect(answer.result).toMatchObject({ answered: true, sources: [{ author: 'cleo', url: 'https://chat.example/7' }] });
    expect(toText(answer)).toMatch(/chapters 1 to 6/);
    // Nothing is asked about it, so no quiz is offered.
    expect(buttonsOf(answer).filter(({ id }) => id.startsWith('1~quiz'))).toEqual([]);
  });

  it('is forgotten where the author says no, or cannot be asked', async () => {
    const shown = await keep('host', 'cleo', 'A joke that nobody should keep.');
    await ours.press('cleo', buttonOf(ours.directs.at(-1)!.reply, /^No$/).id);
    expect(errorOf(await ours.press('host', buttonOf(shown, /question/).id, undefined, 'Why?'))).toBe('stale-button');
    ours.refuse = () => new Error('closed');
    ours.deaf.add('dan');
    expect(errorOf(await keep('host', 'dan', 'Another one.'))).toBe('note-author-unreachable');
    ours.refuse = undefined;
    expect(JSON.stringify(resultOf(await ours.say('host', '/notes list')))).not.toMatch(/joke|Another one/);
  });

  it('one’s own message needs nobody’s consent', async () => {
    const shown = await keep('host', 'host', 'Office hours are on Tuesday at ten.');
    const named = await ours.press('host', buttonOf(shown, /question/).id, undefined, 'When are office hours?');
    await ours.press('host', buttonOf(named, /^Publish$/).id);
    expect((await ours.say('ana', 'when are office hours')).result).toMatchObject({ answered: true });
  });
});

describe('another space', () => {
  it('never sees what this one wrote: answers, explain, topics, search, completion, notes, export, quiz, review', async () => {
    const { services } = game.program;
    await services.ownNotes.publishQuestions(
      ours.ref,
      'gated-recurrent-unit',
      [{ kind: 'boolean', prompt: { en: 'A GRU has two gates.' }, explanation: { en: 'Reset and update.' }, answer: true, difficulty: 1 }],
      { id: 'host', name: 'host' },
    );
    const secrets = /gated|\bgru\b|two gates|teacher.forcing|beam|weight.tying|\bexam\b|chapters|office hours|cleo|own-[0-9a-f]{12}/i;
    const asking = ['how many gates does a GRU have?', 'what does the exam cover?', 'when are office hours?', 'what is teacher forcing?'];
    const lines = [
      ...asking,
      '/explain gated recurrent unit',
      '/explain beam search',
      '/topics',
      '/notes list',
      '/notes show gated-recurrent-unit',
      '/notes history gated-recurrent-unit',
      '/notes export',
      '/quiz start topic:gated-recurrent-unit',
      '/review topic:gated-recurrent-unit',
      '/progress',
      '/export',
    ];
    for (const line of lines) {
      const here = JSON.stringify((await theirs.say('host', line)).blocks);
      // What was asked may be said again.
      const said = [line.replace(/^\/\w+ /, ''), line.split(':').at(-1)!].reduce((text, part) => text.replaceAll(part, ''), here);
      expect(said, line).not.toMatch(secrets);
      const result = JSON.stringify((await theirs.say('host', line)).result ?? {});
      expect(
        [line.replace(/^\/\w+ /, ''), line.split(':').at(-1)!].reduce((text, part) => text.replaceAll(part, ''), result),
        line,
      ).not.toMatch(secrets);
    }
    // Buttons of this space pressed in the other.
    for (const id of [
      '1~explain~topic~gated-recurrent-unit',
      '1~ask~show~gated-recurrent-unit~?asked',
      '1~notes~show~gated-recurrent-unit',
    ])
      expect(errorOf(await theirs.press('host', id)), id).toMatch(/^(?:stale-button|notes?-(?:none|unknown))$/);
    const reader = { person: { platform: 'terminal' as const, space: 'theirs', user: { id: 'zoe' } } };
    for (const line of ['/explain gat', '/explain bea', '/notes show ga', '/quiz start topic:gat']) {
      const offered = JSON.stringify(await completeLine(services, line, 'en', reader));
      expect(offered, line).not.toMatch(secrets);
    }
    expect(JSON.stringify(await completeLine(services, '/explain gat', 'en', { person: { ...reader.person, space: 'ours' } }))).toMatch(
      /gated/i,
    );
    expect(services.notes.topic('gated-recurrent-unit')).toBeUndefined();
    const quiz = await ours.say('host', '/quiz start topic:gated-recurrent-unit questions:1 lobby:0');
    expect(resultOf(quiz)).toMatchObject({ kind: 'quiz' });
    await ours.stop();
  });

  it('cannot be written in a conversation that belongs to no group', async () => {
    const { dispatch } = game.program;
    const direct = {
      id: 'dm1',
      platform: 'discord' as const,
      space: 'dm',
      room: '9',
      user: { id: '1', name: 'Ana' },
      locale: 'en' as const,
      receivedAt: 0,
    };
    const reply = await dispatch({ ...direct, command: 'notes', options: { do: 'add' }, files: [upload('# A\n\nB\n')] });
    expect(errorOf(reply)).toBe('notes-only-in-group');
  });
});

it('who is forgotten leaves their notes without a name', async () => {
  const sure = await ours.say('ben', '/forget-me');
  await ours.press('ben', buttonOf(sure, /./).id);
  expect(toText(await ours.say('host', '/notes history beam-search'))).not.toMatch(/\bben\b/);
  expect(readFileSync(game.program.services.store.name).includes('"ben"')).toBe(false);
});
