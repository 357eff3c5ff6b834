// `npm run eval`: whether the first reply answers, and whether it says so when the notes hold no answer.
// `npm run eval -- --xquad FILE`: our index on XQuAD (its questions against its paragraphs).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderChart } from '../src/charts/node/render.ts';
import { tableToText } from '../src/core/reply.ts';
import { type LoadedContent, loadContent } from '../src/notes/load.ts';
import { createRanker } from '../src/notes/ranking.ts';
import { calibrationError, evaluate, isAnswerable, type Judged, type Report, reliability, summarise } from '../test/eval/evaluate.ts';
import { type ExamQuestion, judgedPassages, loadExam, loadFarAway, loadLearners } from '../test/eval/exam.ts';
import { examLists, fitConfidence, fitRanking, heldOut } from '../test/eval/fit.ts';
import type { Estimate } from '../test/eval/measures.ts';
import { evaluateXquad } from '../test/eval/xquad.ts';

const HELP = `npm run eval [-- --half dev|report] [--misses] [--learners FILE] [--plot FILE.png] [--fit ranking|confidence] [--xquad FILE]

  --half           only the half that weights are fitted on (dev), or the other one (report)
  --misses         also lists the questions that went wrong
  --learners FILE  questions of real learners (../shared/datasets/learner-questions.tsv) in place of our own
  --content DIR    notes to ask (default: content)
  --plot FILE      draws claimed probability against what held
  --fit            weights for src/notes/weights.ts that the dev half and the phrasings ask for; the ranking first
  --xquad FILE     the public set instead: our index on its paragraphs
`;
const { values } = parseArgs({
  options: {
    xquad: { type: 'string' },
    content: { type: 'string' },
    learners: { type: 'string' },
    plot: { type: 'string' },
    misses: { type: 'boolean', default: false },
    fit: { type: 'string' },
    half: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const root = join(import.meta.dirname, '..');
const exam = join(root, 'test', 'eval', 'answers.yaml');

function shown(estimate: Estimate | undefined): string {
  if (!estimate) return '–';
  const digits = (share: number) => share.toFixed(3).replace(/^0/, '');
  return `${digits(estimate.value)} [${digits(estimate.low)}–${digits(estimate.high)}]`;
}

function table(rows: readonly Report[]): string {
  const columns = [
    '',
    'n',
    'right topic',
    'first reply holds it',
    'visible',
    'said no',
    'sure and wrong',
    'answered (not held)',
    'closest (not held)',
    'two in one',
  ];
  const lines = rows.map((row) => [
    row.name,
    String(row.count),
    ...[row.topic, row.holds, row.seen, row.saidNo, row.sureWrong, row.answered, row.closest, row.two].map(shown),
  ]);
  return tableToText(columns, lines);
}

async function report(content: LoadedContent, questions: readonly ExamQuestion[]): Promise<void> {
  const judged = evaluate(content, questions);
  process.stdout.write(`${table(summarise(judged))}\n\n`);
  const unlabelled = questions.filter(({ accept }) => accept === undefined).length;
  if (unlabelled > 0)
    process.stdout.write(`${unlabelled} questions have no passages as labels; any passage of an accepted topic counts there.\n`);
  const unjudged = judged.filter((one) => one.unjudged).length;
  if (unjudged > 0)
    process.stdout.write(
      `${unjudged} questions are answered first with passages that the labels do not know yet: wrong in “holds”, left out of “sure and wrong”, “not held” and calibration.\n`,
    );
  const bins = reliability(judged);
  process.stdout.write(
    'Mean and 95 % bootstrap interval. “Right topic” to “said no”: questions that the notes answer; the last two: the others.\n' +
      `Expected calibration error ${calibrationError(bins).toFixed(3)}: ${bins
        .map(({ claimed, held, count }) => `${claimed.toFixed(2)}→${held.toFixed(2)} (${count})`)
        .join('  ')}\n`,
  );
  if (values.plot) {
    const { png } = await renderChart({
      type: 'lines',
      title: `Claimed probability against what held: ECE ${calibrationError(bins).toFixed(3)}`,
      subtitle: `${bins.reduce((sum, { count }) => sum + count, 0)} questions, ten bins`,
      alt: bins.map(({ claimed, held }) => `claimed ${claimed.toFixed(2)}, held ${held.toFixed(2)}`).join('; '),
      x: { label: 'claimed probability', min: 0, max: 1 },
      y: { label: 'share that held', min: 0, max: 1 },
      lines: [
        { name: 'measured', x: bins.map(({ claimed }) => claimed), y: bins.map(({ held }) => held) },
        { name: 'perfectly calibrated', x: [0, 1], y: [0, 1], dashed: true },
      ],
    });
    writeFileSync(values.plot, png);
  }
  if (values.misses) for (const one of judged) process.stdout.write(missed(one));
}

function missed({ question, outcome, probability, shown, visible, holds, seen }: Judged): string {
  const ok = isAnswerable(question) ? holds : outcome === 'none' || outcome === 'did-you-mean';
  if (ok) return '';
  const where = shown.length > 0 ? shown.join(' + ') : visible.join(', ');
  return `${question.half} ${question.kind} ${probability.toFixed(2)} ${outcome}${seen ? ' (visible)' : ''}  ${question.q}  → ${where}\n`;
}

/** Weights from the phrasings, each held out, and the labelled dev half. */
function printWeights(content: LoadedContent, what: string): void {
  const dev = loadExam(exam).filter(({ half }) => half === 'dev');
  const ranker = createRanker([...content.topics.values()], content.prepared);
  if (what === 'ranking') {
    process.stdout.write(`RANKING ${JSON.stringify(fitRanking([...heldOut(content), ...examLists(dev, ranker)]))}\n`);
  } else {
    const isJudged = judgedPassages();
    const rows = dev.flatMap(({ q, after, accept, topics: own }) => {
      const { confidence, found } = ranker.rank(q);
      if (after !== undefined || (!accept && own.length > 0) || !confidence || !isJudged(`${found[0]!.topic}${found[0]!.unit}`)) return [];
      return [{ confidence, right: (accept ?? []).includes(`${found[0]!.topic}${found[0]!.unit}`) }];
    });
    const far = loadFarAway().flatMap((q) => {
      const { confidence } = ranker.rank(q);
      return confidence ? [{ confidence, right: false }] : [];
    });
    process.stdout.write(`CONFIDENCE ${JSON.stringify(fitConfidence([...rows, ...far]))}\n`);
  }
  ranker.close();
}

if (values.help) process.stdout.write(HELP);
else if (values.xquad) {
  const { questions, recall, mrr } = evaluateXquad(JSON.parse(readFileSync(values.xquad, 'utf8')));
  process.stdout.write(`${values.xquad}: ${questions} questions, Recall@1 ${recall.toFixed(3)}, MRR@10 ${mrr.toFixed(3)}\n`);
} else {
  const content = loadContent(values.content ?? join(root, 'content'));
  if (values.fit) printWeights(content, values.fit);
  else {
    const questions = values.learners ? loadLearners(values.learners) : loadExam(exam);
    await report(
      content,
      questions.filter(({ half }) => !values.half || half === values.half),
    );
  }
}
