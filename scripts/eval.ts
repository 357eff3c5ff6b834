// `npm run eval`: how well the search finds, and how well it says that it does not know.
// `npm run eval -- --xquad FILE`: our index on XQuAD (its questions against its paragraphs).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate, loadQuestions, type Report, summarise } from '../test/eval/evaluate.ts';
import { evaluateXquad } from '../test/eval/xquad.ts';

const { values } = parseArgs({
  options: {
    xquad: { type: 'string' },
    content: { type: 'string' },
    misses: { type: 'boolean', default: false },
    half: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const root = join(import.meta.dirname, '..');

function table(rows: Report[]): string {
  const head = ['', 'questions', 'Recall@1', 'MRR@3', 'answered right', 'offered', 'said no', 'wrong answer'];
  const lines = rows.map((row) => [
    row.name,
    row.count,
    ...[row.recall, row.mrr, row.right, row.offered, row.declined, row.wrong].map((share) =>
      share === undefined ? '–' : share.toFixed(3),
    ),
  ]);
  const all = [head, ...lines].map((line) => line.map(String));
  const widths = head.map((_, i) => Math.max(...all.map((line) => line[i]!.length)));
  return all.map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')).join('\n');
}

if (values.help) {
  process.stdout.write('npm run eval [-- --misses] [--half dev|report] [--content DIR] [--xquad FILE]\n');
} else if (values.xquad) {
  const { questions, recall, mrr } = evaluateXquad(JSON.parse(readFileSync(values.xquad, 'utf8')));
  process.stdout.write(`${values.xquad}: ${questions} questions, Recall@1 ${recall.toFixed(3)}, MRR@10 ${mrr.toFixed(3)}\n`);
} else {
  const questions = loadQuestions(join(root, 'test', 'eval', 'questions.yaml')).filter(({ half }) => !values.half || half === values.half);
  const results = evaluate(values.content ?? join(root, 'content'), questions);
  process.stdout.write(`${table(summarise(results))}\n\n`);
  process.stdout.write('Recall@1, MRR@3: of questions that the notes answer. For the others, "said no" is abstention.\n');
  if (values.misses)
    for (const { question, got, ok, score } of results)
      if (!ok) process.stdout.write(`${question.half} ${question.kind} ${score.toFixed(2)}  ${question.q}  → ${got}\n`);
}
