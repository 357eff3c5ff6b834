// `npm run eval`: how well the search finds, and how well it says that it does not know.
// `npm run eval -- --xquad FILE`: our index on XQuAD (its questions against its paragraphs).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableToText } from '../src/core/reply.ts';
import { loadContent } from '../src/notes/load.ts';
import { evaluate, loadQuestions, type Report, summarise, topicsOf } from '../test/eval/evaluate.ts';
import { fitConfidence, fitRanking } from '../test/eval/fit.ts';
import type { Estimate } from '../test/eval/measures.ts';
import { evaluateXquad } from '../test/eval/xquad.ts';

const HELP = `npm run eval [-- --misses] [--half dev|report] [--content DIR] [--fit] [--xquad FILE]

  --misses       also lists the questions that went wrong
  --half         only the half that thresholds are set on (dev), or the other one (report)
  --content DIR  notes to ask (default: content)
  --fit          weights for src/notes/search.ts that the dev half asks for; run it twice, the order first
  --xquad FILE   the public set instead: our index on its paragraphs
`;
const { values } = parseArgs({
  options: {
    xquad: { type: 'string' },
    content: { type: 'string' },
    misses: { type: 'boolean', default: false },
    fit: { type: 'boolean', default: false },
    half: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const root = join(import.meta.dirname, '..');

function shown(estimate: Estimate | undefined): string {
  if (!estimate) return '–';
  const digits = (share: number) => share.toFixed(3).replace(/^0/, '');
  return `${digits(estimate.value)} [${digits(estimate.low)}–${digits(estimate.high)}]`;
}

function table(rows: readonly Report[]): string {
  const columns = ['', 'n', 'Recall@1', 'MRR@10', 'nDCG@10', 'answered', 'answered right', 'wrong answer', 'said no', 'AUROC'];
  const lines = rows.map((row) => [
    row.name,
    String(row.count),
    ...[row.recall, row.mrr, row.ndcg, row.answered, row.right, row.wrong, row.declined].map(shown),
    row.auroc?.toFixed(3) ?? '–',
  ]);
  return tableToText(columns, lines);
}

function ownQuestions(): void {
  const all = loadQuestions(join(root, 'test', 'eval', 'questions.yaml'));
  const results = evaluate(
    loadContent(values.content ?? join(root, 'content')),
    all.filter(({ half }) => !values.half || half === values.half),
  );
  process.stdout.write(`${table(summarise(results).filter(({ count }) => count > 0))}\n\n`);
  process.stdout.write(
    'Mean and 95 % bootstrap interval. Recall to "answered right": questions that the notes answer. "Wrong answer" and "said no": the\n' +
      'others; the rest of those is "did you mean". Thresholds were set on the dev half only. AUROC: does the score tell the two apart?\n',
  );
  if (values.fit) {
    const dev = results.filter(({ question }) => question.half === 'dev');
    process.stdout.write(`RANKING ${JSON.stringify(fitRanking(dev))}\nCONFIDENCE ${JSON.stringify(fitConfidence(dev))}\n`);
  }
  if (!values.misses) return;
  for (const result of results) {
    const { question, outcome, ok, score } = result;
    if (!ok)
      process.stdout.write(
        `${question.half} ${question.kind} ${score.toFixed(2)}  ${question.q}  → ${outcome} ${topicsOf(result).slice(0, 3)}\n`,
      );
  }
}

if (values.help) process.stdout.write(HELP);
else if (values.xquad) {
  const { questions, recall, mrr } = evaluateXquad(JSON.parse(readFileSync(values.xquad, 'utf8')));
  process.stdout.write(`${values.xquad}: ${questions} questions, Recall@1 ${recall.toFixed(3)}, MRR@10 ${mrr.toFixed(3)}\n`);
} else ownQuestions();
