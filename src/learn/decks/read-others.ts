import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseToml, TomlError } from 'smol-toml';
import { z } from 'zod';
import { byScript, createDraft, type Draft, type DraftBuilder, type DraftOptions } from './draft.ts';
import { DeckError } from './errors.ts';
import { plainText } from './plain-text.ts';

/** What a person can be asked to type. */
const MAX_TYPED = 100;
const SEPARATORS: Record<string, string> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ', colon: ':' };

/** Anki's notes as text: the front becomes the question, the back the term to type. */
export function readAnki(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const headers = new Map<string, string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  let first = 0;
  for (; lines[first]?.startsWith('#'); first++) {
    const [, key, value] = /^#([a-z ]+):(.*)$/i.exec(lines[first]!) ?? [];
    if (key) headers.set(key.toLowerCase(), value!);
  }
  const separator = headers.get('separator')?.toLowerCase() ?? 'tab';
  const delimiter = SEPARATORS[separator] ?? separator;
  const html = headers.get('html') !== 'false';
  const columns =
    headers
      .get('columns')
      ?.split(delimiter)
      .map((name) => name.trim().toLowerCase()) ?? [];
  const special = ['guid column', 'notetype column', 'deck column', 'tags column'].map((name) => Number(headers.get(name)) - 1);
  const fields = (row: readonly string[]) => row.map((_, i) => i).filter((i) => !special.includes(i));
  for (const { record: row, info } of records(lines.slice(first).join('\n'), delimiter)) {
    const where = `line ${first + info.lines}`;
    const known = (names: readonly string[]) => columns.findIndex((name) => names.includes(name));
    const own = known(['id']);
    const [one, two] = fields(row).filter((i) => i !== own);
    const named = [known(['front', 'question', '正面', '问题']), known(['back', 'answer', '背面', '答案'])];
    const [front, back] = [named[0]! >= 0 ? named[0]! : one, named[1]! >= 0 ? named[1]! : two];
    const prompt = plainText(row[front ?? -1] ?? '', html);
    const answer = plainText(row[back ?? -1] ?? '', html);
    if (/\{\{c\d+::/.test(prompt)) builder.remark(where, 'left out: a cloze has no question of its own');
    else if (answer.length > MAX_TYPED || answer.includes('\n'))
      builder.remark(where, `left out: nobody can type an answer of several lines or more than ${MAX_TYPED} characters`);
    else
      builder.add(where, { id: row[own], prompt, explanation: answer, fields: { kind: 'term', accept: byScript(answer ? [answer] : []) } });
  }
  return builder.draft;
}

function records(text: string, delimiter: string): { record: string[]; info: { lines: number } }[] {
  try {
    return parseCsv(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true }) as never;
  } catch (cause) {
    throw new DeckError(`the rows cannot be read: ${(cause as Error).message}`, { cause });
  }
}

const mdbook = z.object({ questions: z.array(z.record(z.string(), z.unknown())) });
const prompt = z.object({ prompt: z.string(), distractors: z.array(z.string()).optional() });
const answer = z.object({ answer: z.union([z.string(), z.array(z.string())]), alternatives: z.array(z.string()).optional() });

/** Question files of mdbook-quiz: multiple choice and short answers; the rest needs a compiler or a person. */
export function readMdbook(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const parsed = mdbook.safeParse(readToml(text));
  if (!parsed.success) throw new DeckError('this TOML has no [[questions]].');
  parsed.data.questions.forEach((question, i) => {
    const where = `question ${i + 1}`;
    const asked = prompt.safeParse(question.prompt);
    const right = answer.safeParse(question.answer);
    const { type } = question;
    if (type !== 'MultipleChoice' && type !== 'ShortAnswer') return builder.remark(where, `left out: ${String(type)} is not played here`);
    if (!asked.success || !right.success) return builder.remark(where, 'left out: prompt.prompt or answer.answer is missing');
    const answers = [right.data.answer].flat().map((one) => plainText(one));
    const common = {
      id: typeof question.id === 'string' ? question.id : undefined,
      prompt: plainText(asked.data.prompt),
      explanation: plainText(String(question.context ?? '')) || answers.join('; '),
    };
    if (type === 'ShortAnswer') {
      const accept = byScript([...answers, ...(right.data.alternatives ?? []).map((one) => plainText(one))]);
      return builder.add(where, { ...common, fields: { kind: 'term', accept } });
    }
    addChoices(
      builder,
      where,
      common,
      answers,
      (asked.data.distractors ?? []).map((one) => plainText(one)),
      Array.isArray(right.data.answer),
    );
  });
  return builder.draft;
}

function readToml(text: string): unknown {
  try {
    return parseToml(text);
  } catch (cause) {
    if (cause instanceof TomlError) throw new DeckError(`line ${cause.line}: ${cause.message.split('\n')[0]}`, { cause });
    throw cause;
  }
}

const trivia = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
const item = z.object({
  type: z.enum(['multiple', 'boolean']),
  difficulty: z.enum(['easy', 'medium', 'hard']).catch('medium'),
  question: z.string(),
  correct_answer: z.string(),
  incorrect_answers: z.array(z.string()),
});

/** The JSON of the Open Trivia Database, whose texts are HTML. */
export function readOpenTrivia(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const parsed = trivia.safeParse(readJson(text));
  if (!parsed.success) throw new DeckError('this JSON has no “results” with questions.');
  builder.draft.source = 'https://opentdb.com';
  builder.draft.license = 'CC BY-SA 4.0';
  parsed.data.results.forEach((result, i) => {
    const where = `question ${i + 1}`;
    const found = item.safeParse(result);
    if (!found.success) {
      return builder.remark(
        where,
        'left out: a field is missing, or the texts are encoded. Fetch them with the default encoding (HTML codes)',
      );
    }
    const { data } = found;
    const difficulty = { easy: 1, medium: 2, hard: 3 }[data.difficulty];
    const right = plainText(data.correct_answer, true);
    const common = { prompt: plainText(data.question, true), explanation: right };
    if (data.type === 'boolean') {
      return builder.add(where, { ...common, fields: { kind: 'boolean', difficulty, answer: data.correct_answer === 'True' } });
    }
    const wrong = data.incorrect_answers.map((one) => plainText(one, true));
    addChoices(builder, where, common, [right], wrong, false, { difficulty });
  });
  return builder.draft;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeckError(`this is not JSON: ${(cause as Error).message}`, { cause });
  }
}

const MAX_CHOICES = 5;

function addChoices(
  builder: DraftBuilder,
  where: string,
  common: { id?: string | undefined; prompt: string; explanation: string },
  right: readonly string[],
  wrong: readonly string[],
  several: boolean,
  more: Record<string, unknown> = {},
): void {
  const room = Math.max(0, MAX_CHOICES - right.length);
  if (wrong.length > room) builder.remark(where, `only ${room} of ${wrong.length} wrong choices are kept`);
  const choices = [...right.map((text) => ({ text, correct: true })), ...wrong.slice(0, room).map((text) => ({ text }))];
  builder.add(where, { ...common, fields: { kind: several ? 'multiple' : 'single', choices, ...more } });
}
