import { actionId } from '../core/ids.ts';
import type { Locale } from '../core/locale.ts';
import { type Block, type Button, buttonsOf, displayWidth } from '../core/reply.ts';
import type { AnswerResult } from '../core/result.ts';
import { type Topic, textOf } from './content.ts';
import { beginning, excerptOf } from './excerpt.ts';
import { answerUnit } from './prepare.ts';
import {
  answerTextOf,
  buttonRows,
  citedIn,
  claimRow,
  languageOf,
  numberCitations,
  type PresentContext,
  questionOf,
  quizButtons,
  sectionOf,
  sourceLinks,
  sourcesBlock,
  topicButton,
  unitRow,
} from './present.ts';
import type { Hit, Outcome } from './service.ts';

/** Columns that two answers in one reply take: as much as one answer at its longest. */
const ROOM = 1_200;
/** Columns that the second one gets however long the first is: its first sentence alone mostly breaks off before the point. */
const SECOND = 600;
/** Other readings below two answers. */
const FEWER = 2;
/** Other questions of the topic, offered to go on with. */
const RELATED = 2;

/** What a question came to, as blocks: the answer first, then where it is from, what is measured, and the ways on. */
export function outcomeBlocks(context: PresentContext, outcome: Outcome): Block[] {
  const { t } = context;
  switch (outcome.kind) {
    case 'answer':
    case 'likely':
      return [
        ...preface(context, outcome),
        ...told(context, outcome),
        ...otherwise(context, outcome.alternatives.slice(0, outcome.also ? FEWER : undefined)),
      ];
    case 'did-you-mean':
      return [{ type: 'note', text: t('notes.did-you-mean') }, ...readings(context, outcome.alternatives)];
    case 'none':
      return [
        { type: 'note', text: t(outcome.alternatives.length > 0 ? 'notes.not-in-notes' : 'notes.nothing-near') },
        ...buttonRows(nearTopics(outcome.alternatives).map((topic) => topicButton(topic, context.locale))),
      ];
    default:
      return outcome satisfies never;
  }
}

type Told = Extract<Outcome, { hit: Hit }>;

/** How sure it is, and that there are two. */
function preface({ t }: PresentContext, { kind, also }: Told): Block[] {
  const sure = kind === 'answer';
  if (!also) return sure ? [] : [{ type: 'note', text: t('notes.closest') }];
  const said = { unsure: 'unsure-two', 'as-near': 'closest-two', 'asked-too': sure ? 'two-questions' : 'closest-to-both' }[also.why];
  return [{ type: 'note', text: t(`notes.${said}`) }];
}

function told(context: PresentContext, { hit, also }: Told): Block[] {
  const first = hitBlocks(context, hit);
  if (!also) return first;
  // Two answers are to fit a phone's screen as one does: no further questions of the topic, and the second one's beginning.
  const short = first.filter((block, i) => block.type !== 'buttons' || i === first.findIndex(({ type }) => type === 'buttons'));
  const taken = first.reduce((sum, block) => sum + (block.type === 'markdown' ? displayWidth(block.text) : 0), 0);
  // A button's id may stand in a message once, and both may come from one section.
  const offered = new Set(short.flatMap(buttonsOf).map(({ id }) => id));
  const second = secondBlocks(context, also.hit, Math.max(SECOND, ROOM - taken));
  return [...short, ...second.filter((block) => block.type !== 'buttons' || !block.items.some(({ id }) => offered.has(id)))];
}

