import type { Translate } from '../core/i18n.ts';
import { actionId, MAX_BUTTON_ID } from '../core/ids.ts';
import { type Locale, localize } from '../core/locale.ts';
import { type Block, type Button, type ImageBlock, type Reply, whisper } from '../core/reply.ts';
import { titleOf } from '../notes/naming.ts';
import type { NotesView } from '../notes/service.ts';
import { noteButton } from '../quiz/boards/reveal.ts';
import { isEmpty, isPartial } from '../quiz/grade.ts';
import { hasNote } from '../quiz/question.ts';
import {
  answeringWay,
  choiceTexts,
  describeValue,
  howTo,
  isTyped,
  LETTERS,
  lettered,
  rationales,
  rightAnswer,
  typeForm,
} from '../quiz/wording.ts';
import type { Outcome, Person, PersonalQuiz, ReviewStatus, Turn } from './service.ts';
import { daysBetween, localTime } from './zone.ts';

/** What every review message is written with. */
export interface ReviewContext {
  notes: NotesView;
  locale: Locale;
  t: Translate;
  now: number;
  zone: string;
  /** The personal quiz that the question belongs to. */
  series?: PersonalQuiz | undefined;
}

const SHOWN_TOPICS = 5;

/** The question with its buttons, or how to type the answer. */
export function ask(ctx: ReviewContext, turn: Turn, due: number, chart?: ImageBlock): Reply {
  const { locale, t } = ctx;
  const { question, instance, id, value } = turn;
  const texts = choiceTexts(question, instance, locale, t);
  const way = answeringWay(question);
  const blocks: Block[] = [
    { type: 'heading', text: titleFor(ctx, question.topic) },
    { type: 'markdown', text: localize(question.prompt, locale) },
    ...(chart ? [chart] : []),
    ...(texts.length > 0 ? [{ type: 'markdown', text: lettered(texts) } as const] : []),
    {
      type: 'note',
      text: [
        isTyped(question) ? t(`review.how-${way}`) : howTo(question, t, t('review.check')),
        ...(due > 0 && !ctx.series ? [t('review.due-left', { count: due })] : []),
      ].join(' · '),
    },
    ...(value ? [{ type: 'note', text: t('review.picked', { answer: describeValue(value, question) }) } as const] : []),
    ...buttonRow(isTyped(question) ? [typeButton(turn, t)] : texts.map((_, i) => pickButton(id, i))),
    ...buttonRow(moreButtons(ctx, turn, way)),
  ];
  return whisper(blocks, {
    kind: 'info',
    review: {
      turn: id,
      question: question.id,
      questionKind: question.kind,
      topic: question.topic,
      prompt: localize(question.prompt, locale),
      choices: texts.map((label, i) => ({ id: pickButton(id, i).id, label })),
    },
    due,
  });
}

/** `Review: Attention`, or `Your quiz, question 2 of 5: Attention`. */
function titleFor({ notes, locale, t, series }: ReviewContext, id: string): string {
  const topic = titleOf(notes, id, locale);
  return series ? t('quiz.me-title', { number: series.asked.length + 1, total: series.total, topic }) : t('review.title', { topic });
}

/** A row of buttons, or nothing where there are none. */
export function buttonRow(items: Button[]): Block[] {
  return items.length > 0 ? [{ type: 'buttons', items }] : [];
}

function pickButton(turn: string, index: number): Button {
  return { id: actionId('review', 'pick', turn, index), label: LETTERS[index]!, style: 'primary' };
}

function typeButton({ id, question }: Turn, t: Translate): Button {
  return { id: actionId('review', 'type', id), ...typeForm(question, t) };
}

function moreButtons({ notes, t }: ReviewContext, { id, question, value, helps }: Turn, way: string): Button[] {
  const parts = way === 'multiple' || way === 'ordering';
  // An order is checked when it is whole; a selection when something is selected.
  const whole = value !== undefined && !isEmpty(value) && !isPartial(question, value);
  return [
    ...(parts
      ? [
          { id: actionId('review', 'done', id), label: t('review.check'), style: 'success', disabled: !whole } as const,
          { id: actionId('review', 'clear', id), label: t('quiz.clear'), disabled: value === undefined || isEmpty(value) },
        ]
      : []),
    ...helpButton(helps, question, notes.topic(question.topic) !== undefined, id, t),
  ];
}

/** The next help: a hint while there is one, then the passage. */
function helpButton(helps: number, question: Turn['question'], hasPassage: boolean, id: string, t: Translate): Button[] {
  const hints = question.hints?.length ?? 0;
  if (helps < hints) return [{ id: actionId('review', 'hint', id, helps + 1), label: t('review.small-hint') }];
  return helps === hints && hasPassage ? [{ id: actionId('review', 'hint', id, helps + 1), label: t('review.hint') }] : [];
}

