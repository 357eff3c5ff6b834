import type { Translate } from '../core/i18n.ts';
import { actionId } from '../core/ids.ts';
import { LOCALES, type Locale, localize } from '../core/locale.ts';
import { type Block, type Button, buttonsOf } from '../core/reply.ts';
import type { SourceLink } from '../core/result.ts';
import { asHeading } from './as-heading.ts';
import { type AnsweredQuestion, type Claim, type Content, type Section, type Source, type Topic, textOf } from './content.ts';
import { firstSentence } from './excerpt.ts';
import { answerUnit } from './prepare.ts';
import type { NotesView } from './service.ts';

/** Buttons in a row on the narrowest platform. */
const ROW = 5;
const SHOWN_BY_DEFAULT = ['idea', 'intuition'];
const PEOPLE_ASK = 3;
/** Claims on a topic's card; the others stand behind a button. */
const CLAIMS = 2;

export interface PresentContext {
  notes: NotesView;
  locale: Locale;
  t: Translate;
}

/** The answer in the topic's language: a topic may exist in one language only. */
export function languageOf(topic: Topic, locale: Locale): Locale {
  return topic.texts[locale] ? locale : (LOCALES.find((other) => topic.texts[other]) ?? locale);
}

/** The section in one language, by id; the first one when it is missing there. */
export function sectionOf(topic: Topic, locale: Locale, id: string): Section | undefined {
  const { sections } = textOf(topic, locale);
  return sections.find((section) => section.id === id) ?? sections[0];
}

/**
 * A note as a chat-sized answer: the idea, the section that was asked for (else the intuition), what people ask,
 * what is measured here, sources; the other sections, demos and topics as buttons.
 * @param claims `all`: every claim, not only the first ones
 */
export function explainBlocks(
  { notes, locale, t }: PresentContext,
  topic: Topic,
  asked: string,
  claims: 'first' | 'all' = 'first',
): Block[] {
  const { title, sections } = textOf(topic, locale);
  const wanted = asked === 'idea' ? SHOWN_BY_DEFAULT : ['idea', asked];
  const shown = claims === 'all' ? [] : sections.filter(({ id }) => wanted.includes(id));
  const used = citedIn(shown.map(({ body }) => body));
  const needed = topic.needs.flatMap((id) => notes.topic(id) ?? []);
  const blocks: Block[] = [{ type: 'heading', text: title }];
  if (needed.length > 0) {
    const titles = needed.map((other) => textOf(other, locale).title).join(t('quiz.comma'));
    blocks.push({ type: 'note', text: t('notes.first-read', { titles }) });
  }
  for (const section of shown) {
    const body = numberCitations(section.body, topic, used);
    blocks.push({ type: 'markdown', text: section.id === 'idea' ? body : `**${section.heading}**\n\n${body}` });
  }
  if (asked === 'idea') {
    if (claims === 'first') blocks.push(...peopleAsk(topic, locale, t));
    blocks.push(...claimBlocks(topic, locale, t, claims));
  }
  blocks.push(...sourcesBlock(topic, used, locale, t));
  const more = sections.filter(({ id }) => !shown.some((section) => section.id === id));
  blocks.push(...buttonRows(more.map(({ id, heading }) => ({ id: actionId('explain', 'section', topic.id, id), label: heading }))));
  // The experiments stand beside what they measure already; a button's id may stand in a message once.
  const offered = new Set(blocks.flatMap(buttonsOf).map(({ id }) => id));
  blocks.push(...buttonRows(actions({ notes, locale, t }, topic).filter(({ id }) => !offered.has(id))));
  const related = new Set([...needed, ...topic.related.flatMap((id) => notes.topic(id) ?? [])]);
  blocks.push(...buttonRows([...related].slice(0, ROW).map((other) => topicButton(other, locale))));
  return blocks;
}

/** One whole section, with its heading and sources. */
export function passageBlocks({ notes, locale, t }: PresentContext, topic: Topic, section: Section): Block[] {
  const used = citedIn([section.body]);
  const { title } = textOf(topic, locale);
  return [
    { type: 'heading', text: section.id === 'idea' ? title : `${title} · ${section.heading}` },
    { type: 'markdown', text: numberCitations(section.body, topic, used) },
    ...sourcesBlock(topic, used, locale, t),
    ...buttonRows([{ id: actionId('explain', 'topic', topic.id), label: t('notes.whole-note') }, ...actions({ notes, locale, t }, topic)]),
  ];
}

export function topicButton(topic: Topic, locale: Locale): Button {
  return { id: actionId('explain', 'topic', topic.id), label: textOf(topic, locale).title };
}

/** What stands above an answer: the phrasing that names the thing. */
export function questionOf(answer: AnsweredQuestion, locale: Locale): string {
  return asHeading(answer.ask[locale]?.[0] ?? Object.values(answer.ask)[0]?.[0] ?? answer.id);
}

export function answerTextOf(answer: AnsweredQuestion, locale: Locale): string {
  return answer.answer[locale] ?? Object.values(answer.answer)[0] ?? '';
}

/** A line about something that can be shown, with the button that shows it. */
export function unitRow(topic: Topic, unit: string, title: string, text: string, t: Translate): { text: string; button: Button } {
  return {
    text: `**${title}** ${withoutCitations(firstSentence(text))}`,
    button: { id: actionId('ask', 'show', topic.id, unit), label: t('notes.open') },
  };
}

