import { createRequire } from 'node:module';
import { z } from 'zod';
import { lazy } from '../../core/lazy.ts';
import type { Localized } from '../../core/locale.ts';
import { atLine, atQuestion, byScript, createDraft, type Draft, type DraftBuilder, type DraftOptions } from './draft.ts';
import { DeckError } from './errors.ts';
import { PICTURE, plainText, wording } from './plain-text.ts';
import { typedAnswers, UNTYPABLE } from './typed-answers.ts';

const require = createRequire(import.meta.url);
const csv = lazy(() => require('csv-parse/sync') as typeof import('csv-parse/sync'));
const toml = lazy(() => require('smol-toml') as typeof import('smol-toml'));

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
    // “# of layers” is a card, and no comment.
    else if (lines[first]!.includes('\t')) break;
  }
  const delimiter = delimiterOf(headers.get('separator')?.toLowerCase(), lines.slice(first));
  const form = headers.get('html') === 'false' ? 'plain' : 'guess';
  let columns =
    headers
      .get('columns')
      ?.split(delimiter)
      .map((name) => name.trim().toLowerCase()) ?? [];
  const special = ['guid column', 'notetype column', 'deck column', 'tags column'].map((name) => Number(headers.get(name)) - 1);
  const fields = (row: readonly string[]) => row.map((_, i) => i).filter((i) => !special.includes(i));
  for (const { record: row, info } of records(lines.slice(first).join('\n'), delimiter)) {
    const where = atLine(first + info.lines);
    const heading = info.records === 1 ? headingOf(row) : undefined;
    if (heading) {
      columns = heading;
      continue;
    }
    const known = (names: readonly string[]) => columns.findIndex((name) => names.includes(name));
    const own = known(['id']);
    const [one, two] = fields(row).filter((i) => i !== own);
    const named = [known(FRONT), known(BACK)];
    const [front, back] = [named[0]! >= 0 ? named[0]! : one, named[1]! >= 0 ? named[1]! : two];
    const prompt = wording(row[front ?? -1] ?? '', form);
    const answer = plainText(row[back ?? -1] ?? '', form);
    const accepted = typedAnswers(answer);
    if (/\{\{c\d+::/.test(prompt)) builder.drop(where, { en: 'a cloze has no question of its own', zh: '填空卡片本身没有问题' });
    else if (answer.length > MAX_TYPED || answer.includes('\n'))
      builder.drop(where, {
        en: `nobody can type an answer of several lines or more than ${MAX_TYPED} characters`,
        zh: `没人会打多行或超过 ${MAX_TYPED} 个字符的答案`,
      });
    else if (answer === '')
      builder.drop(where, {
        en: `it has no answer after a ${NAMES[delimiter] ?? delimiter}`,
        zh: `分隔符（${NAMES[delimiter] ?? delimiter}）后面没有答案`,
      });
    else if (accepted.length === 0 && !answer.includes(PICTURE)) builder.drop(where, UNTYPABLE);
    else {
      const accept = byScript(accepted.length > 0 ? accepted : [answer]);
      builder.add(where, { id: row[own], prompt, explanation: wording(row[back ?? -1] ?? '', form), fields: { kind: 'term', accept } });
    }
  }
  return builder.draft;
}

const NAMES: Record<string, string> = Object.fromEntries(Object.entries(SEPARATORS).map(([name, mark]) => [mark, name]));

/** The one that is named, else the one that Anki would take: the first that most lines have. */
function delimiterOf(named: string | undefined, lines: readonly string[]): string {
  if (named !== undefined) return SEPARATORS[named] ?? named;
  const some = lines.filter((line) => line.trim() !== '').slice(0, 20);
  const candidates = ['\t', '|', ';', ','];
  // A row of names tells the separator, whatever is wrong in the rows below.
  const told = candidates.find((mark) => headingOf(records(some[0] ?? '', mark)[0]?.record ?? []));
  if (told !== undefined) return told;
  // Commas and semicolons stand in prose too; a table has as many in every line.
  const regular = (mark: string) => new Set(records(lines.slice(0, 20).join('\n'), mark).map(({ record }) => record.length));
  const found = candidates.find((mark) =>
    mark === '\t'
      ? some.length > 0 && some.filter((line) => line.includes(mark)).length > some.length / 2
      : some.some((line) => line.includes(mark)) && regular(mark).size === 1,
  );
  if (found === undefined) {
    throw new DeckError({
      en: 'no question could be read as anki: no line has two fields separated by a tab. Put the separator on the first line, such as #separator:semicolon',
      zh: '按 anki 读不出任何题目：没有一行是用制表符隔开的两栏。请在第一行写明分隔符，例如 #separator:semicolon',
    });
  }
  return found;
}

const FRONT = ['front', 'question', 'prompt', 'term', '正面', '问题'];
const BACK = ['back', 'answer', 'definition', '背面', '答案'];

/** The names of the columns, where a table's first row has them. */
function headingOf(row: readonly string[]): string[] | undefined {
  const names = row.map((name) => name.trim().toLowerCase());
  if (names.includes('kind') && names.includes('choices')) {
    throw new DeckError({
      en: 'this table was exported for reading, and its choices cannot be read back. Export it with --format yaml or gift.',
      zh: '这张表是导出来给人看的，选项读不回来。请用 --format yaml 或 gift 导出。',
    });
  }
  return names.some((name) => FRONT.includes(name)) && names.some((name) => BACK.includes(name)) ? names : undefined;
}

function records(text: string, delimiter: string): { record: string[]; info: { lines: number; records: number } }[] {
  try {
    return csv().parse(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true }) as never;
  } catch (cause) {
    throw new DeckError(
      { en: `the rows cannot be read: ${(cause as Error).message}`, zh: `表格读不出来：${(cause as Error).message}` },
      { cause },
    );
  }
}

