import { createHash } from 'node:crypto';
import { detectLocale, type Locale, type Localized } from '../../core/locale.ts';
import { MAX_DECK_QUESTIONS } from '../../notes/load-decks.ts';
import { answerFaults } from '../../quiz/faults.ts';
import { type BareQuestion, questionSchema } from '../../quiz/question.ts';
import { DeckError } from './errors.ts';
import { PICTURE } from './plain-text.ts';

/** What could not be taken over, and where it stood. */
export interface Remark {
  where: Localized;
  what: Localized;
  /** The question is not in the deck; otherwise it is, without a part that is named. */
  lost: boolean;
}

export const atLine = (line: number): Localized => ({ en: `line ${line}`, zh: `第 ${line} 行` });
export const atQuestion = (n: number): Localized => ({ en: `question ${n}`, zh: `第 ${n} 题` });
/** What is called the same in every language. */
export const named = (id: string): Localized => ({ en: id, zh: id });
/** The question is not in the deck, for this reason. */
export const leftOut = (where: Localized, { en, zh = en }: Localized): Remark => ({
  where,
  what: { en: `left out: ${en}`, zh: `未导入：${zh}` },
  lost: true,
});

/** A deck as it was read from a file of any format. */
export interface Draft {
  title?: string | Localized | undefined;
  topic?: string | undefined;
  source?: string | undefined;
  license?: string | undefined;
  questions: BareQuestion[];
  remarks: Remark[];
}

/** A question in one language, before it is checked. */
export interface RawQuestion {
  /** The file's own id, if it has one. */
  id?: string | null | undefined;
  prompt: string;
  explanation: string;
  /** The fields that its kind asks for; texts are plain strings. */
  fields: Record<string, unknown> & { kind: BareQuestion['kind'] };
}

export interface DraftOptions {
  deck: string;
  /** The language of all texts; found out from each prompt when it is not given. */
  locale?: Locale | undefined;
}

/** Longer texts are no quiz question, and fit into no chat message. */
const MAX_TEXT = 2_000;
const ID = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

/** Collects checked questions and remarks. */
export function createDraft({ deck, locale }: DraftOptions) {
  const draft: Draft = { questions: [], remarks: [] };
  const taken = new Set<string>();
  const remark = (where: Localized, what: Localized) => void draft.remarks.push({ where, what, lost: false });
  const drop = (where: Localized, reason: Localized) => void draft.remarks.push(leftOut(where, reason));
  return {
    draft,
    remark,
    drop,
    add(where: Localized, raw: RawQuestion): void {
      const missing = missingPart(raw);
      if (missing) {
        drop(where, missing);
        return;
      }
      const { id, prompt, explanation, fields } = withoutPictures(raw, () =>
        remark(where, { en: 'a picture in the feedback is left out', zh: '反馈里的图片未导入' }),
      );
      if (draft.questions.length >= MAX_DECK_QUESTIONS)
        throw new DeckError({
          en: `more than ${MAX_DECK_QUESTIONS} questions. Split the file.`,
          zh: `超过 ${MAX_DECK_QUESTIONS} 题。请把文件拆开。`,
        });
      const language = locale ?? detectLocale(prompt) ?? 'en';
      const say = (text: string) => ({ [language]: text });
      const made = { ...inLanguage(fields, say), id: freeId(taken, deck, id, prompt), prompt: say(prompt), explanation: say(explanation) };
      const checked = questionSchema.safeParse(made);
      const issue = checked.success ? answerFaults(checked.data).map(named)[0] : reason(checked.error.issues[0]);
      const long = JSON.stringify(fields).length + prompt.length + explanation.length > 5 * MAX_TEXT || prompt.length > MAX_TEXT;
      if (checked.success && !issue && !long) {
        taken.add(made.id);
        draft.questions.push(checked.data);
      } else drop(where, issue ?? { en: `the text is longer than ${MAX_TEXT} characters`, zh: `文字超过 ${MAX_TEXT} 个字符` });
    },
  };
}

