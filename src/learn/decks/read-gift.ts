import type { GIFTQuestion, NumericalChoice, NumericalFormat, TextChoice, TextFormat } from 'gift-pegjs';
import type { Localized } from '../../core/locale.ts';
import { atLine, byScript, createDraft, type Draft, type DraftBuilder, type DraftOptions } from './draft.ts';
import { parseBlock } from './gift-block.ts';
import { type Form, plainText, wording } from './plain-text.ts';
import { typedAnswers, UNTYPABLE } from './typed-answers.ts';

/** A question longer than this is no question, and would keep the grammar busy. */
const MAX_BLOCK = 16_000;
const MAX_CHOICES = 5;

/**
 * Moodle's GIFT. Questions stand between blank lines and are parsed one by one, so that a mistake costs one question
 * and is reported with its line.
 */
export function readGift(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const { draft, drop } = builder;
  for (const block of blocksOf(text)) {
    const source = block.map(({ text: line }) => line).join('\n');
    const where = atLine(block[0]!.number);
    if (source.length > MAX_BLOCK) {
      drop(where, { en: `the question is longer than ${MAX_BLOCK} characters`, zh: `题目超过 ${MAX_BLOCK} 个字符` });
      continue;
    }
    const parsed = parseBlock(source);
    if ('reason' in parsed) drop(atLine(block[parsed.line - 1]?.number ?? block[0]!.number), parsed.reason);
    else for (const question of parsed) take(builder, where, question);
  }
  return draft;
}

interface Line {
  number: number;
  text: string;
}

/** What stands between blank lines; a category is a block of its own, and comments that say nothing to us are left out. */
function blocksOf(text: string): Line[][] {
  const blocks: Line[][] = [[]];
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const comment = line.trim().startsWith('//');
    if (line.trim() === '') blocks.push([]);
    else if (!comment || (/\[(id|tag):/.test(line) && isHead(blocks.at(-1)!))) blocks.at(-1)!.push({ number: i + 1, text: line });
    if (line.startsWith('$CATEGORY:')) blocks.push([]);
  }
  return blocks.filter((block) => !isHead(block));
}

/** Nothing yet, or only lines that name what follows. */
function isHead(block: readonly Line[]): boolean {
  return block.every(({ text }) => text.trim().startsWith('//'));
}

/** Kinds that nobody can grade or that are not played here. */
const NOT_PLAYED = {
  Description: { en: 'a description asks nothing', zh: '说明文字不是题目' },
  Essay: { en: 'an essay cannot be graded', zh: '论述题无法评分' },
  Matching: { en: 'matching questions are not played here', zh: '这里不玩配对题' },
};

function take(builder: DraftBuilder, where: Localized, question: GIFTQuestion): void {
  const { draft, remark, drop } = builder;
  if (question.type === 'Category') {
    const name = categoryName(question.title);
    if (draft.title === undefined) draft.title = name;
    else if (draft.title !== name)
      remark(where, { en: `category “${name.slice(0, 60)}”: a deck has one`, zh: `分类“${name.slice(0, 60)}”：一个题库只有一个` });
    return;
  }
  if (question.type === 'Description' || question.type === 'Essay' || question.type === 'Matching') {
    drop(where, NOT_PLAYED[question.type]);
    return;
  }
  const asked = { id: question.id, prompt: shown(question.stem), tags: tagsOf(question.tags, where, builder) };
  const add = (fields: Parameters<DraftBuilder['add']>[1]['fields'], answer: string) =>
    builder.add(where, {
      id: asked.id,
      prompt: asked.prompt,
      explanation: shown(question.globalFeedback) || answer,
      fields: { ...fields, ...asked.tags },
    });
  if (question.type === 'TF') {
    // The first feedback is for those who chose wrongly; the second only praises.
    const why = shown(question.trueFeedback);
    add({ kind: 'boolean', answer: question.isTrue, ...(why && { why }) }, question.isTrue ? 'True' : 'False');
  } else if (question.type === 'Short') takeTerms(question.choices, where, builder, add);
  else if (question.type === 'Numerical') takeNumber(question.choices, where, builder, add);
  else takeChoices(question.choices, where, builder, add);
}

type Add = (fields: Parameters<DraftBuilder['add']>[1]['fields'], answer: string) => void;
type Say = Pick<DraftBuilder, 'remark' | 'drop'>;

