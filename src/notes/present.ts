import type { Translate } from '../core/i18n.ts';
import { actionId } from '../core/ids.ts';
import { LOCALES, type Locale, localize } from '../core/locale.ts';
import type { Block, Button } from '../core/reply.ts';
import type { AnswerResult, SourceLink } from '../core/result.ts';
import { type Claim, type Section, type Topic, textOf } from './content.ts';
import type { Hit, Notes } from './service.ts';

/** Buttons in a row on the narrowest platform. */
const ROW = 5;
const SHOWN_BY_DEFAULT = ['idea', 'intuition', 'wrong'];

export interface PresentContext {
  notes: Notes;
  locale: Locale;
  t: Translate;
}

/** The answer in the topic's language: a topic may exist in one language only. */
export function languageOf(topic: Topic, locale: Locale): Locale {
  return topic.texts[locale] ? locale : (LOCALES.find((other) => topic.texts[other]) ?? locale);
}

/**
 * A note as a chat-sized answer: the idea, the section that was asked for (else the intuition), what is often
 * said wrongly, what is measured here, sources; the other sections, demos and topics as buttons.
 */
export function explainBlocks({ notes, locale, t }: PresentContext, topic: Topic, asked: string): Block[] {
  const { title, sections } = textOf(topic, locale);
  const wanted = asked === 'idea' ? SHOWN_BY_DEFAULT : ['idea', asked];
  const shown = sections.filter(({ id }) => wanted.includes(id));
  const used = citedIn(shown);
  const blocks: Block[] = [{ type: 'heading', text: title }];
  for (const section of shown) {
    const body = numberCitations(section.body, topic, used);
    blocks.push({
      type: 'markdown',
      text: section.id === 'idea' ? body : `**${section.heading}**\n\n${body}`,
    });
  }
  if (asked === 'idea' && topic.claims.length > 0) blocks.push(...claimBlocks(topic, locale, t));
  blocks.push(...sourceBlocks(topic, used, locale, t));
  const more = sections.filter(({ id }) => !wanted.includes(id));
  blocks.push(...buttonRows(more.map(({ id, heading }) => ({ id: actionId('explain', 'section', topic.id, id), label: heading }))));
  // The experiments stand beside what they measure already; a button's id may stand in a message once.
  const offered = new Set(blocks.flatMap((block) => (block.type === 'buttons' ? block.items.map(({ id }) => id) : [])));
  blocks.push(...buttonRows(actions(topic, locale, t).filter(({ id }) => !offered.has(id))));
  const related = topic.related.flatMap((id) => notes.topic(id) ?? []).slice(0, ROW);
  blocks.push(...buttonRows(related.map((other) => topicButton(other, locale))));
  return blocks;
}

/** One passage, quoted with its heading and sources. */
export function passageBlocks({ locale, t }: PresentContext, { topic, section }: Hit): Block[] {
  const used = citedIn([section]);
  const { title } = textOf(topic, locale);
  return [
    { type: 'heading', text: section.id === 'idea' ? title : `${title} · ${section.heading}` },
    { type: 'markdown', text: numberCitations(section.body, topic, used) },
    ...sourceBlocks(topic, used, locale, t),
    ...buttonRows([
      { id: actionId('explain', 'topic', topic.id), label: t('notes.whole-note'), style: 'primary' },
      ...actions(topic, locale, t),
    ]),
  ];
}

export function topicButton(topic: Topic, locale: Locale): Button {
  return { id: actionId('explain', 'topic', topic.id), label: textOf(topic, locale).title };
}

/** The machine-readable answer. */
export function answerResult(hit: Hit, alternatives: readonly Hit[], locale: Locale): AnswerResult {
  const { topic, section, score } = hit;
  const lang = languageOf(topic, locale);
  return {
    kind: 'answer',
    topic: topic.id,
    answered: true,
    score,
    lang,
    passage: { heading: section.heading, section: section.id, text: section.body },
    sources: sourceLinks(topic, lang),
    alternatives: alternatives.map((other) => ({ topic: other.topic.id, score: other.score })),
  };
}

