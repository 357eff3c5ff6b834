import damerauLevenshtein from 'damerau-levenshtein';
import type { Choice } from '../core/command.ts';
import { UserError } from '../core/errors.ts';
import { type Locale, localize } from '../core/locale.ts';
import { textOf } from './content.ts';
import type { NotesView } from './service.ts';

/** Topics and decks: what questions can be about. */

/** @throws UserError `unknown-topic` when no topic and no deck is meant. */
export function questionTopic(notes: NotesView, typed: string, locale: Locale): string {
  const { topics, decks } = notes.content();
  const id = typed.trim().toLowerCase();
  const titled = [...decks.values()].find(({ title }) => [title.en, title.zh].some((name) => name?.toLowerCase() === id));
  // Part of a name is enough; a word that only some note holds names no topic, however near the note is.
  const partly = () =>
    suggestQuestionTopics(notes, typed, locale).find(({ value, label }) => [value, label.toLowerCase()].some((name) => name.includes(id)));
  const found = topics.has(id) || decks.has(id) ? id : (titled && (titled.topic ?? titled.id)) || notes.named(typed)?.id || partly()?.value;
  if (!found) throw unknownTopic(notes, typed, locale);
  return found;
}

/** The error for a topic that does not exist, with those that come nearest. */
export function unknownTopic(notes: NotesView, typed: string, locale: Locale): UserError {
  const near = nearTopics(notes, typed, locale).map(({ label }) => label);
  return new UserError('unknown-topic', { topic: typed.slice(0, 40), near: near.join(locale === 'zh' ? '、' : ', ') || '/topics' });
}

const OFFERED = 3;

/** Topics and decks whose names are most like what was typed, for somebody who missed them all. */
export function nearTopics(notes: NotesView, typed: string, locale: Locale): Choice[] {
  const { topics, decks } = notes.content();
  const wanted = typed.trim().toLowerCase().slice(0, 64);
  const far = (name: string) => damerauLevenshtein(wanted, name.toLowerCase().slice(0, 64)).relative;
  const withQuestions = new Set([...notes.content().questions.values()].map(({ topic }) => topic));
  return [...topics.keys(), ...[...decks.values()].flatMap(({ id, topic }) => (topic ? [] : [id]))]
    .filter((id) => withQuestions.has(id))
    .map((value) => {
      const label = titleOf(notes, value, locale);
      return { value, label, far: Math.min(...[value, label, ...value.split('-')].map(far)) };
    })
    .sort((a, b) => a.far - b.far)
    .slice(0, OFFERED)
    .map(({ value, label }) => ({ value, label }));
}

/** For autocomplete: topics in any spelling, then decks whose name holds what is typed. */
export function suggestQuestionTopics(notes: NotesView, typed: string, locale: Locale): Choice[] {
  const wanted = typed.trim().toLowerCase();
  const decks = [...notes.content().decks.values()]
    // The questions of a deck with a topic belong to that topic.
    .filter(({ id, title, topic }) => !topic && [id, title.en, title.zh ?? ''].some((name) => name.toLowerCase().includes(wanted)))
    .map(({ id, title }) => ({ value: id, label: localize(title, locale) }));
  return [...notes.suggest(typed, locale), ...decks].slice(0, 25);
}

/** The title of a topic or deck; its id when it is gone. */
export function titleOf(notes: NotesView, id: string, locale: Locale): string {
  const topic = notes.topic(id);
  if (topic) return textOf(topic, locale).title;
  const deck = notes.content().decks.get(id);
  return deck ? localize(deck.title, locale) : id;
}
