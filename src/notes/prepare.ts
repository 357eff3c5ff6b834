import { createRequire } from 'node:module';
import { lazy } from '../core/lazy.ts';
import { LOCALES } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import { isHan, normalise, squeeze } from './analyse.ts';
import type { Topic } from './content.ts';
import { type Kind, kindsOf, kindsOfSection } from './kinds.ts';
import { type Terms, termsOf } from './terms.ts';

const require = createRequire(import.meta.url);
const spelling = lazy(() => require('pinyin-pro') as typeof import('pinyin-pro'));

/** One thing that can be shown as an answer: an answered question, or a section of the note. */
export interface Unit {
  /** `?why-scale` or `#maths`; with the topic's id in front it is unique. */
  id: string;
  /** Ways in which it is asked for, all languages: phrasings, or headings. */
  asks: readonly Ask[];
  /** What it says, all languages together: that is what lets a Chinese question find an English passage. */
  body: Terms;
  /** What a section tells by its place. */
  kinds: readonly Kind[];
}

export interface Ask {
  terms: Terms;
  kinds: readonly Kind[];
}

/** What search needs of a topic and is slow to make. Plain data, so that it can be kept. */
export interface Prepared {
  /** Title and aliases in both languages, each by itself. */
  names: readonly Terms[];
  /** The questions of its quiz: other words for what the note says. */
  prompts: Terms;
  units: readonly Unit[];
  /** Ways in which people type the Chinese names without Chinese: `tiduxiaoshi`, `tdxs`. */
  spelt: readonly string[];
}

/** Analyses a topic's texts once. */
export function prepare(topic: Topic, quiz: readonly Question[]): Prepared {
  const texts = LOCALES.flatMap((locale) => topic.texts[locale] ?? []);
  const sections = texts.flatMap((text) => text.sections);
  const names = [...new Set(texts.flatMap(({ title, aliases }) => [title, ...aliases]))];
  return {
    names: names.map(termsOf),
    prompts: termsOf(quiz.flatMap(({ prompt }) => LOCALES.flatMap((locale) => prompt[locale] ?? [])).join('\n')),
    units: [
      ...topic.answers.map((answer): Unit => {
        const asks = LOCALES.flatMap((locale) => answer.ask[locale] ?? []);
        return {
          id: answerUnit(answer.id),
          asks: asks.map(askOf),
          body: bodyOf(LOCALES.map((locale) => answer.answer[locale])),
          kinds: [],
        };
      }),
      ...[...new Set(sections.map(({ id }) => id))].map((id): Unit => {
        const paired = sections.filter((section) => section.id === id);
        const headings = paired.map(({ heading }) => heading);
        return {
          id: `#${id}`,
          asks: headings.map(askOf),
          body: bodyOf(paired.map(({ body }) => body)),
          kinds: kindsOfSection(id, headings),
        };
      }),
    ],
    spelt: [
      ...new Set(
        namesOf(topic)
          .filter((name) => isHan(squeeze(name)))
          .flatMap(pinyinOf),
      ),
    ],
  };
}

/** `attention.why-scale` → `?why-scale`. */
export function answerUnit(id: string): string {
  return `?${id.slice(id.indexOf('.') + 1)}`;
}

function askOf(text: string): Ask {
  return { terms: termsOf(text), kinds: kindsOf(text) };
}

function bodyOf(texts: readonly (string | undefined)[]): Terms {
  return termsOf(texts.filter(Boolean).join('\n'));
}

/** Titles, aliases and the id: everything a topic may be called. */
export function namesOf(topic: Topic): string[] {
  const texts = Object.values(topic.texts);
  return [...texts.flatMap((text) => [text.title, ...text.aliases]), topic.id];
}

/** `tiduxiaoshi` and, from three syllables, `tdxs`. ü is written both ways people type it. */
function pinyinOf(name: string): string[] {
  const syllables = spelling().pinyin(normalise(name).replace(/[^\p{L}\p{N}]/gu, ''), {
    toneType: 'none',
    type: 'array',
    nonZh: 'consecutive',
  });
  const full = squeeze(syllables.join(''));
  const initials = squeeze(syllables.map((syllable) => syllable[0] ?? '').join(''));
  const forms = [full.replace(/ü/g, 'v'), full.replace(/ü/g, 'u')];
  return syllables.length >= 3 ? [...forms, initials] : forms;
}
