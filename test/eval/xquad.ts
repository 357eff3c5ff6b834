import { z } from 'zod';
import { analyse } from '../../src/notes/analyse.ts';
import { createSearchIndex } from '../../src/notes/search-index.ts';

const schema = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })),
    }),
  ),
});

/** XQuAD (Artetxe et al. 2020, CC BY-SA 4.0): each question should find its own paragraph. */
export function evaluateXquad(json: unknown): { questions: number; recall: number; mrr: number } {
  const paragraphs = schema.parse(json).data.flatMap((article) => article.paragraphs);
  const index = createSearchIndex(paragraphs.map(({ context }, i) => ({ id: String(i), heading: '', body: analyse(context).join(' ') })));
  let questions = 0;
  let first = 0;
  let reciprocal = 0;
  paragraphs.forEach(({ qas }, i) => {
    for (const { question } of qas) {
      const place = index.rank(analyse(question), 10).indexOf(String(i)) + 1;
      questions++;
      if (place === 1) first++;
      if (place > 0) reciprocal += 1 / place;
    }
  });
  return { questions, recall: first / questions, mrr: reciprocal / questions };
}