function peopleAsk(topic: Topic, locale: Locale, t: Translate): Block[] {
  const items = topic.answers.slice(0, PEOPLE_ASK).map((answer) => ({
    text: questionOf(answer, locale),
    button: { id: actionId('ask', 'show', topic.id, answerUnit(answer.id)), label: t('notes.open') },
  }));
  return items.length > 0
    ? [
        { type: 'markdown', text: `**${t('notes.people-ask')}**` },
        { type: 'rows', items },
      ]
    : [];
}

function claimBlocks(topic: Topic, locale: Locale, t: Translate, which: 'first' | 'all'): Block[] {
  if (topic.claims.length === 0) return [];
  const shown = which === 'all' ? topic.claims : topic.claims.slice(0, CLAIMS);
  const rest = topic.claims.length - shown.length;
  return [
    { type: 'markdown', text: `**${t('notes.measured-here')}**` },
    { type: 'rows', items: shown.map((claim) => claimRow(topic, claim, locale, t)) },
    ...buttonRows(rest > 0 ? [{ id: actionId('explain', 'claims', topic.id), label: t('notes.more-claims', { count: rest }) }] : []),
  ];
}

/** A claim with what theory says, and the button that runs it. */
export function claimRow(topic: Topic, claim: Claim, locale: Locale, t: Translate): { text: string; button: Button } {
  return {
    text: t('marks.aside', { text: localize(claim.text, locale), aside: predictionOf(claim, locale, t) }),
    button: { id: actionId('demo', 'claim', topic.id, claim.id), label: t('notes.run-claim') },
  };
}

/** `theory: 0.23 ± 0.01` or `expected: 1 … 20`. */
export function predictionOf(claim: Claim, locale: Locale, t: Translate): string {
  if (claim.range) return t('notes.expected-range', { low: claim.range[0], high: claim.range[1] });
  const value = Number((claim.predicted ?? Number.NaN).toPrecision(4));
  // A formula may end in a condition (“…, κ = 25”), so no equals sign can follow it.
  return t(claim.formula ? 'notes.expected-by' : 'notes.expected', {
    value,
    tolerance: claim.tolerance ?? 0,
    formula: claim.formula ? localize(claim.formula, locale) : '',
  });
}

/** What can be done next with a topic: its first experiment, a quiz, the other language. */
export function actions({ notes, locale, t }: PresentContext, topic: Topic): Button[] {
  const [claim] = topic.claims;
  const other = LOCALES.find((language) => language !== locale && topic.texts[language]);
  return [
    ...(claim ? [{ id: actionId('demo', 'claim', topic.id, claim.id), label: t('notes.run-demo') }] : []),
    ...quizButtons({ notes, t }, topic),
    ...(other ? [{ id: actionId('explain', 'language', topic.id, other), label: t(`notes.in-${other}`) }] : []),
  ];
}

/** Topics that are asked about, by version of the content. */
const asked = new WeakMap<Content, ReadonlySet<string>>();

/** The way to a topic's quiz, where it has questions: a note that a group wrote itself may have none. */
export function quizButtons({ notes, t }: Pick<PresentContext, 'notes' | 't'>, topic: Topic): Button[] {
  const content = notes.content();
  const topics = asked.get(content) ?? new Set([...content.questions.values()].map((question) => question.topic));
  asked.set(content, topics);
  return topics.has(topic.id) ? [{ id: actionId('quiz', 'me', topic.id), label: t('notes.quiz-me') }] : [];
}

/** Source ids in the order in which texts cite them. */
export function citedIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\[@([a-z0-9-]+)\]/g)].map((match) => match[1]!)))];
}

/** `[@ioffe2015]` → `[1]` (no link, since no definition stands behind it); an unknown citation disappears, since content:check reports it. */
export function numberCitations(body: string, topic: Topic, used: readonly string[]): string {
  return body.replace(/\s?\[@([a-z0-9-]+)\]/g, (_, id: string) =>
    topic.sources.some((source) => source.id === id) ? ` [${used.indexOf(id) + 1}]` : '',
  );
}

function withoutCitations(text: string): string {
  return text.replace(/\s?\[@[a-z0-9-]+\]/g, '');
}

/** The sources that are cited; the topic's first ones where none is. */
export function sourcesBlock(topic: Topic, used: readonly string[], locale: Locale, t: Translate): Block[] {
  const cited = used.flatMap((id) => topic.sources.filter((source) => source.id === id));
  const shown = cited.length > 0 ? cited : topic.sources.slice(0, 1);
  return shown.length > 0 ? [{ type: 'sources', label: t('notes.sources'), items: sourceLinks(shown, locale) }] : [];
}

export function sourceLinks(sources: readonly Source[], locale: Locale): SourceLink[] {
  return sources.map(({ title, author, year, url, supports }) => ({
    title,
    ...(author && { author }),
    ...(year && { year }),
    url,
    supports: localize(supports, locale),
  }));
}

export function buttonRows(buttons: readonly Button[]): Block[] {
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, i) => buttons.slice(i * ROW, (i + 1) * ROW));
  return rows.map((items) => ({ type: 'buttons', items: [...items] }));
}
