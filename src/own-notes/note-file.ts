import { stringify } from 'yaml';

/** Where a space's own notes are listed. */
export const AREAS = { note: 'ours', answer: 'answers' } as const;

export interface NoteParts {
  title: string;
  aliases?: readonly string[];
  /** Questions that the note answers, as people ask them. */
  questions?: readonly string[];
  /** Topics that tell more. */
  related?: readonly string[];
  sources?: readonly { id: string; title: string; url: string; supports: string }[];
  /** Markdown below the front matter. */
  body: string;
  kind?: keyof typeof AREAS;
}

/** A note as the files of content/ are: front matter and sections. */
export function noteFile({ title, aliases = [], questions = [], related = [], sources = [], body, kind = 'note' }: NoteParts): string {
  const front = {
    title,
    area: AREAS[kind],
    ...(aliases.length > 0 && { aliases }),
    ...(questions.length > 0 && { questions }),
    ...(related.length > 0 && { related }),
    ...(sources.length > 0 && { sources }),
  };
  return `---\n${stringify(front, { lineWidth: 0 })}---\n\n${body.trim()}\n`;
}
