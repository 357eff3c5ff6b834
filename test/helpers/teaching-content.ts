import { smallContent } from './small-content.ts';

const item = (id: string) => `
  - id: ${id}
    kind: single
    prompt: { en: "Prompt of ${id}?", zh: "${id} 的题目？" }
    hints: [{ en: "Think of ${id}.", zh: "想想 ${id}。" }]
    choices:
      - { text: { en: right ${id}, zh: 对 ${id} }, correct: true }
      - { text: { en: wrong ${id}, zh: 错 ${id} }, why: { en: no, zh: 不 }, misconception: mixed-up }
    explanation: { en: "Because of ${id}.", zh: "因为 ${id}。" }`;

/** A content folder with a deck of two questions that have hints, and tell the same misconception apart. */
export function teachingContent(): string {
  return smallContent({ taught: `title: taught\nquestions:${item('taught.one')}${item('taught.two')}` });
}
