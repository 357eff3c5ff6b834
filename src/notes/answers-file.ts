import { z } from 'zod';
import { MAX_CONTENT_ID, shortId } from '../core/ids.ts';
import { LOCALES, type Locale } from '../core/locale.ts';
import type { AnsweredQuestion, Problem } from './content.ts';
import { openYaml } from './front-matter.ts';

/** Longer ones are a section, not an answer, and fill more than a phone's screen. */
export const MAX_ANSWER = 1_200;
export const MAX_CODE_LINES = 12;
/** A phrasing is typed into a chat; a longer one is a paragraph. It also becomes a heading and a button. */
const MAX_PHRASING = 200;

const phrasing = z.string().trim().min(1).max(MAX_PHRASING, `a phrasing has at most ${MAX_PHRASING} characters`);
const reference = z.string().trim().min(1);
const perLocale = <T extends z.ZodType>(schema: T) =>
  z.strictObject(Object.fromEntries(LOCALES.map((locale) => [locale, schema.optional()])) as Record<Locale, z.ZodOptional<T>>);

const answered = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]+\.[a-z0-9]+(?:-[a-z0-9]+)*$/, 'ids are <topic>.<name>, in lower-case words joined by hyphens')
      .refine((id) => id.length - id.indexOf('.') <= MAX_CONTENT_ID, `the name after the point has less than ${MAX_CONTENT_ID} characters`),
    ask: perLocale(z.array(phrasing).min(1, 'at least one phrasing')),
    answer: perLocale(
      z.string().trim().min(1).max(MAX_ANSWER, `an answer has at most ${MAX_ANSWER} characters; the rest belongs into the section`),
    ),
    code: z
      .string()
      .refine((text) => text.trimEnd().split('\n').length <= MAX_CODE_LINES, `code has at most ${MAX_CODE_LINES} lines`)
      .optional(),
    section: reference.transform(shortId).optional(),
    sources: z.array(reference).default([]),
    claim: reference.optional(),
  })
  .superRefine(({ ask, answer }, ctx) => {
    const written = LOCALES.filter((locale) => answer[locale] !== undefined);
    if (written.length === 0) ctx.addIssue({ code: 'custom', path: ['answer'], message: 'an answer in at least one language' });
    for (const locale of LOCALES) {
      if (answer[locale] !== undefined && ask[locale] === undefined)
        ctx.addIssue({ code: 'custom', path: ['ask'], message: `no phrasing in ${locale}, though there is an answer in it` });
      if (ask[locale] !== undefined && answer[locale] === undefined)
        ctx.addIssue({ code: 'custom', path: ['answer'], message: `no answer in ${locale}, though there are phrasings in it` });
    }
  });

/**
 * Reads a topic's `answers.yaml`: a list of answered questions, each checked by itself, so that one mistake does not
 * take the others away. Never throws; what is wrong becomes a problem with file and line. Format: docs/authoring.md.
 */
export function readAnswers({ file, text }: { file: string; text: string }, topic: string, problems: Problem[]): AnsweredQuestion[] {
  const yaml = openYaml(text);
  const { value: list, problems: faults } = yaml.check(z.array(z.unknown()).nullable());
  const found = [...yaml.problems, ...faults];
  const seen = new Set<string>();
  const answers = (list ?? []).flatMap((_, index): AnsweredQuestion[] => {
    const one = yaml.check(answered, [index]);
    found.push(...one.problems);
    if (!one.value) return [];
    const { id } = one.value;
    const fault = !id.startsWith(`${topic}.`) ? `${id}: the id begins with ${topic}.` : seen.has(id) ? `${id} is used twice` : undefined;
    if (fault) {
      found.push({ line: yaml.lineAt([index, 'id']), message: fault });
      return [];
    }
    seen.add(id);
    return [one.value as AnsweredQuestion];
  });
  problems.push(...found.map((problem) => ({ severity: 'error' as const, file, ...problem })));
  return answers;
}
