import { createHash } from 'node:crypto';
import type { Locale } from '../core/locale.ts';
import { MAX_ANSWER } from '../notes/answers-file.ts';
import type { AnsweredQuestion, Deck, Problem, Section, Source } from '../notes/content.ts';
import { prepare } from '../notes/prepare.ts';
import { type ReadTopic, readParts, type TextFile } from '../notes/read-topic.ts';
import { openDeck } from './own-deck.ts';
import type { Said } from './service.ts';

/** What one topic of a space is made of: the published texts, by language. */
export interface OwnTexts {
  notes: Partial<Record<Locale, { text: string; said: Said | undefined }>>;
  quiz?: string | undefined;
  deck?: string | undefined;
}

export interface ReadOwn extends ReadTopic {
  deck?: Deck | undefined;
}

/** The answer that a note gives to the questions it lists. */
const ASKED = 'asked';

/**
 * Reads a topic of a space as a topic of content/ is read; the questions that its front matter lists are answered by
 * its first section. Never throws for what the texts hold.
 */
export function readOwn(id: string, { deck, ...texts }: OwnTexts): ReadOwn {
  const read = readNote(id, texts);
  if (deck === undefined) return read;
  const opened = openDeck(id, deck);
  return {
    ...read,
    deck: opened.deck,
    questions: [...read.questions, ...opened.questions],
    problems: [...read.problems, ...opened.problems],
  };
}

function readNote(id: string, { notes, quiz }: OwnTexts): ReadTopic {
  const files: Partial<Record<Locale, TextFile>> = {};
  for (const [locale, note] of Object.entries(notes)) files[locale as Locale] = { file: `${id}/${locale}.md`, text: note.text };
  const read = readParts(id, files, { quiz: quiz === undefined ? undefined : { file: `${id}/quiz.yaml`, text: quiz } });
  // Questions may belong to a shipped topic.
  if (!read.topic || Object.keys(notes).length === 0) return { notes: {}, questions: read.questions, problems: read.problems };
  const said = Object.entries(notes).flatMap(([locale, note]) => sourceOf(note.said, locale as Locale) ?? []);
  const sources = [...read.topic.sources, ...said];
  const answers = answersOf(id, read, said);
  const topic = { ...read.topic, sources, answers };
  return { ...read, topic, prepared: prepare(topic, read.questions), problems: read.problems.filter(isTold) };
}

/** In a space's note the questions of the front matter are read. */
function isTold({ message }: Problem): boolean {
  return !message.startsWith('questions:');
}

function answersOf(id: string, { notes, topic }: Pick<ReadTopic, 'notes' | 'topic'>, said: readonly Source[]): AnsweredQuestion[] {
  const ask: AnsweredQuestion['ask'] = {};
  const answer: AnsweredQuestion['answer'] = {};
  let section: string | undefined;
  for (const [locale, { front }] of Object.entries(notes) as [Locale, NonNullable<(typeof notes)[Locale]>][]) {
    const [first, ...others] = topic?.texts[locale]?.sections ?? [];
    if (!first || !front.questions?.length) continue;
    const start = beginning(first);
    ask[locale] = front.questions;
    answer[locale] = start;
    if (others.length > 0 || start.length < first.body.length) section = first.id;
  }
  if (Object.keys(ask).length === 0) return [];
  return [{ id: `${id}.${ASKED}`, ask, answer, ...(section !== undefined && { section }), sources: said.map((source) => source.id) }];
}

/** As much of a section as an answer may hold, whole paragraphs. */
function beginning({ body }: Section): string {
  if (body.length <= MAX_ANSWER) return body;
  const paragraphs = body.split(/\n\s*\n/);
  let text = paragraphs[0]!.slice(0, MAX_ANSWER);
  for (const paragraph of paragraphs.slice(1)) {
    if (text.length + paragraph.length + 2 > MAX_ANSWER) break;
    text += `\n\n${paragraph}`;
  }
  return text;
}

const SAID: Record<Locale, string> = { en: 'Said in this group.', zh: '出自本组的讨论。' };

function sourceOf(said: Said | undefined, locale: Locale): Source | undefined {
  if (!said?.url) return undefined;
  const id = `said-${createHash('sha256').update(said.url).digest('hex').slice(0, 8)}`;
  return { id, title: said.by.name, author: said.by.name, url: said.url, supports: { en: SAID.en, [locale]: SAID[locale] } };
}
