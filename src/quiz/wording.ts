import type { Translate } from '../core/i18n.ts';
import { type Locale, localize } from '../core/locale.ts';
import { type Instance, rightPicks, type Value } from './grade.ts';
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

/** `A`, `B, C` or what was typed. */
export function describeValue(value: Value): string {
  return 'typed' in value ? value.typed : value.picked.map((pick) => LETTERS[pick]).join(', ') || '—';
}

/** The right answer in words. */
export function rightAnswer(question: Question, instance: Instance, locale: Locale, texts: readonly string[]): string {
  const picks = rightPicks(question, instance);
  if (picks) return picks.map((pick) => `${LETTERS[pick]}. ${texts[pick]}`).join(question.kind === 'ordering' ? ' → ' : '; ');
  if (question.kind === 'numeric') return `${question.answer}${question.tolerance > 0 ? ` ± ${question.tolerance}` : ''}`;
  if (question.kind === 'chart') return `${Number((instance.run?.key ?? Number.NaN).toPrecision(4))} ± ${question.tolerance ?? 0}`;
  if (question.kind === 'term') {
    const { en, zh } = question.accept;
    return (locale === 'zh' ? (zh[0] ?? en[0]) : (en[0] ?? zh[0])) ?? '';
  }
  return '';
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
