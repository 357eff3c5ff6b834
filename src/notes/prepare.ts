import { pinyin } from 'pinyin-pro';
import { analyse, isHan, normalise, squeeze } from './analyse.ts';
import type { Topic } from './content.ts';

/** What search needs of a topic and is slow to make. */
export interface Prepared {
  /** Index terms by column: title, aliases, questions, headings, body; both languages together. */
  columns: readonly string[];
  /** Ways in which people type the Chinese names without Chinese: `tiduxiaoshi`, `tdxs`. */
  spelt: readonly string[];
}

/** Analyses a topic's texts once, so that they can be kept beside the parsed notes. */
export function prepare(topic: Topic): Prepared {
  const texts = Object.values(topic.texts);
  const column = (pick: (text: (typeof texts)[number]) => string[]) => texts.flatMap(pick).flatMap(analyse).join(' ');
  return {
    columns: [
      column((text) => [text.title]),
      column((text) => text.aliases),
      column((text) => text.questions),
      column((text) => text.sections.map(({ heading }) => heading)),
      column((text) => text.sections.map(({ body }) => body)),
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