/** Its beginning, at least the first sentence, with the way to all of it. */
function secondBlocks(context: PresentContext, hit: Hit, room: number): Block[] {
  const { locale, t } = context;
  const { topic } = hit;
  const section = hit.kind === 'section' ? sectionOf(topic, locale, hit.section) : undefined;
  const text = hit.kind === 'answer' ? answerTextOf(hit.answer, locale) : (section?.body ?? '');
  const told = beginning(text, room);
  const isWhole = told === text && !(hit.kind === 'answer' && hit.answer.code);
  const whole: Button = {
    id: actionId('ask', 'show', topic.id, unitOf(hit)),
    label: t('notes.more-on', { heading: titleOf(hit, locale) }),
  };
  const used = citedIn([told]);
  const cited = hit.kind === 'answer' ? [...new Set([...used, ...hit.answer.sources])] : used;
  return [
    { type: 'heading', text: titleOf(hit, locale) },
    { type: 'markdown', text: numberCitations(told, topic, cited) },
    ...(cited.length > 0 ? sourcesBlock(topic, cited, locale, t) : []),
    ...buttonRows([isWhole ? sectionButton(context, topic, hit.kind === 'answer' ? hit.answer.section : undefined) : whole]),
  ];
}

function titleOf(hit: Hit, locale: Locale): string {
  if (hit.kind === 'answer') return questionOf(hit.answer, locale);
  const { title } = textOf(hit.topic, locale);
  return hit.section === 'idea' ? title : `${title} · ${sectionOf(hit.topic, locale, hit.section)?.heading ?? ''}`;
}

/** One answered question, or what a section says about the question. */
function hitBlocks(context: PresentContext, hit: Hit): Block[] {
  return hit.kind === 'answer' ? answerBlocks(context, hit) : sectionBlocks(context, hit);
}

function answerBlocks({ notes, locale, t }: PresentContext, { topic, answer }: Extract<Hit, { kind: 'answer' }>): Block[] {
  const text = answerTextOf(answer, locale);
  const used = [...new Set([...citedIn([text]), ...answer.sources])];
  const claim = topic.claims.find(({ id }) => id === answer.claim);
  const more = sectionButton({ locale, t }, topic, answer.section);
  return [
    { type: 'heading', text: questionOf(answer, locale) },
    { type: 'markdown', text: numberCitations(text, topic, used) },
    ...(answer.code ? [codeBlock(answer.code)] : []),
    ...(used.length > 0 ? sourcesBlock(topic, used, locale, t) : []),
    ...(claim ? [rows([claimRow(topic, claim, locale, t)])] : []),
    ...buttonRows([more, ...quizButtons({ notes, t }, topic)]),
    ...buttonRows(
      related(topic, answer.id, answer.section).map((other) => ({
        id: actionId('ask', 'show', topic.id, answerUnit(other.id)),
        label: questionOf(other, locale),
      })),
    ),
  ];
}

/** The way to where the note says more. */
function sectionButton({ locale, t }: Pick<PresentContext, 'locale' | 't'>, topic: Topic, id: string | undefined): Button {
  const section = id === undefined ? undefined : sectionOf(topic, locale, id);
  return section
    ? {
        id: actionId('ask', 'show', topic.id, `#${section.id}`),
        label: t('notes.more-on', { heading: section.id === 'idea' ? textOf(topic, locale).title : section.heading }),
      }
    : { id: actionId('explain', 'topic', topic.id), label: t('notes.whole-note') };
}

function codeBlock(code: string): Block {
  return { type: 'markdown', text: `\`\`\`python\n${code.trimEnd()}\n\`\`\`` };
}

function rows(items: { text: string; button: Button }[]): Block {
  return { type: 'rows', items };
}

/** The next questions of the same section, else the next ones of the topic. */
function related(topic: Topic, id: string, section: string | undefined): Topic['answers'] {
  const at = topic.answers.findIndex((answer) => answer.id === id);
  const following = [...topic.answers.slice(at + 1), ...topic.answers.slice(0, at)];
  const near = following.filter((answer) => answer.section === section);
  return [...near, ...following.filter((answer) => !near.includes(answer))].slice(0, RELATED);
}

