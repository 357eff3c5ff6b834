import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNotes } from '../../src/notes/create.ts';
import type { Notes } from '../../src/notes/service.ts';
import { createOwnNotes } from '../../src/own-notes/create.ts';
import { noteFile } from '../../src/own-notes/note-file.ts';
import type { OwnNotes, Space } from '../../src/own-notes/service.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { createManualClock } from '../helpers/clock.ts';
import { databaseFor } from '../helpers/postgres.ts';
import { smallContent } from '../helpers/small-content.ts';

const log = pino({ level: 'silent' });
const clock = createManualClock();
const here: Space = { platform: 'discord', space: 'G1' };
const there: Space = { platform: 'discord', space: 'G2' };
const ana = { id: 'ana', name: 'Ana' };
const bob = { id: 'bob', name: 'Bob' };
let notes: Notes;
let store: Store;
let own: OwnNotes;
let folder: string;

/** The same rows each time, as another process would open them. */
async function open(): Promise<Store> {
  const url = await databaseFor(folder);
  return url === undefined ? openStore(join(folder, 'tutor.db')) : openPostgres(url);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-notes-'));
  notes = await createNotes({ config: { contentDir: smallContent(), cacheDir: folder }, log });
  store = await open();
  own = createOwnNotes({ store, clock, log, notes });
});
afterAll(async () => {
  own.close();
  notes.close();
  await store.close();
});

const gru = (text = 'A GRU has two gates: reset and update.') => ({
  topic: 'gru',
  kind: 'note' as const,
  locale: 'en' as const,
  title: 'Gated recurrent unit',
  text: noteFile({
    title: 'Gated recurrent unit',
    aliases: ['GRU'],
    questions: ['How many gates does a GRU have?'],
    body: `## Idea {#idea}\n\n${text}`,
  }),
});

it('an answered question is found by its paraphrases in its space, and in no other', async () => {
  const saved = await own.publishAnswer(here, {
    question: 'When is the project due?',
    paraphrases: ['deadline of the final project', 'what is the last day to hand in the project'],
    answer: 'On 12 December at noon, by mail.',
    locale: 'en',
    by: ana,
    source: { by: bob, url: 'https://discord.com/channels/G1/1/2' },
  });
  expect(saved).toMatchObject({ kind: 'answer', version: 1, published: true });
  for (const asked of [
    'When is the project due?',
    'deadline of the final project',
    'project deadline?',
    'when must we hand in the project',
  ]) {
    const outcome = own.search(here, asked);
    expect(outcome, asked).toMatchObject({
      kind: expect.stringMatching(/^(?:answer|likely)$/),
      hit: { kind: 'answer', topic: { id: saved.topic } },
    });
  }
  expect(own.of(here).topic(saved.topic)?.sources[0]).toMatchObject({ author: 'Bob', url: 'https://discord.com/channels/G1/1/2' });
  const elsewhere = own.search(there, 'When is the project due?');
  expect([elsewhere.kind, elsewhere.alternatives.map(({ topic }) => topic.id)]).not.toContain(saved.topic);
  expect(own.of(there).content()).toBe(notes.content());
});

it('a note of the space wins a name over a shipped topic, and what speaks for shipped notes stays the same', async () => {
  const asked = 'How does batch size affect the noise of the gradient?';
  const before = own.search(there, asked);
  await own.save(here, [gru()], ana, { publish: true });
  expect(own.of(here).named('GRU')?.id).toBe('gru');
  expect(own.search(here, 'How many gates does a GRU have')).toMatchObject({ kind: 'answer', hit: { topic: { id: 'gru' } } });
  expect(own.search(here, 'how many gates has a GRU')).toMatchObject({ hit: { topic: { id: 'gru' } } });
  const after = own.search(here, asked);
  expect(after).toMatchObject({ hit: { topic: { id: 'batch-size' } } });
  expect('hit' in after && 'hit' in before && after.hit.topic).toBe('hit' in before && before.hit.topic);
  await own.save(
    here,
    [{ ...gru(), topic: 'batch', title: 'Batch size', text: noteFile({ title: 'Batch size', body: 'Ours is always 32.' }) }],
    ana,
    {
      publish: true,
    },
  );
  expect(own.of(here).named('batch size')?.id).toBe('batch');
  expect(own.of(there).named('batch size')?.id).toBe('batch-size');
});

