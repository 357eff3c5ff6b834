import { UserError } from '../core/errors.ts';
import type { Locale, Localized } from '../core/locale.ts';
import { atLine } from '../learn/decks/draft.ts';
import { squeeze } from '../notes/analyse.ts';
import type { Content } from '../notes/content.ts';
import { countParts } from '../notes/import/counts.ts';
import { noteText } from '../notes/import/plan.ts';
import { propose } from '../notes/import/propose.ts';
import { readRawNotes } from '../notes/import/raw.ts';
import { textLanguage } from '../notes/text-language.ts';
import { freeId } from './create.ts';
import { AREAS } from './note-file.ts';
import { readExported } from './note-text.ts';
import type { NoteDraft, NoteEntry } from './service.ts';

/** More headings than this are several files. */
export const MAX_TOPICS = 200;
/** More links than this are no sources. */
export const MAX_LINKS = 200;

/** What a file would become, and what of it would not. */
export interface ReadFile {
  drafts: NoteDraft[];
  /** What could not be read or is shown otherwise, and where it stands in the file. */
  remarks: { where: Localized; text: Localized; lost: boolean }[];
  /** Lines that are nowhere in the drafts. */
  leftOut: number;
  /** How much was read: words of notes, or questions of a deck. */
  size: { of: 'words' | 'questions'; count: number };
}

export interface ReadFileOptions {
  /** File name: names text before the first heading. */
  name: string;
  lang?: Locale | undefined;
  /** What the space reads now. */
  content: Content;
  /** What the space has already. */
  own: readonly NoteEntry[];
}

/**
 * Turns a file into drafts: exported notes as they are, anything else with the importer.
 * @throws UserError `upload-no-heading`, `upload-too-many`, `upload-links`, `note-front-matter`
 */
export function readFileNotes(source: string, { name, lang = textLanguage(source), content, own }: ReadFileOptions): ReadFile {
  const exported = readExported(source);
  if (exported) {
    if (exported.length > MAX_TOPICS) throw new UserError('upload-too-many', { count: exported.length, limit: MAX_TOPICS });
    return { drafts: exported, remarks: [], leftOut: 0, size: { of: 'words', count: countParts(source).words } };
  }
  // Thousands of headings would take longer to read than anybody waits.
  const headings = source.match(/^(?:#{1,6}[ \t]|=+[ \t]*$)/gm)?.length ?? 0;
  if (headings > 10 * MAX_TOPICS) throw new UserError('upload-too-many', { count: headings, limit: MAX_TOPICS });
  const links = source.match(/https?:\/\//g)?.length ?? 0;
  if (links > MAX_LINKS * 5) throw new UserError('upload-links', { count: links, limit: MAX_LINKS });
  const raw = readRawNotes(source, name.replace(/\.\w{1,8}$/, ''));
  if (raw.topics.length === 0) throw new UserError('upload-no-heading', { name: name.slice(0, 60) });
  if (raw.topics.length > MAX_TOPICS) throw new UserError('upload-too-many', { count: raw.topics.length, limit: MAX_TOPICS });
  const most = Math.max(...raw.topics.map((topic) => topic.links.length));
  if (most > MAX_LINKS) throw new UserError('upload-links', { count: most, limit: MAX_LINKS });
  const taken = new Set(own.map(({ topic }) => topic));
  const drafts = raw.topics.map((topic): NoteDraft => {
    const proposal = propose(topic.heading);
    const same = own.find(({ kind, locale, title }) => kind === 'note' && locale === lang && squeeze(title) === squeeze(proposal.title));
    const id = topic.id ?? same?.topic ?? freeId(proposal.id, content, taken);
    taken.add(id);
    return { topic: id, kind: 'note', locale: lang, title: proposal.title, text: noteText(topic, proposal, lang, AREAS.note) };
  });
  return {
    drafts,
    remarks: raw.remarks.map(({ line, ...remark }) => ({ where: atLine(line), ...remark })),
    leftOut: raw.fates.filter(({ kind }) => kind === 'empty').length,
    size: { of: 'words', count: countParts(raw.source).words },
  };
}
