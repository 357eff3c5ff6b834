import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Locale } from '../core/locale.ts';
import type { Deck, Topic } from '../notes/content.ts';
import type { Prepared } from '../notes/prepare.ts';
import type { Notes, NotesLayer, NotesView, OwnContent } from '../notes/service.ts';
import type { Question } from '../quiz/question.ts';
import { type OwnTexts, type ReadOwn, readOwn } from './read-own.ts';
import type { Space } from './service.ts';
import type { PublishedRow, Source } from './source.ts';

/** Spaces whose own index is kept; the next one to be asked takes the place of the one that was asked longest ago. */
const KEPT = 64;
/** Topics kept as read, so that one change does not read all of a space's notes again. */
const READ = 5_000;
/** Topics that are read before anybody asks, so soon after a start, in milliseconds. */
const AHEAD = 2_500;
const AFTER = 1_000;

interface Layer {
  generation: number;
  /** The shipped content that it lies over. */
  over: ReturnType<Notes['content']>;
  notes: NotesLayer;
}

/**
 * What each space sees. A space without notes of its own sees the shipped ones themselves. Whether anything changed is
 * one number, see `Source`.
 */
export function createLayers(source: Source, shipped: Notes, log: Logger) {
  const layers = new Map<string, Layer>();
  const read = new Map<string, ReadOwn>();

  const readOnce = (key: string, id: string, texts: OwnTexts): ReadOwn => {
    const known = read.get(key);
    if (known) return known;
    const topic = readOwn(id, texts);
    read.set(key, topic);
    if (read.size > READ) read.delete(read.keys().next().value!);
    return topic;
  };

  /** What each topic of a space is made of. */
  const rowsOf = (space: Space): Map<string, PublishedRow[]> => {
    const byTopic = new Map<string, PublishedRow[]>();
    for (const row of source.published(space)) byTopic.set(row.topic, [...(byTopic.get(row.topic) ?? []), row]);
    return byTopic;
  };
  const readRows = ({ platform, space }: Space, id: string, rows: readonly PublishedRow[]): ReadOwn =>
    readOnce(JSON.stringify([platform, space, rows]), id, textsOf(rows));

  const contentOf = (whose: Space): OwnContent => {
    const { platform, space } = whose;
    const topics = new Map<string, Topic>();
    const prepared = new Map<string, Prepared>();
    const questions = new Map<string, Question>();
    const decks = new Map<string, Deck>();
    for (const [id, rows] of rowsOf(whose)) {
      const one = readRows(whose, id, rows);
      if (one.problems.length > 0)
        log.warn({ platform, space, topic: id, problem: one.problems[0]!.message }, 'a note of a space has a fault');
      for (const question of one.questions) questions.set(question.id, question);
      if (one.deck) decks.set(id, one.deck);
      if (!one.topic || !one.prepared) continue;
      topics.set(id, one.topic);
      prepared.set(id, one.prepared);
    }
    return { topics, prepared, questions, decks };
  };

  const current = (space: Space): NotesView => {
    const generation = source.generation(space);
    if (generation === undefined) return shipped;
    const key = JSON.stringify([space.platform, space.space]);
    const known = layers.get(key);
    const fresh = known?.generation === generation && known.over === shipped.content() ? known : undefined;
    if (known) layers.delete(key);
    if (known && !fresh) known.notes.close();
    const layer = fresh ?? { generation, over: shipped.content(), notes: shipped.over(contentOf(space)) };
    layers.set(key, layer);
    if (layers.size > KEPT) {
      const [oldest, { notes }] = layers.entries().next().value!;
      layers.delete(oldest);
      notes.close();
    }
    return layer.notes;
  };

  let closed = false;
  /** Reads the notes of the spaces that write most, a topic at a time between other work, so that no question waits for it. */
  const readAhead = async (): Promise<void> => {
    for (const space of await source.spaces(KEPT)) {
      await source.ready(space);
      for (const [id, rows] of closed ? [] : rowsOf(space)) {
        if (closed || read.size >= AHEAD) return;
        readRows(space, id, rows);
        await setImmediate();
      }
    }
  };
  const ahead = setTimeout(
    () => void readAhead().catch((error: unknown) => closed || log.warn({ err: error }, 'notes of spaces could not be read ahead')),
    AFTER,
  ).unref();

  return {
    /** Every call reads through, so that a view that is held is never an old one. */
    of(space: Space): NotesView {
      return {
        content: () => current(space).content(),
        topic: (id) => current(space).topic(id),
        named: (text) => current(space).named(text),
        ask: (text, previous) => current(space).ask(text, previous),
        hit: (topic, unit) => current(space).hit(topic, unit),
        suggest: (typed, locale) => current(space).suggest(typed, locale),
      };
    },
    close() {
      closed = true;
      clearTimeout(ahead);
      for (const { notes } of layers.values()) notes.close();
      layers.clear();
    },
  };
}

function textsOf(rows: readonly PublishedRow[]): OwnTexts {
  const texts: OwnTexts = { notes: {} };
  for (const { kind, locale, text, said_by, said_name, said_url } of rows) {
    if (kind === 'quiz') {
      texts.quiz = text;
      continue;
    }
    if (kind === 'deck') {
      texts.deck = text;
      continue;
    }
    const said = said_name === null ? undefined : { by: { id: said_by ?? '', name: said_name }, url: said_url ?? undefined };
    texts.notes[locale as Locale] = { text, said };
  }
  return texts;
}
