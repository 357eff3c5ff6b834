import {
  type GIFTQuestion,
  type NumericalChoice,
  type NumericalFormat,
  parse as parseGift,
  type TextChoice,
  type TextFormat,
} from 'gift-pegjs';
import { byScript, createDraft, type Draft, type DraftBuilder, type DraftOptions } from './draft.ts';
import { plainText } from './plain-text.ts';

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

/** @returns the questions, or what is wrong and in which line of the block. */
function parseBlock(source: string): GIFTQuestion[] | { reason: string; line: number } {
  try {
    return parseGift(`${source}\n\n`);
  } catch (error) {
    const forgiven = withColons(source);
    if (forgiven !== source) {
      try {
        return parseGift(`${forgiven}\n\n`);
      } catch {
        // The first message is about the text as the author wrote it.
      }
    }
    const { message, location } = error as Error & { location?: { start: { line: number; column: number } } };
    const found = message.split(' but ')[1]?.replace(' found.', '');
    const { line, column } = location?.start ?? { line: 1, column: 1 };
    return { reason: `${found ? `unexpected ${found}` : message}, column ${column}`, line };
  }
}

/** Moodle forgives a colon without a backslash; the grammar does not. Titles and numbers keep theirs. */
function withColons(source: string): string {
  const title = /^(\s*(?:\/\/[^\n]*\n\s*)*::(?:[^:\\]|\\.)*::)?([\s\S]*)$/.exec(source)!;
  const body = title[2]!;
  const numbers = body.search(/(?<!\\)\{\s*#/);
  const cut = numbers < 0 ? body.length : numbers;
  return `${title[1] ?? ''}${body.slice(0, cut).replace(/(?<!\\):/g, '\\:')}${body.slice(cut)}`;
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
    if (draft.title === undefined) draft.title = question.title.split('/').at(-1)!.trim();
    else if (draft.title !== question.title) remark(where, `category “${question.title.slice(0, 60)}”: a deck has one`);
    return;
  }
  if (question.type === 'Description' || question.type === 'Essay' || question.type === 'Matching') {
    remark(where, `left out: ${NOT_PLAYED[question.type]}`);
    return;
  }
  const asked = { id: question.id, prompt: plain(question.stem), tags: tagsOf(question.tags, where, remark) };
  const add = (fields: Parameters<DraftBuilder['add']>[1]['fields'], answer: string) =>
    builder.add(where, {
      id: asked.id,
      prompt: asked.prompt,
      explanation: plain(question.globalFeedback) || answer,
      fields: { ...fields, ...asked.tags },
    });
  if (question.type === 'TF') {
    // The first feedback is for those who chose wrongly; the second only praises.
    const why = plain(question.trueFeedback);
    add({ kind: 'boolean', answer: question.isTrue, ...(why && { why }) }, question.isTrue ? 'True' : 'False');
  } else if (question.type === 'Short') takeTerms(question.choices, where, remark, add);
  else if (question.type === 'Numerical') takeNumber(question.choices, where, remark, add);
  else takeChoices(question.choices, where, remark, add);
}

type Add = (fields: Parameters<DraftBuilder['add']>[1]['fields'], answer: string) => void;
type Say = DraftBuilder['remark'];

function takeTerms(choices: TextChoice[], where: string, remark: Say, add: Add): void {
  const terms = choices.filter(({ weight }) => weight === null || weight === 100).map(({ text }) => plain(text));
  if (terms.length < choices.length) remark(where, 'answers that are only partly right are left out');
  if (choices.some(({ feedback }) => feedback)) remark(where, 'feedback on accepted answers is left out');
  add({ kind: 'term', accept: byScript(terms) }, terms[0] ?? '');
}

function takeNumber(choices: NumericalChoice[] | NumericalFormat, where: string, remark: Say, add: Add): void {
  const list = Array.isArray(choices) ? choices : [{ isCorrect: true, weight: null, text: choices, feedback: null }];
  const [best, ...others] = list.filter(({ isCorrect, weight }) => isCorrect && (weight === null || weight === 100));
  if (others.length > 0 || list.length > 1) remark(where, 'only the first wholly right number is kept');
  if (best?.feedback) remark(where, 'feedback on a number is left out');
  const { type, number, range, numberLow, numberHigh } = best?.text ?? { type: 'simple' };
  const high = type === 'high-low' && numberLow !== undefined && numberHigh !== undefined;
  const answer = high ? (numberLow + numberHigh) / 2 : number;
  const tolerance = high ? Math.abs(numberHigh - numberLow) / 2 : (range ?? 0);
  add({ kind: 'numeric', answer, tolerance }, String(answer));
}

function takeChoices(choices: TextChoice[], where: string, remark: Say, add: Add): void {
  const marked = choices.filter(({ isCorrect }) => isCorrect);
  const weighted = choices.filter(({ weight }) => (weight ?? 0) > 0);
  const several = marked.length === 0 && weighted.length > 0;
  if (marked.length > 1) {
    remark(where, 'left out: several answers are right and any one of them suffices');
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
        const why = plain(choice.feedback);
        return { text: plain(choice.text), ...(isRight(choice) && { correct: true }), ...(why && { why }) };
      }),
    },
    right.map(({ text }) => plain(text)).join('; '),
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

function plain(text: TextFormat | null): string {
  return text ? plainText(text.text, text.format === 'html') : '';
}
