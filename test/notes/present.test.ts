import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import { loadStrings } from '../../src/core/i18n.ts';
import { actionId, MAX_BUTTON_ID, MAX_CONTENT_ID, parseActionId } from '../../src/core/ids.ts';
import { LOCALES } from '../../src/core/locale.ts';
import { buttonsOf } from '../../src/core/reply.ts';
import { textOf } from '../../src/notes/content.ts';
import { createNotes } from '../../src/notes/create.ts';
import { loadContent } from '../../src/notes/load.ts';
import { claimRow, explainBlocks, predictionOf } from '../../src/notes/present.ts';

it('a claim in Chinese says in Chinese how its number comes about, and no value follows another', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'present-'));
  const contentDir = join(import.meta.dirname, '../../content');
  const notes = await createNotes({ config: { contentDir, cacheDir }, log: pino({ level: 'silent' }) });
  const i18n = loadStrings();
  for (const locale of LOCALES) {
    const rows = [...notes.content().topics.values()].flatMap((topic) =>
      topic.claims.map((claim) => predictionOf(claim, locale, i18n(locale))),
    );
    expect(rows.length).toBeGreaterThan(100);
    // `κ = 25 = 0.6667`
    expect(rows.filter((row) => /= *[\d.]+ *=/.test(row))).toEqual([]);
    if (locale === 'zh') expect(rows.filter((row) => /\b[a-z]{2,} [a-z]{2,}\b/.test(row))).toEqual([]);
    else expect(rows.join('\n')).toContain('largest root of');
    const lines = [...notes.content().topics.values()].flatMap((topic) =>
      topic.claims.map((claim) => claimRow(topic, claim, locale, i18n(locale)).text),
    );
    expect(lines.filter((line) => !line.endsWith(locale === 'zh' ? '）' : ')'))).toEqual([]);
  }
  notes.close();
  rmSync(cacheDir, { recursive: true });
});

it('no message about a note offers the same button twice', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'present-'));
  const contentDir = join(import.meta.dirname, '../../content');
  const notes = await createNotes({ config: { contentDir, cacheDir }, log: pino({ level: 'silent' }) });
  const messages = LOCALES.flatMap((locale) =>
    [...notes.content().topics.values()].flatMap((topic) =>
      textOf(topic, locale).sections.map(({ id }) => explainBlocks({ notes, locale, t: (key) => key }, topic, id)),
    ),
  );
  const buttons = messages.map((blocks) => blocks.flatMap(buttonsOf).map(({ id }) => id));
  expect(buttons.length).toBeGreaterThan(2 * 26);
  expect(buttons.flatMap((ids) => ids.filter((id, i) => ids.indexOf(id) !== i))).toEqual([]);
  notes.close();
  rmSync(cacheDir, { recursive: true });
});

it('each claim has its run beside it, in the same line', async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), 'present-'));
  const contentDir = join(import.meta.dirname, '../../content');
  const notes = await createNotes({ config: { contentDir, cacheDir }, log: pino({ level: 'silent' }) });
  const t = loadStrings()('en');
  const topic = notes.topic('batch-size')!;
  expect(topic.claims.length).toBeGreaterThan(2);
  const sections = textOf(topic, 'en').sections.map(({ id }) => explainBlocks({ notes, locale: 'en', t }, topic, id));
  const rows = sections
    .flat()
    .flatMap((block) => (block.type === 'rows' ? block.items : []))
    .filter(({ button }) => button.id.includes('~claim~'));
  expect(rows.length).toBeGreaterThan(0);
  for (const { text, button } of rows) {
    const claim = topic.claims.find(({ id }) => button.id.endsWith(`~${id}`))!;
    expect(text).toContain(predictionOf(claim, 'en', t));
  }
  expect(
    sections
      .flat()
      .flatMap(buttonsOf)
      .filter(({ label }) => /^Run \d/.test(label)),
  ).toEqual([]);
  notes.close();
  rmSync(cacheDir, { recursive: true });
});

it('a note with ids and headings of any length is explained, each section by a button that leads to it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'long-'));
  const id = 'a'.repeat(MAX_CONTENT_ID);
  const headings = ['one', 'two'].map((end) => `${'A very long heading of lecture notes '.repeat(4)}${end}`);
  mkdirSync(join(folder, 'topics', id), { recursive: true });
  const note = `---\ntitle: Long\n---\n${headings.map((heading) => `## ${heading}\n\nText of it.\n`).join('\n')}`;
  writeFileSync(join(folder, 'topics', id, 'en.md'), note);
  const content = loadContent(folder);
  const topic = content.topics.get(id)!;
  const sections = topic.texts.en!.sections.map((section) => section.id);
  expect(new Set(sections).size).toBe(headings.length);
  for (const section of sections) {
    expect(actionId('explain', 'section', id, section).length).toBeLessThanOrEqual(MAX_BUTTON_ID);
    expect(parseActionId(actionId('ask', 'show', id, `#${section}`)).args).toEqual([id, `#${section}`]);
  }
  rmSync(folder, { recursive: true });
});

it('a topic names what to read first, with a button to each', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'needs-'));
  for (const id of ['first', 'then']) {
    mkdirSync(join(folder, 'topics', id), { recursive: true });
    const needs = id === 'then' ? 'needs: [first, gone]\n' : '';
    writeFileSync(
      join(folder, 'topics', id, 'en.md'),
      `---\ntitle: The ${id} topic\n${needs}---\n\n## The idea {#idea}\n\nIdea of ${id}.\n`,
    );
  }
  const notes = await createNotes({ config: { contentDir: folder, cacheDir: folder }, log: pino({ level: 'silent' }) });
  const t = loadStrings()('en');
  const blocks = explainBlocks({ notes, locale: 'en', t }, notes.topic('then')!, 'idea');
  expect(blocks).toContainEqual({ type: 'note', text: 'First read: The first topic' });
  expect(blocks.flatMap(buttonsOf).map(({ id }) => id)).toContain('1~explain~topic~first');
  expect(JSON.stringify(explainBlocks({ notes, locale: 'en', t }, notes.topic('first')!, 'idea'))).not.toContain('First read');
  notes.close();
  rmSync(folder, { recursive: true });
});