/** What came of an answer: right or wrong, why, and when the question comes back. */
export function feedback(ctx: ReviewContext, { turn, value, credit, due }: Outcome, status: ReviewStatus): Reply {
  const { locale, t } = ctx;
  const { question, instance, helps, person } = turn;
  const { series } = ctx;
  const hinted = helps > 0;
  const texts = choiceTexts(question, instance, locale, t);
  const whys = rationales(question, instance, locale);
  const right = rightAnswer(question, instance, locale, texts, t);
  const more = status.fresh.find(({ topic }) => topic === question.topic);
  const onwards = series
    ? [
        {
          id: actionId('quiz', 'on', series.id),
          label: series.asked.length < series.total ? t('quiz.next') : t('quiz.to-result'),
          style: 'primary',
        } as const,
      ]
    : status.apart > 0 || status.due > 0
      ? [{ id: nextId(person), label: t('review.next'), style: 'primary' } as const]
      : [];
  const buttons: Button[] = [
    ...onwards,
    ...(more && !series ? [{ id: nextId(person, question.topic), label: t('review.new-one', { count: more.count }) }] : []),
    ...(hasNote(question) ? [noteButton(question, t('quiz.open-note'))] : []),
  ];
  const notes = [
    t('review.comes-back', { when: whenText(ctx, due) }),
    ...(hinted && credit === 1 ? [t('review.after-hint')] : []),
    ...(credit < 1 && status.apart > 0 && (!series || series.asked.length < series.total) ? [t('review.apart')] : []),
    series ? t('quiz.me-so-far', { right: series.right, asked: series.asked.length, total: series.total }) : remaining(ctx, status),
  ];
  return whisper(
    [
      { type: 'heading', text: t(credit === 1 ? 'review.right' : credit > 0 ? 'review.partly' : 'review.wrong') },
      { type: 'markdown', text: `${t('review.your-answer')} ${describeValue(value, question)}\n\n**${t('quiz.right-answer')}** ${right}` },
      { type: 'markdown', text: localize(question.explanation, locale) },
      ...(whys ? [{ type: 'markdown', text: whys } as const] : []),
      { type: 'note', text: notes.join(' ') },
      ...buttonRow(buttons),
    ],
    {
      kind: 'info',
      review: { turn: turn.id, question: question.id, correct: credit === 1, credit, right, hinted, dueAt: due },
      due: status.due,
      nextAt: status.nextAt,
    },
  );
}

/** Nothing is due: when the next one is, and what could be started. */
export function nothingDue(ctx: ReviewContext, status: ReviewStatus, person: Person): Reply {
  const { t, notes, locale } = ctx;
  const fresh = status.fresh.slice(0, SHOWN_TOPICS);
  return whisper(
    [
      { type: 'note', text: remaining(ctx, status) },
      ...(fresh.length > 0
        ? [
            { type: 'note', text: t('review.start-topic') } as const,
            {
              type: 'buttons',
              items: fresh.map(({ topic, count }) => ({
                id: nextId(person, topic),
                label: `${titleOf(notes, topic, locale).slice(0, 60)}${t('quiz.aside', { text: count })}`,
              })),
            } as const,
          ]
        : []),
    ],
    { kind: 'info', review: null, due: status.due, nextAt: status.nextAt },
  );
}

/** The direct message of a day. Its buttons name the space, since a direct message is in none. */
export function reminder(person: Person, due: number, t: Translate): Reply {
  return whisper(
    [
      { type: 'markdown', text: t('review.reminder', { count: due }) },
      {
        type: 'buttons',
        items: [
          { id: nextId(person), label: t('review.start'), style: 'primary' },
          { id: actionId('review', 'quiet', person.space), label: t('review.quiet') },
        ],
      },
    ],
    { kind: 'info', reminder: true, due },
  );
}

/** A button that asks the next question, of a topic where it fits into the button. */
export function nextId({ space }: Person, topic?: string): string {
  const fits = topic !== undefined && `1~review~next~${space}~${topic}`.length <= MAX_BUTTON_ID;
  return actionId('review', 'next', space, ...(fits ? [topic] : []));
}

function remaining(ctx: ReviewContext, { due, nextAt }: ReviewStatus): string {
  if (due > 0) return ctx.t('review.due-left', { count: due });
  return nextAt === null ? ctx.t('review.none-yet') : ctx.t('review.none-due', { when: whenText(ctx, nextAt) });
}

/** `tomorrow`, `in 3 days (27 Nov)`, in the reader's language and time zone. */
function whenText({ locale, t, now, zone }: ReviewContext, at: number): string {
  const days = Math.max(0, daysBetween(localTime(now, zone).day, localTime(at, zone).day));
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  if (days < 2) return relative;
  const date = new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric', month: 'short' }).format(at);
  return `${relative}${t('quiz.aside', { text: date })}`;
}