it('an edit of an older version is kept as a draft, and tells of the newer one', async () => {
  await own.save(here, [gru('Two gates.')], ana, { publish: true, base: 1 });
  const [late] = await own.save(here, [gru('Exactly two gates.')], bob, { publish: true, base: 1 });
  expect(late).toMatchObject({ published: false, version: 3, conflict: { version: 2, author: ana } });
  expect(own.of(here).topic('gru')?.texts.en?.sections[0]?.body).toBe('Two gates.');
  await own.publish(here, { topic: 'gru', kind: 'note', locale: 'en' }, 3, ana);
  expect(own.of(here).topic('gru')?.texts.en?.sections[0]?.body).toBe('Exactly two gates.');
  expect((await own.history(here, 'gru')).map(({ version, author, reviewedBy }) => [version, author?.name, reviewedBy])).toEqual([
    [3, 'Bob', 'Ana'],
    [2, 'Ana', null],
    [1, 'Ana', null],
  ]);
});

it('the same text once more is no new version; a draft is read by nobody; a withdrawn note is gone and its versions stay', async () => {
  expect(await own.save(here, [gru('Exactly two gates.')], bob, { publish: true })).toMatchObject([{ version: 3 }]);
  await own.save(here, [{ ...gru(), topic: 'lstm', title: 'LSTM', text: noteFile({ title: 'LSTM', body: 'Three gates.' }) }], bob, {
    publish: false,
    batch: 'b1',
  });
  expect(own.of(here).topic('lstm')).toBeUndefined();
  expect(await own.discard(here, 'b1')).toBe(1);
  expect((await own.list(here)).map(({ topic }) => topic)).not.toContain('lstm');
  expect(await own.withdraw(here, 'gru')).toBe(true);
  expect(own.of(here).topic('gru')).toBeUndefined();
  expect(own.of(here).named('GRU')).toBeUndefined();
  expect(await own.history(here, 'gru')).toHaveLength(3);
});

it('another process sees a change at once', async () => {
  const other = await open();
  const process2 = createOwnNotes({ store: other, clock, log, notes });
  expect(process2.of(here).named('VAE')).toBeUndefined();
  await own.save(
    here,
    [{ ...gru(), topic: 'vae', title: 'VAE', text: noteFile({ title: 'VAE', body: 'An autoencoder with a prior.' }) }],
    ana,
    {
      publish: true,
    },
  );
  await process2.ready(here);
  expect(process2.of(here).named('VAE')?.id).toBe('vae');
  process2.close();
  await other.close();
});

it('questions that a space adds are asked there only, under ids that no other space has', async () => {
  const question = {
    kind: 'boolean' as const,
    prompt: { en: 'A GRU has two gates.' },
    explanation: { en: 'Reset and update.' },
    answer: true,
    difficulty: 1,
  };
  await own.publishQuestions(here, 'batch-size', [question], ana);
  await own.publishQuestions(here, 'batch-size', [{ ...question, answer: false }], ana);
  await own.publishQuestions(there, 'batch-size', [question], ana);
  const ids = (space: Space) => [...own.of(space).content().questions.keys()].filter((id) => id.startsWith('own-'));
  expect(ids(here)).toHaveLength(2);
  expect(ids(there)).toHaveLength(1);
  expect(new Set([...ids(here), ...ids(there)]).size).toBe(3);
  expect(own.of(here).topic('batch-size')?.texts.en?.title).toBe(notes.topic('batch-size')?.texts.en?.title);
});

it('refuses what is no answer, saying what to do', async () => {
  const draft = { question: 'Why?', paraphrases: [], answer: 'Because.', locale: 'en' as const, by: ana };
  await expect(own.publishAnswer(here, { ...draft, answer: '  ' })).rejects.toMatchObject({ code: 'note-part-missing' });
  await expect(own.publishAnswer(here, { ...draft, question: 'w'.repeat(201) })).rejects.toMatchObject({ code: 'note-question-long' });
  await expect(own.publishAnswer(here, { ...draft, answer: 'w'.repeat(4_001) })).rejects.toMatchObject({ code: 'note-answer-long' });
});