export type DraftBuilder = ReturnType<typeof createDraft>;

/** Why nobody can answer it as it was read. */
function missingPart({ prompt, fields }: RawQuestion): Localized | undefined {
  if (prompt.includes(PICTURE))
    return { en: 'it asks about a picture or a recording, which a deck cannot hold', zh: '题目问的是图片或录音，题库里放不了' };
  if (prompt.trim() === '') return { en: 'the question has no text', zh: '题目没有文字' };
  const { accept, choices } = fields as { accept?: Record<string, string[]>; choices?: { text: string }[] };
  if (choices?.some(({ text }) => text.includes(PICTURE))) return { en: 'its choices are pictures', zh: '选项是图片' };
  if (choices?.some(({ text }) => text.trim() === '')) return { en: 'one of its choices has no text', zh: '有一个选项没有文字' };
  if (
    accept &&
    Object.values(accept)
      .flat()
      .some((text) => text.includes(PICTURE))
  )
    return { en: 'its answer is a picture or a recording', zh: '答案是图片或录音' };
  if (accept && Object.values(accept).flat().length === 0) return { en: 'it has no answer', zh: '没有答案' };
  return undefined;
}

/** Feedback says enough without its pictures. */
function withoutPictures(raw: RawQuestion, report: () => void): RawQuestion {
  const text = JSON.stringify(raw);
  if (!text.includes(PICTURE)) return raw;
  report();
  const { explanation, ...rest } = JSON.parse(text.replaceAll(PICTURE, '')) as RawQuestion;
  return { ...rest, explanation: explanation.trim() || '—' };
}

/** Plain strings in the places where a question has wording become texts in one language. */
function inLanguage(fields: RawQuestion['fields'], say: (text: string) => Record<string, string>): Record<string, unknown> {
  const worded = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(worded);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        (key === 'text' || key === 'why') && typeof inner === 'string' ? say(inner) : worded(inner),
      ]),
    );
  };
  const made = worded(fields) as Record<string, unknown>;
  if (Array.isArray(made.items)) made.items = made.items.map((item) => (typeof item === 'string' ? say(item) : item));
  return made;
}

/** The file's own id where it can be one of ours, else one that stays the same as long as the prompt does. */
function freeId(taken: ReadonlySet<string>, deck: string, own: string | null | undefined, prompt: string): string {
  const slug = (own ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const wanted = slug.includes('.') ? slug : `${deck}.${slug}`;
  if (slug !== '' && ID.test(wanted) && wanted.length <= 80 && !taken.has(wanted)) return wanted;
  const hash = createHash('sha256').update(prompt.normalize('NFKC')).digest('hex');
  for (let length = 8; ; length += 8) {
    const id = `${deck}.${hash.slice(0, length)}`;
    if (!taken.has(id) || length > 56) return taken.has(id) ? `${id}-${taken.size}` : id;
  }
}

function reason(issue: { path: PropertyKey[]; message: string; code?: string; minimum?: unknown } | undefined): Localized {
  if (!issue) return { en: 'it is no question', zh: '不是题目' };
  const [field] = issue.path;
  if (field === 'choices' && issue.path.length === 1 && issue.code === 'too_small')
    return { en: `it has fewer than ${issue.minimum} choices`, zh: `选项少于 ${issue.minimum} 个` };
  if (field === 'answer' || field === 'tolerance') return { en: 'its number cannot be read', zh: '数字读不出来' };
  return named(`${issue.path.map(String).join('.') || 'question'}: ${issue.message}`);
}

/** Accepted spellings by the language they are written in. */
export function byScript(terms: readonly string[]): { en: string[]; zh: string[] } {
  const unique = [...new Set(terms)];
  return { en: unique.filter((term) => detectLocale(term) !== 'zh'), zh: unique.filter((term) => detectLocale(term) === 'zh') };
}