function takeTerms(choices: TextChoice[], where: Localized, { remark, drop }: Say, add: Add): void {
  const terms = choices.filter(({ weight }) => weight === null || weight === 100);
  if (terms.length < choices.length)
    remark(where, { en: 'answers that are only partly right are left out', zh: '只算部分正确的答案未导入' });
  if (choices.some(({ feedback }) => feedback))
    remark(where, { en: 'feedback on accepted answers is left out', zh: '正确答案的反馈未导入' });
  const accepted = terms.flatMap(({ text }) => typedAnswers(plainText(text.text, formOf(text))));
  if (terms.length > 0 && accepted.length === 0) drop(where, UNTYPABLE);
  else add({ kind: 'term', accept: byScript(accepted) }, terms[0] ? shown(terms[0].text) : '');
}

function takeNumber(choices: NumericalChoice[] | NumericalFormat, where: Localized, { remark }: Say, add: Add): void {
  const list = Array.isArray(choices) ? choices : [{ isCorrect: true, weight: null, text: choices, feedback: null }];
  const [best, ...others] = list.filter(({ isCorrect, weight }) => isCorrect && (weight === null || weight === 100));
  if (others.length > 0 || list.length > 1)
    remark(where, { en: 'only the first wholly right number is kept', zh: '只保留第一个完全正确的数字' });
  if (best?.feedback) remark(where, { en: 'feedback on a number is left out', zh: '数字题的反馈未导入' });
  const { type, number, range, numberLow, numberHigh } = best?.text ?? { type: 'simple' };
  const high = type === 'high-low' && numberLow !== undefined && numberHigh !== undefined;
  const answer = high ? decimal((numberLow + numberHigh) / 2) : number;
  const tolerance = high ? decimal(Math.abs(numberHigh - numberLow) / 2) : (range ?? 0);
  add({ kind: 'numeric', answer, tolerance }, String(answer));
}

function takeChoices(choices: TextChoice[], where: Localized, { remark, drop }: Say, add: Add): void {
  const marked = choices.filter(({ isCorrect }) => isCorrect);
  const weighted = choices.filter(({ weight }) => (weight ?? 0) > 0);
  const several = marked.length === 0 && weighted.length > 0;
  if (marked.length > 1) {
    drop(where, {
      en: 'several answers are right and any one of them suffices; where = belongs to the text, write \\=',
      zh: '有几个答案都算对，任选其一即可；= 属于正文的话请写 \\=',
    });
    return;
  }
  if (!several && weighted.some(({ isCorrect }) => !isCorrect))
    remark(where, { en: 'part marks for a wrong choice are left out', zh: '错误选项的部分得分未导入' });
  const isRight = (choice: TextChoice) => (several ? (choice.weight ?? 0) > 0 : choice.isCorrect);
  const right = choices.filter(isRight);
  const wrong = choices.filter((choice) => !isRight(choice));
  const room = Math.max(0, MAX_CHOICES - right.length);
  if (wrong.length > room)
    remark(where, { en: `only ${room} of ${wrong.length} wrong choices are kept`, zh: `${wrong.length} 个错误选项只保留 ${room} 个` });
  const kept = choices.filter((choice) => isRight(choice) || wrong.indexOf(choice) < room);
  add(
    {
      kind: several ? 'multiple' : 'single',
      choices: kept.map((choice) => {
        const why = shown(choice.feedback);
        return { text: shown(choice.text), ...(isRight(choice) && { correct: true }), ...(why && { why }) };
      }),
    },
    right.map(({ text }) => shown(text)).join('; '),
  );
}

/** `difficulty-2` and `section-maths` are what our own export writes. */
function tagsOf(tags: string[] | null | undefined, where: Localized, { remark }: Say): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const others: string[] = [];
  for (const tag of tags ?? []) {
    const [, name, value] = /^(difficulty|section)-(.+)$/.exec(tag.trim()) ?? [];
    if (name === 'difficulty' && /^[123]$/.test(value!)) found.difficulty = Number(value);
    else if (name === 'section') found.section = value;
    else others.push(tag);
  }
  if (others.length > 0)
    remark(where, { en: `tags left out: ${others.join(', ').slice(0, 80)}`, zh: `标签未导入：${others.join('、').slice(0, 80)}` });
  return found;
}

/** The last name of a path; `//` is a slash in a name. */
function categoryName(path: string): string {
  return path
    .split(/(?<!\/)\/(?!\/)/)
    .at(-1)!
    .replaceAll('//', '/')
    .trim();
}

/** Moodle's own form is text that may hold HTML. */
function formOf({ format }: TextFormat): Form {
  return format === 'markdown' || format === 'plain' ? format : 'guess';
}

function shown(text: TextFormat | null): string {
  return text ? wording(text.text, formOf(text)) : '';
}

/** The middle of two decimal numbers as somebody writes it: 1 ± 0.1 and not 0.10000000000000003. */
function decimal(value: number): number {
  return Number(value.toPrecision(12));
}
