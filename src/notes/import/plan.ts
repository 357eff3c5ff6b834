import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Locale } from '../../core/locale.ts';
import { squeeze } from '../analyse.ts';
import { type Content, textOf } from '../content.ts';
import { MAX_FILE } from '../read-text.ts';
import { propose, slug } from './propose.ts';
import type { RawNotes, RawTopic } from './raw.ts';

/** Raw notes do not say what a link is good for; the author should. */
const SUPPORTS: Record<Locale, string> = { en: 'Listed in the raw notes.', zh: '原始笔记中列出的链接。' };

export interface PlannedFile {
  /** Place in the raw file's topics. */
  topic: number;
  id: string;
  file: string;
  text: string;
  /** What stands there now. */
  before: string | undefined;
  /** `refused`: larger than a note may be. `kept`: somebody wrote something else there; it stays unless the host says otherwise. */
  action: 'create' | 'same' | 'kept' | 'replace' | 'refused';
  /** Guessed names that another topic has already, with that topic. */
  taken: { alias: string; owner: string }[];
}

export interface PlanOptions {
  folder: string;
  lang: Locale;
  /** Replace files that differ. */
  overwrite: boolean;
}

/** One file for each heading, in order. Reads the folder, writes nothing; the same raw notes give the same plan. */
export function planImport(raw: RawNotes, content: Content, { folder, lang, overwrite }: PlanOptions): PlannedFile[] {
  const used = new Set<string>();
  // Names given to earlier headings of this file count too.
  const given = new Map<string, string>();
  return raw.topics.map((topic, index) => {
    const proposal = propose(topic.heading);
    const id = topic.id ?? freeId(proposal.id, proposal.title, content, lang, used);
    used.add(id);
    const owners = new Map([...namesOfOthers(content, id), ...given]);
    const taken = proposal.aliases.flatMap((alias) => {
      const owner = owners.get(squeeze(alias));
      return owner ? [{ alias, owner }] : [];
    });
    const aliases = proposal.aliases.filter((alias) => !taken.some((entry) => entry.alias === alias));
    for (const name of [proposal.title, ...aliases]) given.set(squeeze(name), id);
    const file = join(folder, 'topics', id, `${lang}.md`);
    const text = noteText(topic, { ...proposal, aliases }, lang, content.topics.get(id)?.area);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    const tooLarge = Buffer.byteLength(text) > MAX_FILE;
    const action = tooLarge ? 'refused' : before === undefined ? 'create' : before === text ? 'same' : overwrite ? 'replace' : 'kept';
    return { topic: index, id, file, text, before, action, taken };
  });
}

/** The proposed id, or the first of `id-2`, `id-3`, … that is free or holds this very title already. */
function freeId(id: string, title: string, content: Content, lang: Locale, used: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? id : `${id}-${n}`;
    const there = content.topics.get(candidate);
    if (!used.has(candidate) && (!there || there.texts[lang]?.title === title)) return candidate;
  }
}

function namesOfOthers(content: Content, id: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const topic of content.topics.values()) {
    if (topic.id === id) continue;
    for (const text of Object.values(topic.texts)) for (const name of [text.title, ...text.aliases]) names.set(squeeze(name), topic.id);
  }
  return names;
}

/** Topics whose names stand in a heading: the host may want to merge rather than have two. */
export function coveredBy(heading: string, id: string, content: Content, lang: Locale): string | undefined {
  const title = squeeze(propose(heading).title);
  const owner = namesOfOthers(content, id).get(title);
  return owner && textOf(content.topics.get(owner)!, lang).title;
}

/** A topic of a raw file as the file of a note. */
export function noteText(topic: RawTopic, { title, aliases }: ReturnType<typeof propose>, lang: Locale, area = 'imported'): string {
  const ids = new Set<string>();
  const sources = [...new Map(topic.links.map((link) => [link.url, link])).values()].map(({ title: name, url }) => ({
    id: sourceId(url, ids),
    title: name,
    url,
    supports: SUPPORTS[lang],
  }));
  const front = {
    title,
    area,
    ...(aliases.length > 0 && { aliases }),
    ...(sources.length > 0 && { sources }),
  };
  const used = new Set<string>();
  const sections = topic.sections
    .filter(({ heading, body }) => heading !== '' || body !== '')
    .map(({ heading, body }, i) => `## ${heading || title} {#${sectionId(heading, i, used)}}\n\n${body}`.trimEnd());
  return `---\n${stringify(front, { lineWidth: 0 })}---\n\n${sections.join('\n\n')}\n`;
}

function sectionId(heading: string, index: number, used: Set<string>): string {
  const base = heading === '' ? 'idea' : slug(heading) || `section-${index + 1}`;
  let id = base;
  for (let n = 2; used.has(id); n++) id = `${base}-${n}`;
  used.add(id);
  return id;
}

/** `zhuanlan-zhihu-com-1f3a`: readable, the same for the same address, longer where two would be alike. */
function sourceId(url: string, used: Set<string>): string {
  const host =
    new URL(url).hostname
      .replace(/^www\./, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'link';
  const hash = createHash('sha256').update(url).digest('hex');
  let length = 4;
  while (used.has(`${host}-${hash.slice(0, length)}`)) length += 4;
  const id = `${host}-${hash.slice(0, length)}`;
  used.add(id);
  return id;
}
