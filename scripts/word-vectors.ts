// `npm run -s word-vectors > phrasings.json`: what scripts/word-vectors.py makes content/word-vectors.bin of.
import { join } from 'node:path';
import { LOCALES } from '../src/core/locale.ts';
import { loadContent } from '../src/notes/load.ts';
import { answerUnit } from '../src/notes/prepare.ts';
import { groupOf, termsOf, weighted } from '../src/notes/terms.ts';

const content = loadContent(join(import.meta.dirname, '../content'));
const named = (text: string) => [...weighted(termsOf(text))].map(([term, factor]) => [groupOf(term) ?? term, factor]);
const asked = [...content.topics.values()].flatMap(({ id, answers, texts }) => [
  ...answers.flatMap((answer) =>
    LOCALES.flatMap((locale) => answer.ask[locale] ?? []).map((text) => ({ unit: `${id}${answerUnit(answer.id)}`, text })),
  ),
  ...Object.values(texts).flatMap(({ title, sections }) =>
    sections.map((section) => ({ unit: `${id}#${section.id}`, text: `${title} ${section.heading}` })),
  ),
]);
process.stdout.write(JSON.stringify(asked.map(({ unit, text }) => ({ unit, text, terms: named(text) }))));