const mdbook = z.object({ questions: z.array(z.record(z.string(), z.unknown())) });
const prompt = z.object({ prompt: z.string(), distractors: z.array(z.string()).optional() });
const answer = z.object({ answer: z.union([z.string(), z.array(z.string())]), alternatives: z.array(z.string()).optional() });

/** Question files of mdbook-quiz: multiple choice and short answers; the rest needs a compiler or a person. */
export function readMdbook(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const parsed = mdbook.safeParse(readToml(text));
  if (!parsed.success) throw new DeckError({ en: 'this TOML has no [[questions]].', zh: '这个 TOML 里没有 [[questions]]。' });
  parsed.data.questions.forEach((question, i) => {
    const where = atQuestion(i + 1);
    const asked = prompt.safeParse(question.prompt);
    const right = answer.safeParse(question.answer);
    const { type } = question;
    if (type !== 'MultipleChoice' && type !== 'ShortAnswer')
      return builder.drop(where, { en: `${String(type)} is not played here`, zh: `这里不玩 ${String(type)} 题` });
    if (!asked.success || !right.success)
      return builder.drop(where, { en: 'prompt.prompt or answer.answer is missing', zh: '缺少 prompt.prompt 或 answer.answer' });
    const answers = [right.data.answer].flat();
    const shown = answers.map((one) => wording(one, 'markdown'));
    const common = {
      id: typeof question.id === 'string' ? question.id : undefined,
      prompt: wording(asked.data.prompt, 'markdown'),
      explanation: wording(String(question.context ?? ''), 'markdown') || shown.join('; '),
    };
    if (type === 'ShortAnswer') {
      const accept = byScript([...answers, ...(right.data.alternatives ?? [])].map((one) => plainText(one)));
      return builder.add(where, { ...common, fields: { kind: 'term', accept } });
    }
    addChoices(
      builder,
      where,
      common,
      shown,
      (asked.data.distractors ?? []).map((one) => wording(one, 'markdown')),
      Array.isArray(right.data.answer),
    );
  });
  return builder.draft;
}

