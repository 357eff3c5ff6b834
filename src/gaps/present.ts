import { escapeMarkdown } from '../core/escape-markdown.ts';
import type { Translate } from '../core/i18n.ts';
import { actionId, MAX_BUTTON_ID } from '../core/ids.ts';
import { type Block, type Button, type Form, type Reply, say } from '../core/reply.ts';
import { MAX_ANSWER_TEXT } from '../own-notes/create.ts';
import type { Collision, Digest, Family, FamilyDetail, FamilyPage, Review, Shown } from './service.ts';

/** Shown of what an answer would collide with; all are counted. */
const COLLISIONS_TOLD = 5;
const WAYS = 1_000;
/** So many ways of asking are tried for each answer that is written here. */
const WAYS_WANTED = 5;
const ITEM = 1_000;
const MISSING = 500;

/** 👍 and 👎 below an answer; nothing where the ids are too long for a button. */
export function feedbackButtons({ topic, unit }: Shown, t: Translate): Block[] {
  const items = (['up', 'down'] as const).map((way): Button => ({ id: `1~gaps~${way}~${topic}~${unit}`, label: t(`gaps.${way}`) }));
  return items.every(({ id }) => id.length <= MAX_BUTTON_ID) ? [{ type: 'buttons', items }] : [];
}

export function reviewedNote({ by, at }: Review, t: Translate): Block {
  return { type: 'note', text: t('gaps.reviewed', { name: by, day: day(at) }) };
}

export function missingForm(t: Translate): Form {
  return {
    title: t('gaps.missing-title'),
    label: t('gaps.missing-label'),
    placeholder: t('gaps.missing-example'),
    maxLength: MISSING,
    lines: true,
  };
}

export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function line({ question, count, newest }: Family): string {
  return `**${escapeMarkdown(question)}** · ×${count} · ${day(newest)}`;
}

/** What was asked and not answered, a page of it. */
export function pageBlocks({ families, page, pages, total, questions }: FamilyPage, order: 'asked' | 'newest', t: Translate): Block[] {
  if (total === 0) return [{ type: 'note', text: t('gaps.none') }];
  const turn = (to: number, label: string): Button => ({
    id: actionId('gaps', 'page', to, order),
    label: t(label),
    disabled: to < 0 || to >= pages,
  });
  const other = order === 'asked' ? 'newest' : 'asked';
  return [
    { type: 'heading', text: t('gaps.title') },
    { type: 'note', text: t(`gaps.order-${order}`, { total, questions, page: page + 1, pages }) },
    {
      type: 'rows',
      items: families.map((family) => ({ text: line(family), button: { id: actionId('gaps', 'open', family.id), label: t('gaps.open') } })),
    },
    {
      type: 'buttons',
      items: [
        ...(pages > 1 ? [turn(page - 1, 'gaps.earlier'), turn(page + 1, 'gaps.later')] : []),
        { id: actionId('gaps', 'page', 0, other), label: t(`gaps.by-${other}`) },
      ],
    },
  ];
}

/** One question in all its wordings, and what can be done. */
export function familyBlocks({ id, question, count, newest, wordings, missing }: FamilyDetail, t: Translate): Block[] {
  const list = (texts: readonly string[]) => texts.map((text) => `- ${escapeMarkdown(text)}`).join('\n');
  return [
    { type: 'heading', text: question },
    { type: 'note', text: t('gaps.asked-times', { count, day: day(newest), number: id }) },
    ...(wordings.length > 1 ? [{ type: 'markdown', text: `**${t('gaps.wordings')}**\n\n${list(wordings)}` } as const] : []),
    ...(missing.length > 0 ? [{ type: 'markdown', text: `**${t('gaps.missing')}**\n\n${list(missing)}` } as const] : []),
    {
      type: 'buttons',
      items: [
        { id: actionId('gaps', 'write', id), label: t('gaps.write'), style: 'primary', form: answerForm(question, t) },
        { id: actionId('gaps', 'dismiss', id), label: t('gaps.dismiss') },
        { id: actionId('gaps', 'page', 0, 'asked'), label: t('gaps.back') },
      ],
    },
  ];
}

