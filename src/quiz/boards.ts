import type { I18n } from '../core/i18n.ts';
import { actionId } from '../core/ids.ts';
import { localize } from '../core/locale.ts';
import { type Block, type Button, type ImageBlock, type Reply, say } from '../core/reply.ts';
import type { QuizResult, Standing } from '../core/result.ts';
import type { Instance } from './grade.ts';
import type { LiveQuiz } from './live.ts';
import type { Question } from './question.ts';
import type { QuizState } from './state.ts';
import { answeringWay, choiceTexts, LETTERS, lettered, rationales, rightAnswer } from './wording.ts';

/** Everything a board is drawn from. */
export interface BoardContext {
  live: LiveQuiz;
  i18n: I18n;
}

export interface Shown {
  question: Question;
  instance: Instance;
  chart?: ImageBlock | undefined;
}

export function lobby(ctx: BoardContext): Reply {
  const { live, i18n } = ctx;
  const { settings, players, phase, deadline } = live.state;
  const t = i18n(settings.locale);
  const open = phase === 'lobby';
  const names = [...players.values()].map(({ name }) => plain(name)).join(', ');
  return say(
    [
      { type: 'heading', text: t('quiz.lobby-title', { topic: settings.topic ?? t('quiz.all-topics') }) },
      {
        type: 'markdown',
        text: t(`quiz.lobby-${settings.mode}`, { total: settings.total, seconds: settings.seconds }),
      },
      { type: 'note', text: names ? t('quiz.players', { names }) : t('quiz.no-players') },
      ...(open && deadline !== null ? [{ type: 'deadline', text: t('quiz.starts-at'), at: deadline } as const] : []),
      {
        type: 'buttons',
        items: open
          ? [
              { id: actionId('quiz', 'join', live.stored.id), label: t('quiz.join'), style: 'primary' },
              { id: actionId('quiz', 'begin', live.stored.id), label: t('quiz.begin') },
              { id: actionId('quiz', 'stop', live.stored.id), label: t('quiz.stop'), style: 'danger' },
            ]
          : [{ id: actionId('quiz', 'join', live.stored.id), label: t('quiz.join') }],
      },
    ],
    result(live),
  );
}

export function questionBoard(ctx: BoardContext, shown: Shown): Reply {
  const { live, i18n } = ctx;
  const { settings, position, deadline, phase, answers, players } = live.state;
  const t = i18n(settings.locale);
  const { question, instance } = shown;
  const texts = choiceTexts(question, instance, settings.locale, t);
  const open = phase === 'open' && live.stored.questions[position]?.questionId === question.id;
  const counted = t('quiz.answered', { answered: answers.size, players: players.size });
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.question-title', { number: position + 1, total: settings.total }) },
    { type: 'markdown', text: localize(question.prompt, settings.locale) },
    ...(shown.chart ? [shown.chart] : []),
    ...(texts.length > 0
      ? [
          {
            type: 'markdown',
            text: lettered(texts),
          } as const,
        ]
      : []),
    {
      type: 'note',
      text: [t(`quiz.how-${answeringWay(question)}`), counted].join(' · '),
    },
    ...(open && deadline !== null ? [{ type: 'deadline', text: t('quiz.closes-at'), at: deadline } as const] : []),
    ...(phase === 'paused' ? [{ type: 'note', text: t('quiz.paused') } as const] : []),
    ...(open ? answerButtons(ctx, question, texts.length) : []),
  ];
  const shownQuestion = {
    id: question.id,
    kind: question.kind,
    position,
    total: settings.total,
    topic: question.topic,
    prompt: localize(question.prompt, settings.locale),
    choices: texts.map((label, i) => ({ id: actionId('quiz', 'pick', live.stored.id, position, i), label })),
    deadline,
  };
  return say(blocks, {
    ...result(live),
    question: shownQuestion,
    answered: answers.size,
    players: players.size,
  });
}

function answerButtons({ live, i18n }: BoardContext, question: Question, count: number): Block[] {
  if (count === 0) return [];
  const { position, settings } = live.state;
  const items: Button[] = Array.from({ length: count }, (_, i) => ({
    id: actionId('quiz', 'pick', live.stored.id, position, i),
    label: LETTERS[i]!,
    style: 'primary',
  }));
  if (question.kind === 'ordering' || question.kind === 'multiple') {
    items.push({
      id: actionId('quiz', 'clear', live.stored.id, position),
      label: i18n(settings.locale)('quiz.clear'),
    });
  }
  return [{ type: 'buttons', items }];
}