function readToml(text: string): unknown {
  try {
    return toml().parse(text);
  } catch (cause) {
    if (cause instanceof toml().TomlError)
      throw new DeckError(
        { en: `line ${cause.line}: ${cause.message.split('\n')[0]}`, zh: `第 ${cause.line} 行：${cause.message.split('\n')[0]}` },
        { cause },
      );
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

const DEFAULT = { en: 'Fetch them with the default encoding (HTML codes)', zh: '请用默认编码（HTML codes）下载' };

/** Texts fetched with `encode=url3986` are decoded; a percent sign in prose (“50% of”) is none of its escapes. */
function decoded(data: z.output<typeof item>): z.output<typeof item> | undefined {
  const texts = [data.question, data.correct_answer, ...data.incorrect_answers];
  if (texts.some((text) => /\s/.test(text)) || !texts.some((text) => /%[0-9a-f]{2}/i.test(text))) return data;
  try {
    const [question, right, ...wrong] = texts.map((text) => decodeURIComponent(text));
    return { ...data, question: question!, correct_answer: right!, incorrect_answers: wrong };
  } catch {
    return undefined;
  }
}

/** The JSON of the Open Trivia Database, whose texts are HTML. */
export function readOpenTrivia(text: string, options: DraftOptions): Draft {
  const builder = createDraft(options);
  const parsed = trivia.safeParse(readJson(text));
  if (!parsed.success) throw new DeckError({ en: 'this JSON has no “results” with questions.', zh: '这个 JSON 里没有带题目的“results”。' });
  builder.draft.source = 'https://opentdb.com';
  builder.draft.license = 'CC BY-SA 4.0';
  parsed.data.results.forEach((result, i) => {
    const where = atQuestion(i + 1);
    const found = item.safeParse(result);
    if (!found.success) {
      return builder.drop(where, {
        en: `a field is missing, or the texts are encoded. ${DEFAULT.en}`,
        zh: `缺少字段，或文字被编码了。${DEFAULT.zh}`,
      });
    }
    const data = decoded(found.data);
    if (!data)
      return builder.drop(where, {
        en: `the texts are encoded in a way that cannot be read. ${DEFAULT.en}`,
        zh: `文字的编码读不出来。${DEFAULT.zh}`,
      });
    const difficulty = { easy: 1, medium: 2, hard: 3 }[data.difficulty];
    const right = wording(data.correct_answer, 'guess');
    const common = { prompt: wording(data.question, 'guess'), explanation: right };
    if (data.type === 'boolean') {
      return builder.add(where, { ...common, fields: { kind: 'boolean', difficulty, answer: data.correct_answer === 'True' } });
    }
    const wrong = data.incorrect_answers.map((one) => wording(one, 'guess'));
    addChoices(builder, where, common, [right], wrong, false, { difficulty });
  });
  return builder.draft;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DeckError({ en: `this is not JSON: ${(cause as Error).message}`, zh: `这不是 JSON：${(cause as Error).message}` }, { cause });
  }
}

const MAX_CHOICES = 5;

function addChoices(
  builder: DraftBuilder,
  where: Localized,
  common: { id?: string | undefined; prompt: string; explanation: string },
  right: readonly string[],
  wrong: readonly string[],
  several: boolean,
  more: Record<string, unknown> = {},
): void {
  const room = Math.max(0, MAX_CHOICES - right.length);
  if (wrong.length > room)
    builder.remark(where, {
      en: `only ${room} of ${wrong.length} wrong choices are kept`,
      zh: `${wrong.length} 个错误选项只保留 ${room} 个`,
    });
  const choices = [...right.map((text) => ({ text, correct: true })), ...wrong.slice(0, room).map((text) => ({ text }))];
  builder.add(where, { ...common, fields: { kind: several ? 'multiple' : 'single', choices, ...more } });
}
