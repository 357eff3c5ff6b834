import { smallContent } from './small-content.ts';

const text = (words: string) => `{ en: "${words}", zh: "${words}" }`;

/** Kinds whose reveal needs no chart, so that no process of the many starts a drawing worker. */
export const crashContent = (): string =>
  smallContent({
    crash: `
title: Crash
questions:
  - { id: crash.number, kind: numeric, answer: 4, tolerance: 0, prompt: ${text('Two and two?')}, explanation: ${text('Four.')} }
  - { id: crash.order, kind: ordering, items: [${text('one')}, ${text('two')}, ${text('three')}], prompt: ${text('Count.')}, explanation: ${text('So.')} }
`,
  });

/** A moment of a quiz at which its process dies: how people call it, and how the drivers do. */
export type Step = readonly [name: string, step: string];

/**
 * `store EVENT N`: inside the transaction that stores the N-th event of a kind, just before it is committed.
 * `reply ID`: after everything is done for a request, before it is answered.
 * `before KEY` and `after KEY`: before and after a message is posted.
 */
export const STEPS: readonly Step[] = [
  ['lobby: before it is posted', 'before lobby'],
  ['lobby: posted, not noted', 'after lobby'],
  ['lobby: someone joins', 'store join 2'],
  ['lobby: the quiz begins', 'store begin 1'],
  ['question 1: before it is posted', 'before q0'],
  ['question 1: posted, not noted', 'after q0'],
  ['question 1: noted, clock not started', 'store posted 1'],
  ['question 1 open: an answer', 'store answer 1'],
  ['question 1 open: stored, no receipt yet', 'reply b1'],
  ['question 1 open: a changed answer', 'store answer 3'],
  ['question 1 closes: points and reviews', 'store deadline 1'],
  ['between answer and reveal', 'before r0'],
  ['reveal 1: posted, not noted', 'after r0'],
  ['reveal 1 ends', 'store deadline 2'],
  ['question 2: posted, not noted', 'after q1'],
  ['question 2 open: a late comer’s answer', 'store answer 4'],
  ['question 2 closes: points and reviews', 'store deadline 3'],
  ['between answer and reveal', 'before r1'],
  ['the quiz ends', 'store deadline 4'],
  ['the end: before the podium', 'before podium'],
  ['the end: podium posted, not noted', 'after podium'],
];

/** A right or wrong answer to a question of `crashContent`, in the letters that this quiz shows. */
export function crashAnswer(question: { question_id: string; instance: string }, wanted: 'right' | 'wrong'): string {
  if (question.question_id === 'crash.number') return wanted === 'right' ? '4' : '5';
  const { order } = JSON.parse(question.instance) as { order: number[] };
  const right = [0, 1, 2].map((item) => 'ABC'[order.indexOf(item)]);
  return (wanted === 'right' ? right : right.reverse()).join(' ');
}