/** The result of a question that the notes do not answer. */
export function noAnswer(alternatives: readonly Hit[], locale: Locale): AnswerResult {
  const others = alternatives.map(({ topic, score }) => ({ topic: topic.id, score }));
  return {
    kind: 'answer',
    topic: null,
    answered: false,
    score: others[0]?.score ?? 0,
    lang: locale,
    sources: [],
    alternatives: others,
  };
}

function sourceLinks(topic: Topic, locale: Locale): SourceLink[] {
  return topic.sources.map(({ title, author, year, url, supports }) => ({
    title,
    ...(author && { author }),
    ...(year && { year }),
    url,
    supports: localize(supports, locale),
  }));
}

function actions(topic: Topic, locale: Locale, t: Translate): Button[] {
  const [claim] = topic.claims;
  const other = LOCALES.find((language) => language !== locale && topic.texts[language]);
  return [
    ...(claim
      ? [
          {
            id: actionId('demo', 'claim', topic.id, claim.id),
            label: t('notes.run-demo'),
            style: 'primary',
          } as const,
        ]
      : []),
    { id: actionId('quiz', 'topic', topic.id), label: t('notes.quiz-me') },
    ...(other ? [{ id: actionId('explain', 'language', topic.id, other), label: t(`notes.in-${other}`) }] : []),
  ];
}

function claimBlocks(topic: Topic, locale: Locale, t: Translate): Block[] {
  const lines = topic.claims.map((claim) => `- ${localize(claim.text, locale)} (${predictionOf(claim, t)})`);
  return [
    { type: 'markdown', text: `**${t('notes.measured-here')}**\n\n${lines.join('\n')}` },
    ...buttonRows(
      topic.claims.map((claim, i) => ({
        id: actionId('demo', 'claim', topic.id, claim.id),
        label: t('notes.run-claim', { number: i + 1 }),
      })),
    ),
  ];
}

/** `theory: 0.23 ± 0.01` or `expected: 1 … 20`. */
export function predictionOf(claim: Claim, t: Translate): string {
  if (claim.range) return t('notes.expected-range', { low: claim.range[0], high: claim.range[1] });
  const value = Number((claim.predicted ?? Number.NaN).toPrecision(4));
  // A formula may end in a condition (“…, κ = 25”), so no equals sign can follow it.
  return t(claim.formula ? 'notes.expected-by' : 'notes.expected', {
    value,
    tolerance: claim.tolerance ?? 0,
    formula: claim.formula ?? '',
  });
}

/** Source ids in the order in which the shown text cites them. */
function citedIn(sections: readonly Section[]): string[] {
  return [...new Set(sections.flatMap(({ body }) => [...body.matchAll(/\[@([a-z0-9-]+)\]/g)].map((match) => match[1]!)))];
}

/** `[@ioffe2015]` → `[1]` (no link, since no definition stands behind it); an unknown citation disappears, since content:check reports it. */
function numberCitations(body: string, topic: Topic, used: readonly string[]): string {
  return body.replace(/\s?\[@([a-z0-9-]+)\]/g, (_, id: string) =>
    topic.sources.some((source) => source.id === id) ? ` [${used.indexOf(id) + 1}]` : '',
  );
}

function sourceBlocks(topic: Topic, used: readonly string[], locale: Locale, t: Translate): Block[] {
  const cited = used.flatMap((id) => topic.sources.filter((source) => source.id === id));
  const rest = topic.sources.filter((source) => !cited.includes(source)).slice(0, Math.max(0, 3 - cited.length));
  const lines = [...cited, ...rest].map(({ title, author, year, url, supports }, i) => {
    const by = [author, year].filter(Boolean).join(', ');
    return `${i + 1}. [${title}](${url})${by ? ` (${by})` : ''}: ${localize(supports, locale)}`;
  });
  return lines.length > 0 ? [{ type: 'markdown', text: `**${t('notes.sources')}**\n\n${lines.join('\n')}` }] : [];
}

function buttonRows(buttons: readonly Button[]): Block[] {
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, i) => buttons.slice(i * ROW, (i + 1) * ROW));
  return rows.map((items) => ({ type: 'buttons', items: [...items] }));
}
