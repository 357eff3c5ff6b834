import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { expect, it } from 'vitest';
import { LOCALES } from '../../src/core/locale.ts';
import { buttonsOf } from '../../src/core/reply.ts';
import { textOf } from '../../src/notes/content.ts';
import { createNotes } from '../../src/notes/create.ts';
import { explainBlocks } from '../../src/notes/present.ts';

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