function answerForm(question: string, t: Translate): Form {
  return { title: t('gaps.write'), label: question, placeholder: t('gaps.write-example'), maxLength: MAX_ANSWER_TEXT, lines: true };
}

export interface Written {
  topic: string;
  question: string;
  /** Ways of asking that find it, and that do not. */
  found: readonly string[];
  lost: readonly string[];
  collisions: readonly Collision[];
  checked: number;
  /** Other open questions that are answered by it too. */
  others: number;
}

/** What came of an answer that was written. */
export function writtenBlocks({ topic, question, found, lost, collisions, checked, others }: Written, t: Translate): Block[] {
  const list = (texts: readonly string[]) => texts.map((text) => `- ${text}`).join('\n');
  const ways = found.length + lost.length;
  const collided = collisions
    .slice(0, COLLISIONS_TOLD)
    .map(({ question: asked, before }) => t('gaps.collision', { question: escapeMarkdown(asked), before: escapeMarkdown(before) }));
  return [
    { type: 'heading', text: question },
    { type: 'note', text: t('gaps.published', { found: found.length, ways }) },
    ...(ways < WAYS_WANTED
      ? [{ type: 'note', text: t('gaps.more-ways', { more: WAYS_WANTED - ways, wanted: WAYS_WANTED }) } as const]
      : []),
    ...(lost.length > 0 ? [{ type: 'markdown', text: `**${t('gaps.lost')}**\n\n${list(lost.map(escapeMarkdown))}` } as const] : []),
    ...(collisions.length > 0
      ? [
          { type: 'note', tone: 'warning', text: t('gaps.collides', { count: collisions.length, checked }) } as const,
          { type: 'markdown', text: list(collided) } as const,
        ]
      : [{ type: 'note', text: t(checked > 0 ? 'gaps.no-collision' : 'gaps.nothing-near', { checked }) } as const]),
    ...(others > 0 ? [{ type: 'note', text: t('gaps.others', { count: others }) } as const] : []),
    { type: 'buttons', items: writtenButtons(topic, t) },
  ];
}

function writtenButtons(topic: string, t: Translate): Button[] {
  const form = (key: string, maxLength: number): Form => ({
    title: t(`gaps.${key}`),
    label: t(`gaps.${key}-label`),
    placeholder: t(`gaps.${key}-example`),
    maxLength,
    lines: true,
  });
  return [
    { id: actionId('gaps', 'item', topic), label: t('gaps.item'), style: 'primary', form: form('item', ITEM) },
    { id: actionId('gaps', 'ways', topic), label: t('gaps.ways'), form: form('ways', WAYS) },
    { id: actionId('gaps', 'undo', topic), label: t('gaps.undo'), style: 'danger' },
  ];
}

/** The week in a few lines; nobody is named. */
export function digestReply(digest: Digest, t: Translate): Reply {
  const percent = (share: number) => Math.round(share * 100);
  const { hardest } = digest;
  const lines = [
    t('digest.asked', { asked: digest.asked, answered: digest.answered }),
    digest.quizzes > 0 && digest.right !== undefined
      ? t('digest.quizzes', { quizzes: digest.quizzes, answers: digest.answers, right: percent(digest.right) })
      : t('digest.no-quiz'),
    ...(hardest
      ? [t('digest.hardest', { prompt: hardest.prompt.replace(/\s+/g, ' '), right: percent(hardest.right), answers: hardest.answers })]
      : []),
    ...(digest.due !== undefined ? [t('digest.due', { due: digest.due })] : []),
  ];
  return say(
    [
      { type: 'heading', text: t('digest.title') },
      { type: 'markdown', text: lines.map((text) => `- ${text}`).join('\n') },
      ...(digest.gaps.length > 0
        ? [
            {
              type: 'markdown',
              text: `**${t('digest.gaps')}**\n\n${digest.gaps.map((family) => `- ${escapeMarkdown(family.question)} · ×${family.count}`).join('\n')}`,
            } as const,
          ]
        : []),
    ],
    { kind: 'info', digest },
  );
}
