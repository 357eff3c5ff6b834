import { LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { UserError } from '../core/errors.ts';
import { LOCALES, type Locale } from '../core/locale.ts';
import { frontMatter } from '../notes/front-matter.ts';
import { MAX_ID } from '../notes/import/propose.ts';
import { AREAS } from './note-file.ts';
import type { NoteDraft, NoteVersion } from './service.ts';

const id = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(MAX_ID);
/** What an exported note says of itself beside its front matter. */
const exported = frontMatter.extend({ id, lang: z.enum(LOCALES) });
const BEGINS = /^---\n(?=id: [a-z0-9-]+\nlang: [a-z]+\n)/gm;

/** A note as people edit it and take it away: its file, with its id and language. What this writes, `readExported` reads. */
export function toMarkdown({ topic, locale, text }: Pick<NoteVersion, 'topic' | 'locale' | 'text'>): string {
  return text.replace(/^---\n/, `---\nid: ${topic}\nlang: ${locale}\n`);
}

/**
 * Reads what `toMarkdown` wrote, one note after the other; undefined for a file of any other kind.
 * @throws UserError `note-front-matter` naming the line and what does not fit
 */
export function readExported(source: string): NoteDraft[] | undefined {
  const starts = [...source.matchAll(BEGINS)].map(({ index }) => index);
  if (starts[0] === undefined || source.slice(0, starts[0]).trim() !== '') return undefined;
  return starts.map((start, i) => readOne(source.slice(start, starts[i + 1]), source.slice(0, start).split('\n').length));
}

/** A file of a note without id and language, as in content/: both are told by who reads it. */
export function readNoteFile(source: string, key: { topic: string; locale: Locale }): NoteDraft | undefined {
  return /^---\n[\s\S]*?^title:/m.test(source) && source.startsWith('---\n')
    ? readOne(toMarkdown({ ...key, text: source }), -1)
    : undefined;
}

function readOne(source: string, firstLine: number): NoteDraft {
  const match = /^---\n([\s\S]*?)\n---[ \t]*(?:\n|$)/.exec(source);
  if (!match) throw new UserError('note-front-matter', { line: firstLine, problem: '---' });
  const lines = new LineCounter();
  const document = parseDocument(match[1]!, { lineCounter: lines });
  const fault = document.errors[0];
  if (fault)
    throw new UserError('note-front-matter', {
      line: firstLine + lines.linePos(fault.pos[0]).line,
      problem: fault.message.split('\n')[0]!,
    });
  const parsed = exported.safeParse(document.toJS({ maxAliasCount: 10 }));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const node = document.getIn(issue!.path.slice(0, 1), true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : 0;
    throw new UserError('note-front-matter', { line: firstLine + line, problem: `${issue!.path.join('.')}: ${issue!.message}` });
  }
  const body = source.slice(match[0].length).trim();
  if (body === '') throw new UserError('note-part-missing');
  const { id: topic, lang: locale, title } = parsed.data;
  const { id: _, lang: __, ...front } = document.toJS({ maxAliasCount: 10 }) as Record<string, unknown>;
  const text = `---\n${stringify(front, { lineWidth: 0 })}---\n\n${body}\n`;
  return { topic, kind: parsed.data.area === AREAS.answer ? 'answer' : 'note', locale, title, text };
}
