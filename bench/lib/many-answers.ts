import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCALES } from '../../src/core/locale.ts';
import { loadContent } from '../../src/notes/load.ts';

const HAN = /\p{Script=Han}/u;
/** Phrasings in each language: as many as a note's author has to write. */
const PHRASINGS = 3;
/** Share of the words that are the copy's own; with the rest it speaks as the others do. */
const OWN = 0.5;

/**
 * A content folder of `count` answered questions: our topics, and copies of them in which half of the words, the same
 * ones throughout a copy, are replaced by words that only it has.
 * @returns questions as they are written there, one of each topic
 */
export function writeManyAnswers(folder: string, count: number): string[] {
  const shipped = [...loadContent(join(import.meta.dirname, '../../content')).topics.values()];
  const questions: string[] = [];
  let written = 0;
  for (let copy = 0; written < count; copy++) {
    const word = wordsOf(copy);
    for (const topic of shipped) {
      if (written >= count) break;
      const id = `${topic.id}-${copy}`;
      const answers = topic.answers.slice(0, count - written).map(({ ask, answer, ...rest }) => ({
        id: `${id}.${rest.id.split('.')[1]}`,
        ask: Object.fromEntries(LOCALES.map((locale) => [locale, (ask[locale] ?? []).slice(0, PHRASINGS).map(word)])),
        answer: Object.fromEntries(LOCALES.map((locale) => [locale, word(answer[locale] ?? '').slice(0, 1_200)])),
      }));
      const path = join(folder, 'topics', id);
      mkdirSync(path, { recursive: true });
      for (const locale of LOCALES) {
        const text = topic.texts[locale];
        if (!text) continue;
        const front = { title: word(text.title), aliases: text.aliases.slice(0, 5).map(word), sources: [], claims: [] };
        writeFileSync(join(path, `${locale}.md`), `---\n${JSON.stringify(front)}\n---\n${word(text.sections[0]?.body ?? text.title)}\n`);
      }
      writeFileSync(join(path, 'answers.yaml'), JSON.stringify(answers, undefined, 1));
      written += answers.length;
      if (answers[0]) questions.push(`${Object.values(answers[0].ask)[copy % 2]![0]!} !`);
    }
  }
  mkdirSync(join(folder, 'decks'), { recursive: true });
  return questions;
}

/** Gives a text its copy's words; the first copy speaks as we do. */
function wordsOf(copy: number): (text: string) => string {
  if (copy === 0) return (text) => text;
  const isOwn = (word: string) => hash(word) % 100 < OWN * 100;
  return (text) =>
    text.replace(/\p{Script=Han}|[A-Za-z]{4,}/gu, (word) => {
      if (!isOwn(word)) return word;
      return HAN.test(word) ? String.fromCodePoint(0x4e00 + ((hash(word) + copy * 977) % 6_000)) : `${word}${'bcdfghkmpt'[copy % 10]}o`;
    });
}

function hash(word: string): number {
  let sum = 7;
  for (const char of word.toLowerCase()) sum = (sum * 31 + char.codePointAt(0)!) % 1_000_003;
  return sum;
}
