import { escapeMarkdown } from '../core/escape-markdown.ts';
import type { Translate } from '../core/i18n.ts';
import { type Locale, localize } from '../core/locale.ts';
import type { Button } from '../core/reply.ts';
import { type Instance, rightPicks, shownCount, type Value } from './grade.ts';
import type { Question } from './question.ts';

/** Names of the shown choices. */
export const LETTERS = 'ABCDE';

/** The texts of the shown choices, in shown order; empty for typed answers. */
export function choiceTexts(question: Question, instance: Instance, locale: Locale, t: Translate): string[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return instance.order.map((index) => localize(question.choices[index]!.text, locale));
    case 'chart':
      return instance.order.map((index) => localize(question.choices![index]!.text, locale));
    case 'boolean':
      return [t('quiz.true'), t('quiz.false')];
    case 'ordering':
      return instance.order.map((index) => localize(question.items[index]!, locale));
    case 'numeric':
    case 'term':
      return [];
    default:
      return question satisfies never;
  }
}

/** The lettered list of choices as Markdown. */
export function lettered(texts: readonly string[]): string {
  return texts.map((text, i) => `**${LETTERS[i]}.** ${text}`).join('\n\n');
}

/** How the question is answered, as a key of the strings below `quiz.how-`. */
export function answeringWay(question: Question): string {
  return question.kind === 'chart' && !question.choices ? 'numeric' : question.kind;
}

/** The same in words; `done` is the label of the button that ends a selection. */
export function howTo(question: Question, t: Translate, done: string): string {
  return t(`quiz.how-${answeringWay(question)}`, { done });
}

/** Whether there is nothing to choose from. */
export function isTyped(question: Question): boolean {
  return shownCount(question) === 0;
}

/** Letters of a typed answer. */
export const MAX_TYPED = 200;

/** The button that asks for a typed answer, but for its id; `number` of the question in a quiz. */
export function typeForm(question: Question, t: Translate, number?: number): Pick<Button, 'label' | 'style' | 'form'> {
  const way = question.kind === 'term' ? 'term' : 'number';
  const title = number === undefined ? t('quiz.form-title') : t('quiz.form-title-number', { number });
  const placeholder = t(`quiz.form-example-${way}`);
  return { label: t('quiz.type'), style: 'primary', form: { title, label: t(`quiz.form-${way}`), placeholder, maxLength: MAX_TYPED } };
}

/** `A`, `B, C`, an order as `1. C, 2. A`, or what was typed. */
export function describeValue(value: Value, question?: Question): string {
  if ('typed' in value) return value.typed;
  const letters = value.picked.map((pick) => LETTERS[pick]);
  return (question?.kind === 'ordering' ? letters.map((letter, i) => `${i + 1}. ${letter}`) : letters).join(', ') || '—';
}

/** The right answer in words, as Markdown. */
export function rightAnswer(question: Question, instance: Instance, locale: Locale, texts: readonly string[], t: Translate): string {
  const picks = rightPicks(question, instance);
  if (picks) return picksInWords(question, picks, texts, t);
  if (question.kind === 'numeric') return `${question.answer}${question.tolerance > 0 ? ` ± ${question.tolerance}` : ''}`;
  if (question.kind === 'chart')
    return `${Number((instance.run?.key ?? Number.NaN).toPrecision(4))}${question.tolerance ? ` ± ${question.tolerance}` : ''}`;
  if (question.kind === 'term') {
    const { en, zh } = question.accept;
    return escapeMarkdown((locale === 'zh' ? (zh[0] ?? en[0]) : (en[0] ?? zh[0])) ?? '');
  }
  return '';
}

/** What a person answered in words, as Markdown. */
export function answerInWords(question: Question, value: Value, texts: readonly string[], t: Translate): string {
  return 'typed' in value ? escapeMarkdown(value.typed) : picksInWords(question, value.picked, texts, t);
}

function picksInWords({ kind }: Question, picks: readonly number[], texts: readonly string[], t: Translate): string {
  return picks.map((pick) => `${LETTERS[pick]}. ${texts[pick]}`).join(kind === 'ordering' ? ' → ' : t('quiz.semicolon')) || '—';
}

/** Why each wrong choice is wrong, as Markdown; empty when the question does not say. */
export function rationales(question: Question, instance: Instance, locale: Locale): string {
  if (question.kind === 'boolean') return question.why ? localize(question.why, locale) : '';
  if (question.kind !== 'single' && question.kind !== 'multiple') return '';
  return instance.order
    .flatMap((index, shown) => {
      const why = question.choices[index]?.why;
      return why ? [`- **${LETTERS[shown]}** — ${localize(why, locale)}`] : [];
    })
    .join('\n');
}