export function reveal(ctx: BoardContext, shown: Shown, chart?: ImageBlock): Reply {
  const { live, i18n } = ctx;
  const { settings, position, answers, players, deadline, phase } = live.state;
  const t = i18n(settings.locale);
  const { question, instance } = shown;
  const texts = choiceTexts(question, instance, settings.locale, t);
  const whys = rationales(question, instance, settings.locale);
  const right = [...answers].filter(([, { credit }]) => credit === 1).map(([id]) => plain(players.get(id)?.name ?? id));
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.answer-title', { number: position + 1 }) },
    {
      type: 'markdown',
      text: `**${t('quiz.right-answer')}** ${rightAnswer(question, instance, settings.locale, texts)}`,
    },
    { type: 'markdown', text: localize(question.explanation, settings.locale) },
    ...(whys ? [{ type: 'markdown', text: whys } as const] : []),
    {
      type: 'note',
      text: right.length > 0 ? t('quiz.who-was-right', { names: right.join(', ') }) : t('quiz.nobody-was-right'),
    },
    ...(chart ? [chart] : []),
    ...(phase === 'reveal' && deadline !== null ? [{ type: 'deadline', text: t('quiz.next-at'), at: deadline } as const] : []),
    {
      type: 'buttons',
      items: [
        ...(phase === 'reveal' ? [{ id: actionId('quiz', 'next', live.stored.id, position), label: t('quiz.next') }] : []),
        { id: actionId('explain', 'topic', question.topic), label: t('quiz.open-note') },
      ],
    },
  ];
  return say(blocks, {
    ...result(live),
    question: { id: question.id, position, right: rightAnswer(question, instance, settings.locale, texts) },
    split: split(texts, answers),
  });
}

/** Votes per shown choice. */
export function split(texts: readonly string[], answers: QuizState['answers']): number[] {
  return texts.map((_, i) => [...answers.values()].filter(({ value }) => 'picked' in value && value.picked.includes(i)).length);
}

export function podium(ctx: BoardContext): Reply {
  const { live, i18n } = ctx;
  const { settings, position } = live.state;
  const t = i18n(settings.locale);
  const rows = standings(live.state);
  const medals = ['🥇', '🥈', '🥉'];
  const asked = position + 1;
  const top = rows.filter(({ rank }) => rank <= 3);
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.podium-title') },
    rows.length === 0
      ? { type: 'note', text: t('quiz.nobody-played') }
      : {
          type: 'fields',
          items: top.map((row) => ({
            name: `${medals[row.rank - 1]} ${plain(row.user.name)}`,
            value: t('quiz.podium-row', { score: row.score, correct: row.correct, asked }),
          })),
        },
    ...teamBlocks(ctx),
    {
      type: 'buttons',
      items: [
        ...(live.state.credits.some((share) => share < 1)
          ? [{ id: actionId('quiz', 'rematch', live.stored.id), label: t('quiz.rematch') }]
          : []),
        { id: actionId('quiz', 'again', live.stored.id), label: t('quiz.again') },
      ],
    },
  ];
  return say(blocks, { ...result(live), standings: rows });
}

function teamBlocks({ live, i18n }: BoardContext): Block[] {
  const { settings, players } = live.state;
  if (settings.teams === 0) return [];
  const t = i18n(settings.locale);
  const items = Array.from({ length: settings.teams }, (_, team) => {
    const members = [...players.values()].filter((player) => player.team === team);
    const mean = members.length === 0 ? 0 : members.reduce((sum, { score }) => sum + score, 0) / members.length;
    return {
      name: t('quiz.team', { number: team + 1 }),
      value: t('quiz.team-row', {
        mean: Math.round(mean),
        names: members.map(({ name }) => plain(name)).join(', ') || '—',
      }),
    };
  });
  return [{ type: 'fields', items }];
}

/** Players by score; ties share a rank (1, 1, 3). */
export function standings(state: QuizState): Standing[] {
  const players = [...state.players.values()].sort((a, b) => b.score - a.score || a.name.localeCompare(b.name));
  return players.map(({ id, name, score, correct, answered }) => ({
    rank: 1 + players.filter((other) => other.score > score).length,
    user: { id, name },
    score,
    correct,
    answered,
  }));
}

export function result(live: LiveQuiz): QuizResult {
  return { kind: 'quiz', quizId: live.stored.id, state: live.state.phase };
}

/** A name as text: no Markdown, no mention, no control or direction marks, at most 32 characters. */
export function plain(name: string): string {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/[*_`~|<>[\]\\@#]/g, '')
    .trim();
  return [...clean].slice(0, 32).join('') || '?';
}
