import { join } from 'node:path';
import { createRng, type Rng } from '../../src/demos/random.ts';
import { words } from '../../src/notes/analyse.ts';
import { loadContent } from '../../src/notes/load.ts';
import { type ExamQuestion, loadExam } from '../../test/eval/exam.ts';

const HAN = /\p{Script=Han}/u;
const root = join(import.meta.dirname, '../..');

/** A topic as any engine sees it: both languages in one record. */
export interface Doc {
  id: string;
  title: string;
  body: string;
}

export interface Corpus {
  docs: Doc[];
  /** Questions of the exam that the notes answer, without typos and follow-ups, which are not the index's business. */
  questions: ExamQuestion[];
}

/** Share of a filler's words that are ours; the rest belongs to other subjects. */
const SHARED = 0.15;

/**
 * Our topics, filled up to `size` with texts of other subjects: made-up Latin words, and our Han characters in other
 * pairs, with a share of our own vocabulary. No sentence that answers a question stands twice.
 */
export function makeCorpus(size: number): Corpus {
  const content = loadContent(join(root, 'content'));
  const own = [...content.topics.values()].map((topic): Doc => {
    const texts = Object.values(topic.texts);
    return {
      id: topic.id,
      title: texts.flatMap(({ title, aliases }) => [title, ...aliases]).join(' '),
      body: texts.flatMap(({ sections }) => sections.flatMap(({ heading, body }) => [heading, body])).join('\n'),
    };
  });
  const vocabulary = own.flatMap(({ body }) =>
    words(body).flatMap((word) => (HAN.test(word) ? (word.match(/.{1,2}/gu) ?? []) : [` ${word} `])),
  );
  const characters = vocabulary.filter((word) => HAN.test(word)).flatMap((word) => [...word]);
  const rng = createRng(7);
  const pick = (from: readonly string[]) => from[rng.integer(from.length)]!;
  const foreign = () => (rng.uniform() < 0.5 ? pick(characters) + pick(characters) : ` w${rng.integer(30_000).toString(36)} `);
  const some = (count: number) => Array.from({ length: count }, () => (rng.uniform() < SHARED ? pick(vocabulary) : foreign())).join('');
  const filler = Array.from(
    { length: Math.max(0, size - own.length) },
    (_, i): Doc => ({ id: `filler-${i}`, title: some(3), body: some(fillerLength(rng)) }),
  );
  const questions = loadExam(join(root, 'test/eval/answers.yaml')).filter(
    ({ kind, topics }) => topics.length > 0 && kind !== 'typo' && kind !== 'follow-up',
  );
  return { docs: [...own, ...filler].slice(0, Math.max(size, own.length)), questions };
}

/** A passage rather than a whole note, so that 50,000 fit: 60–180 words. */
function fillerLength(rng: Rng): number {
  return 60 + rng.integer(120);
}
