import { pinyin } from 'pinyin-pro';
import { LOCALES } from '../core/locale.ts';
import type { Question } from '../quiz/question.ts';
import { analyse, isHan, normalise, squeeze } from './analyse.ts';
import type { Topic } from './content.ts';

/** Index terms, separated by spaces. */
export type Terms = string;

/** What search needs of a topic and is slow to make. */
export interface Prepared {
  /** Title and aliases in both languages, each by itself. */
  names: readonly Terms[];
  /** Each question that an author wrote, those of the quiz included: other words for what the note answers. */
  questions: readonly Terms[];
  /** One a section, its languages paired by id: that is what lets a Chinese question find an English passage. */
  passages: readonly { id: string; heading: Terms; body: Terms }[];
  /** Ways in which people type the Chinese names without Chinese: `tiduxiaoshi`, `tdxs`. */
  spelt: readonly string[];
}

/** Analyses a topic's texts once, so that they can be kept beside the parsed notes. */
export function prepare(topic: Topic, quiz: readonly Question[]): Prepared {
  const texts = LOCALES.flatMap((locale) => topic.texts[locale] ?? []);
  const terms = (parts: readonly string[]): Terms => parts.flatMap(analyse).join(' ');
  const sections = texts.flatMap((text) => text.sections);
  return {
    names: texts.flatMap(({ title, aliases }) => [title, ...aliases].map((name) => terms([name]))),
    questions: [
      ...texts.flatMap(({ questions }) => questions),
      ...quiz.flatMap(({ prompt }) => LOCALES.flatMap((locale) => prompt[locale] ?? [])),
    ].map((question) => terms([question])),
    passages: [...new Set(sections.map(({ id }) => id))].map((id) => {
      const paired = sections.filter((section) => section.id === id);
      return { id, heading: terms(paired.map(({ heading }) => heading)), body: terms(paired.map(({ body }) => body)) };
    }),
    spelt: [
      ...new Set(
        namesOf(topic)
          .filter((name) => isHan(squeeze(name)))
          .flatMap(pinyinOf),
      ),
    ],
  };
}

/** Titles, aliases and the id: everything a topic may be called. */
export function namesOf(topic: Topic): string[] {
  const texts = Object.values(topic.texts);
  return [...texts.flatMap((text) => [text.title, ...text.aliases]), topic.id];
}

/** `tiduxiaoshi` and, from three syllables, `tdxs`. ü is written both ways people type it. */
function pinyinOf(name: string): string[] {
  const syllables = pinyin(normalise(name).replace(/[^\p{L}\p{N}]/gu, ''), { toneType: 'none', type: 'array', nonZh: 'consecutive' });
  const full = squeeze(syllables.join(''));
  const initials = squeeze(syllables.map((syllable) => syllable[0] ?? '').join(''));
  const forms = [full.replace(/ü/g, 'v'), full.replace(/ü/g, 'u')];
  return syllables.length >= 3 ? [...forms, initials] : forms;
}
