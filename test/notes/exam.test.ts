import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContent } from '../../src/notes/load.ts';
import { calibrationError, evaluate, reliability, summarise } from '../eval/evaluate.ts';
import { loadExam } from '../eval/exam.ts';

const root = join(import.meta.dirname, '../..');
const content = loadContent(join(root, 'content'));

it('every label of the exam is a passage of the notes', () => {
  const units = new Set([...content.prepared].flatMap(([topic, { units: own }]) => own.map(({ id }) => `${topic}${id}`)));
  const unknown = loadExam(join(root, 'test/eval/answers.yaml')).flatMap(({ accept = [] }) => accept.filter((label) => !units.has(label)));
  expect(unknown).toEqual([]);
});

it('keeps the figures that the README states, on the half that nothing was fitted on', () => {
  const questions = loadExam(join(root, 'test/eval/answers.yaml')).filter(({ half }) => half === 'report');
  expect(questions.length).toBeGreaterThanOrEqual(350);
  const judged = evaluate(content, questions);
  const report = summarise(judged).find(({ name }) => name === 'report half')!;
  expect(report.holds!.value).toBeGreaterThanOrEqual(0.71);
  expect(report.seen!.value).toBeGreaterThanOrEqual(0.82);
  expect(report.saidNo!.value).toBeLessThanOrEqual(0.03);
  expect(report.sureWrong!.value).toBeLessThanOrEqual(0.04);
  expect(report.answered!.value).toBeLessThanOrEqual(0.08);
  expect(calibrationError(reliability(judged))).toBeLessThanOrEqual(0.07);
});

it('every topic that ships has at least twelve answered questions', () => {
  const few = [...content.topics.values()].filter(({ answers }) => answers.length < 12).map(({ id }) => id);
  expect(few).toEqual([]);
});