function sectionBlocks({ notes, locale, t }: PresentContext, { topic, section: id, terms }: Extract<Hit, { kind: 'section' }>): Block[] {
  const { title } = textOf(topic, locale);
  const section = sectionOf(topic, locale, id);
  if (!section) return [];
  const { text, whole } = terms ? excerptOf(section.body, terms) : { text: section.body, whole: true };
  const used = citedIn([text]);
  const more: Button = whole
    ? { id: actionId('explain', 'topic', topic.id), label: t('notes.whole-note') }
    : { id: actionId('ask', 'show', topic.id, `#${id}`), label: t('notes.more') };
  return [
    { type: 'heading', text: id === 'idea' ? title : `${title} · ${section.heading}` },
    { type: 'markdown', text: numberCitations(text, topic, used) },
    ...(used.length > 0 ? sourcesBlock(topic, used, locale, t) : []),
    ...buttonRows([more, ...quizButtons({ notes, t }, topic)]),
  ];
}

/** “Not what I meant?”: what else may have been, a line each. */
function otherwise(context: PresentContext, alternatives: readonly Hit[]): Block[] {
  if (alternatives.length === 0) return [];
  return [{ type: 'note', text: context.t('notes.not-what-i-meant') }, ...readings(context, alternatives)];
}

function readings({ locale, t }: PresentContext, hits: readonly Hit[]): Block[] {
  const items = hits.flatMap((hit) => {
    const language = languageOf(hit.topic, locale);
    if (hit.kind === 'answer') {
      const { answer } = hit;
      return unitRow(hit.topic, answerUnit(answer.id), questionOf(answer, language), answerTextOf(answer, language), t);
    }
    const section = sectionOf(hit.topic, language, hit.section);
    return section ? unitRow(hit.topic, `#${section.id}`, titleOf(hit, language), section.body, t) : [];
  });
  return items.length > 0 ? [rows(items)] : [];
}

function nearTopics(hits: readonly Hit[]): Topic[] {
  return [...new Map(hits.map(({ topic }) => [topic.id, topic])).values()];
}

/** The machine-readable answer. */
export function answerResult(outcome: Outcome, locale: Locale): AnswerResult {
  const alternatives = outcome.alternatives.map((hit) => ({ topic: hit.topic.id, unit: unitOf(hit) }));
  // What was read out of the kept answers differs from what was just learnt in the eighth digit; more than four say nothing.
  const score = Number(outcome.probability.toFixed(4));
  const base = { kind: 'answer', outcome: outcome.kind, score, alternatives } as const;
  if (!('hit' in outcome)) return { ...base, topic: null, answered: false, lang: locale, sources: [] };
  const { hit } = outcome;
  const also = outcome.also && { topic: outcome.also.hit.topic.id, unit: unitOf(outcome.also.hit) };
  return { ...base, ...hitResult(hit, locale), ...(also && { also }), answered: true };
}

function hitResult(hit: Hit, asked: Locale): Pick<AnswerResult, 'topic' | 'unit' | 'lang' | 'asked' | 'passage' | 'sources'> {
  const { topic } = hit;
  const lang = languageOf(topic, asked);
  const id = hit.kind === 'answer' ? hit.answer.section : hit.section;
  const section = id === undefined ? undefined : sectionOf(topic, lang, id);
  const cited = hit.kind === 'answer' ? topic.sources.filter((source) => hit.answer.sources.includes(source.id)) : topic.sources;
  return {
    topic: topic.id,
    unit: unitOf(hit),
    lang,
    ...(hit.kind === 'answer' && {
      asked: { id: hit.answer.id, question: questionOf(hit.answer, lang), answer: answerTextOf(hit.answer, lang) },
    }),
    ...(section && { passage: { heading: section.heading, section: section.id, text: section.body } }),
    sources: sourceLinks(cited, lang),
  };
}

/** `?name` of an answered question, `#id` of a section. */
export function unitOf(hit: Hit): string {
  return hit.kind === 'answer' ? answerUnit(hit.answer.id) : `#${hit.section}`;
}
