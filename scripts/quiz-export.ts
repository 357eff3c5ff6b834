// `npm run quiz -- export`: questions of the notes or of a deck as a file for other programs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../src/config.ts';
import { loadI18n } from '../src/core/i18n.ts';
import { LOCALES } from '../src/core/locale.ts';
import { EXPORT_FORMATS, exportDeck } from '../src/learn/decks/export-deck.ts';
import type { DeckHead } from '../src/learn/decks/write-others.ts';
import { textOf } from '../src/notes/content.ts';
import { loadContent } from '../src/notes/load.ts';
import { oneOf } from './one-of.ts';

const HELP = `npm run quiz -- export [options]

  --topic ID        only this topic or deck; everything by default
  --format NAME     ${EXPORT_FORMATS.join(' | ')} (default: yaml, which loses nothing)
  --locale en|zh    language, for formats that hold one (default: en)
  --out FILE        where to write it (default: standard output)
  --content DIR     content folder
`;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      topic: { type: 'string' },
      format: { type: 'string' },
      locale: { type: 'string' },
      out: { type: 'string' },
      content: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const content = loadContent(values.content ?? readConfig(process.env).contentDir);
  const { topic } = values;
  const questions = [...content.questions.values()].filter((one) => topic === undefined || one.topic === topic || one.deck === topic);
  if (questions.length === 0) {
    const ids = [...content.topics.keys(), ...content.decks.keys()].join(', ');
    throw new ConfigError(`there is no question on “${topic ?? ''}”. There are: ${ids}.`);
  }
  const locale = oneOf('locale', values.locale, LOCALES) ?? 'en';
  const t = loadI18n(join(import.meta.dirname, '..', 'content', 'locales'))(locale);
  const format = oneOf('format', values.format, EXPORT_FORMATS) ?? 'yaml';
  const { file, lost } = exportDeck(topic ?? 'all', headOf(), questions, format, locale, t);
  for (const { where, what } of lost) process.stderr.write(`! ${where.en}: ${what.en}\n`);
  if (values.out === undefined) process.stdout.write(file.text);
  else {
    mkdirSync(dirname(values.out), { recursive: true });
    writeFileSync(values.out, file.text);
    process.stdout.write(`${questions.length} questions, ${lost.length} remarks: ${values.out}\n`);
  }

  function headOf(): DeckHead {
    const deck = content.decks.get(topic ?? '');
    if (deck) return { title: deck.title, topic: deck.topic, source: deck.source, license: deck.license };
    const note = content.topics.get(topic ?? '');
    const title = note && { en: textOf(note, 'en').title, zh: textOf(note, 'zh').title };
    return { title: title ?? 'Gradient Tutor' };
  }
}
