import type { BareQuestion } from './question.ts';

/** What makes a question unanswerable although every field has its form; empty for a sound one. */
export function answerFaults(question: BareQuestion): string[] {
  switch (question.kind) {
    case 'single':
    case 'multiple': {
      const right = question.choices.filter(({ correct }) => correct).length;
      if (question.kind === 'single' && right !== 1) return [`${right} choices are marked correct; a single choice has one`];
      return right === 0 ? ['no choice is marked correct'] : [];
    }
    case 'term':
      return question.accept.en.length + question.accept.zh.length === 0 ? ['no accepted answer'] : [];
    case 'chart': {
      const typed = question.measure !== undefined && question.tolerance !== undefined;
      const picked = question.pick !== undefined && question.choices !== undefined;
      return typed === picked ? ['a chart question has either measure and tolerance, or pick and choices'] : [];
    }
    case 'boolean':
    case 'numeric':
    case 'ordering':
      return [];
    default:
      return question satisfies never;
  }
}
