import { analyse } from './analyse.ts';
import type { Section, Topic } from './content.ts';

interface PassageTerms {
  id: string;
  /** Term → weighted count, both languages together. */
  counts: Map<string, number>;
  length: number;
}

const HEADING_WEIGHT = 4;
const K1 = 1.2;
const B = 0.5;

const analysed = new WeakMap<Topic, PassageTerms[]>();

/**
 * The section of a topic that a question is about: BM25 over the topic's own sections, languages paired by id.
 * @returns undefined when no section stands out, so that the caller shows the idea.
 */
export function bestSection(topic: Topic, terms: readonly string[]): { id: string; score: number } | undefined {
  const passages = termsOf(topic);
  const average = passages.reduce((sum, { length }) => sum + length, 0) / Math.max(1, passages.length);
  const scores = passages.map(({ id, counts, length }) => {
    let score = 0;
    for (const term of new Set(terms)) {
      const count = counts.get(term);
      if (count === undefined) continue;
      const holders = passages.filter((passage) => passage.counts.has(term)).length;
      const idf = Math.log(1 + (passages.length - holders + 0.5) / (holders + 0.5));
      score += (idf * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
    }
    return { id, score };
  });
  scores.sort((a, b) => b.score - a.score);
  return scores[0] && scores[0].score > 0 ? scores[0] : undefined;
}

/** The section in one text, by id; the first one when it is missing there. */
export function sectionOf(sections: readonly Section[], id: string): Section | undefined {
  return sections.find((section) => section.id === id) ?? sections[0];
}

function termsOf(topic: Topic): PassageTerms[] {
  const known = analysed.get(topic);
  if (known) return known;
  const byId = new Map<string, PassageTerms>();
  for (const text of Object.values(topic.texts)) {
    for (const { id, heading, body } of text.sections) {
      const passage = byId.get(id) ?? { id, counts: new Map<string, number>(), length: 0 };
      const add = (term: string, weight: number) => passage.counts.set(term, (passage.counts.get(term) ?? 0) + weight);
      for (const term of analyse(heading)) add(term, HEADING_WEIGHT);
      const body_ = analyse(body);
      for (const term of body_) add(term, 1);
      passage.length += body_.length;
      byId.set(id, passage);
    }
  }
  const passages = [...byId.values()];
  analysed.set(topic, passages);
  return passages;
}
