import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const give = (room: Room, user: string, line: string, text: string, name: string) =>
  room.say(user, line, undefined, { files: [upload(text, name)] });
const publish = (reply: Reply, room = ours) => room.press('host', buttonsOf(reply).find(({ label }) => label === 'Publish')!.id);
const questions = (room: Room, deck: string) =>
  [...game.program.services.ownNotes.of(room.ref).content().questions.values()].filter((one) => one.deck === deck);
const files = (reply: Reply) => reply.blocks.filter((block): block is FileBlock => block.type === 'file');

const GIFT = `// a lecture's questions
::q1::A GRU has how many gates? {=two ~one ~three}

The reset gate is a sigmoid. {T}

Match these {=a -> b =c -> d}
`;

describe('a deck given in chat', () => {
  it('counts a question that is left out once, whatever is wrong with it, and tells parts of others apart', async () => {
    const yaml = `title: half
questions:
  - { id: half.one, kind: numeric, prompt: { en: 1 + 1? }, answer: 2, tolerance: 0, explanation: { en: Two. } }
  - { id: half.two, kind: numeric, prompt: { en: 1 + 2? }, answer: many, tolerance: none, explanation: { en: Three. } }
`;
    const shown = await give(ours, 'host', '/notes add', yaml, 'half.yaml');
    expect(toText(shown)).toContain('Questions left out: 1; parts of others: 0');
    const gift = await give(ours, 'host', '/notes add', '// [tag:exam]\nDoes it? {T}\n', 'tags.gift');
    expect(toText(gift)).toContain('Questions left out: 0; parts of others: 1');
  });

  it('is previewed with what is left out, published, played, and seen by nobody else', async () => {
    const shown = await give(ours, 'host', '/notes add', GIFT, 'gru.gift');
    expect(toText(shown)).toMatch(/2 questions/);
    expect(toText(shown)).toMatch(/line 6: left out: matching/);
    expect(toText(shown)).toContain('Questions left out: 1; parts of others: 0');
    expect(buttonsOf(shown).map(({ label }) => label)).toEqual(['Publish', 'Discard']);
    expect(questions(ours, 'gru')).toEqual([]);
    expect(toText(await publish(shown))).toContain('/quiz start topic:gru');
    expect(questions(ours, 'gru')).toHaveLength(2);
    expect(questions(theirs, 'gru')).toEqual([]);
    expect(toText(await ours.say('ana', '/notes show gru'))).toContain('A GRU has how many gates?');
    expect(errorOf(await theirs.say('ana', '/quiz start topic:gru'))).toBe('unknown-topic');
    expect((await ours.say('ana', '/quiz start topic:gru questions:2 lobby:0')).result).not.toMatchObject({ kind: 'error' });
    await ours.say('ana', '/quiz stop');
  });

  it('keeps the ids of its questions over a new version and over export; two spaces share none', async () => {
    const before = questions(ours, 'gru').map(({ id }) => id);
    await publish(await give(ours, 'host', '/notes add', `${GIFT}\nAn LSTM has a cell state. {T}\n`, 'gru.gift'));
    const now = questions(ours, 'gru').map(({ id }) => id);
    expect(now.slice(0, 2)).toEqual(before);
    expect(now).toHaveLength(3);
    const [file] = files(await ours.say('host', '/notes export gru'));
    await give(ours, 'host', '/notes edit gru', file!.text, 'anything.yaml');
    expect(questions(ours, 'gru').map(({ id }) => id)).toEqual(now);
    await publish(await give(theirs, 'host', '/notes add', GIFT, 'gru.gift'), theirs);
    expect(questions(theirs, 'gru').filter(({ id }) => now.includes(id))).toEqual([]);
  });

  it('from others than managers it waits; withdrawn it is gone', async () => {
    const shown = await give(ours, 'ana', '/notes add', 'What feeds the decoder?\tteacher forcing\nReset gate symbol?\tr\n', 'cards.txt');
    expect(buttonsOf(shown).map(({ label }) => label)).toEqual(['Discard']);
    expect(questions(ours, 'cards')).toEqual([]);
    await ours.press('host', buttonsOf(await ours.say('host', '/notes show cards')).find(({ label }) => label === 'Publish')!.id);
    expect(questions(ours, 'cards')).toHaveLength(2);
    await ours.say('host', '/notes withdraw cards');
    expect(questions(ours, 'cards')).toEqual([]);
  });

  it.each([
    ['deck.json', '{"results": 3}', 'deck-unreadable', /没有带题目的“results”/],
    ['deck.toml', 'questions = ', 'deck-unreadable', /第 1 行/],
    ['deck.gift', 'Match {=a -> b =c -> d}', 'deck-unreadable', /配对题/],
  ])('%s that cannot be played says why, in the reader’s language', async (name, text, code, why) => {
    await ours.say('host', '/lang zh');
    const reply = await give(ours, 'host', '/notes add', text, name);
    await ours.say('host', '/lang en');
    expect(errorOf(reply)).toBe(code);
    expect(toText(reply)).toMatch(why);
  });

  it('a Markdown file is notes, whatever it is about', async () => {
    const shown = await give(ours, 'host', '/notes add', '# Quiz of the week\n\n::q:: What is {x}?\n', 'quiz.md');
    expect(shown.result).toMatchObject({ notes: [{ kind: 'note' }] });
  });
});
