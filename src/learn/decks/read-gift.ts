import type { GIFTQuestion, NumericalChoice, NumericalFormat, TextChoice, TextFormat } from 'gift-pegjs';
import { byScript, createDraft, type Draft, type DraftBuilder, type DraftOptions } from './draft.ts';
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
  const { draft, remark } = builder;
  for (const block of blocksOf(text)) {
    const source = block.map(({ text: line }) => line).join('\n');
    const where = `line ${block[0]!.number}`;
    if (source.length > MAX_BLOCK) {
      remark(where, `left out: the question is longer than ${MAX_BLOCK} characters`);
      continue;
    }
    const parsed = parseBlock(source);
    if ('reason' in parsed) remark(`line ${block[parsed.line - 1]?.number ?? block[0]!.number}`, `left out: ${parsed.reason}`);
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
  Description: 'a description asks nothing',
  Essay: 'an essay cannot be graded',
  Matching: 'matching questions are not played here',
};

function take(builder: DraftBuilder, where: string, question: GIFTQuestion): void {
  const { draft, remark } = builder;
  if (question.type === 'Category') {
    const name = categoryName(question.title);
    if (draft.title === undefined) draft.title = name;
    else if (draft.title !== name) remark(where, `category “${name.slice(0, 60)}”: a deck has one`);
    return;
  }
  if (question.type === 'Description' || question.type === 'Essay' || question.type === 'Matching') {
    remark(where, `left out: ${NOT_PLAYED[question.type]}`);
    return;
  }
  const asked = { id: question.id, prompt: shown(question.stem), tags: tagsOf(question.tags, where, remark) };
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
  } else if (question.type === 'Short') takeTerms(question.choices, where, remark, add);
  else if (question.type === 'Numerical') takeNumber(question.choices, where, remark, add);
  else takeChoices(question.choices, where, remark, add);
}

type Add = (fields: Parameters<DraftBuilder['add']>[1]['fields'], answer: string) => void;
type Say = DraftBuilder['remark'];

function takeTerms(choices: TextChoice[], where: string, remark: Say, add: Add): void {
  const terms = choices.filter(({ weight }) => weight === null || weight === 100);
  if (terms.length < choices.length) remark(where, 'answers that are only partly right are left out');
  if (choices.some(({ feedback }) => feedback)) remark(where, 'feedback on accepted answers is left out');
  const accepted = terms.flatMap(({ text }) => typedAnswers(plainText(text.text, formOf(text))));
  if (terms.length > 0 && accepted.length === 0) remark(where, `left out: ${UNTYPABLE}`);
  else add({ kind: 'term', accept: byScript(accepted) }, terms[0] ? shown(terms[0].text) : '');
}

function takeNumber(choices: NumericalChoice[] | NumericalFormat, where: string, remark: Say, add: Add): void {
  const list = Array.isArray(choices) ? choices : [{ isCorrect: true, weight: null, text: choices, feedback: null }];
  const [best, ...others] = list.filter(({ isCorrect, weight }) => isCorrect && (weight === null || weight === 100));
  if (others.length > 0 || list.length > 1) remark(where, 'only the first wholly right number is kept');
  if (best?.feedback) remark(where, 'feedback on a number is left out');
  const { type, number, range, numberLow, numberHigh } = best?.text ?? { type: 'simple' };
  const high = type === 'high-low' && numberLow !== undefined && numberHigh !== undefined;
  const answer = high ? decimal((numberLow + numberHigh) / 2) : number;
  const tolerance = high ? decimal(Math.abs(numberHigh - numberLow) / 2) : (range ?? 0);
  add({ kind: 'numeric', answer, tolerance }, String(answer));
}

function takeChoices(choices: TextChoice[], where: string, remark: Say, add: Add): void {
  const marked = choices.filter(({ isCorrect }) => isCorrect);
  const weighted = choices.filter(({ weight }) => (weight ?? 0) > 0);
  const several = marked.length === 0 && weighted.length > 0;
  if (marked.length > 1) {
    remark(where, 'left out: several answers are right and any one of them suffices; where = belongs to the text, write \\=');
    return;
  }
  if (!several && weighted.some(({ isCorrect }) => !isCorrect)) remark(where, 'part marks for a wrong choice are left out');
  const isRight = (choice: TextChoice) => (several ? (choice.weight ?? 0) > 0 : choice.isCorrect);
  const right = choices.filter(isRight);
  const wrong = choices.filter((choice) => !isRight(choice));
  const room = Math.max(0, MAX_CHOICES - right.length);
  if (wrong.length > room) remark(where, `only ${room} of ${wrong.length} wrong choices are kept`);
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
function tagsOf(tags: string[] | null | undefined, where: string, remark: Say): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const others: string[] = [];
  for (const tag of tags ?? []) {
    const [, name, value] = /^(difficulty|section)-(.+)$/.exec(tag.trim()) ?? [];
    if (name === 'difficulty' && /^[123]$/.test(value!)) found.difficulty = Number(value);
    else if (name === 'section') found.section = value;
    else others.push(tag);
  }
  if (others.length > 0) remark(where, `tags left out: ${others.join(', ').slice(0, 80)}`);
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
