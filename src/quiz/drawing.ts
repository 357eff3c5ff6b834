import { setTimeout } from 'node:timers/promises';
import type { Locale } from '../core/locale.ts';
import type { ImageBlock, Reply } from '../core/reply.ts';
import { titleOf } from '../notes/naming.ts';
import type { Services } from '../services.ts';
import { examAnswers, ownAnswers } from './boards/answers.ts';
import type { BoardContext, Shown } from './boards/context.ts';
import { lobbyBoard } from './boards/lobby.ts';
import { openBoard } from './boards/own-pace.ts';
import { podiumBoard } from './boards/podium.ts';
import { questionBoard } from './boards/question.ts';
import { revealBoard } from './boards/reveal.ts';
import { splitChart } from './boards/split-chart.ts';
import { talkBoard } from './boards/talk.ts';
import { concerned, receiptSlot, standsAt, verdict } from './boards/verdict.ts';
import type { QuizHistory } from './history.ts';
import { type LiveQuiz, questionAt, questionKey } from './live.ts';
import type { StoredQuiz } from './repository.ts';
import { isOwnPace, underlyingPhase } from './state.ts';
import { choiceTexts } from './wording.ts';

export type DrawingDeps = Pick<Services, 'log' | 'i18n' | 'ownNotes' | 'demos'>;

/** All workers may be training. */
export const VOTES_WITHIN = 5_000;

/** Makes a quiz's messages as they look now. */
export interface Drawing {
  lobby(live: LiveQuiz): Promise<Reply>;
  /** Undefined when the note no longer holds the question. @throws when its chart cannot be drawn. */
  question(live: LiveQuiz, position: number, again?: boolean): Promise<Reply | undefined>;
  /** What is talked about between two votes. */
  talk(live: LiveQuiz, position: number): Promise<Reply>;
  reveal(live: LiveQuiz, position: number): Promise<Reply | undefined>;
  answers(live: LiveQuiz): Promise<Reply[]>;
  podium(live: LiveQuiz): Promise<Reply>;
  /** What came of each person's answer, for them alone; of an exam all their answers. */
  verdicts(live: LiveQuiz, position: number): Promise<{ user: string; reply: Reply }[]>;
  /** One person's graded answers beside the right ones. */
  own(stored: StoredQuiz, user: string, locale: Locale): Promise<Reply>;
  /** The message that the present phase is about, and the key it was posted under. */
  current(live: LiveQuiz): Promise<{ key: string; reply: Reply } | undefined>;
}

export function createDrawing(deps: DrawingDeps, history: QuizHistory): Drawing {
  const { log, demos } = deps;
  const notesOf = ({ stored }: Pick<LiveQuiz, 'stored'>) => deps.ownNotes.of(stored.room);

  const contextOf = async (live: LiveQuiz): Promise<BoardContext> => {
    const { locale } = live.state.settings;
    return {
      live,
      t: deps.i18n(locale),
      hidden: await history.hidden(live.stored.room, live.state.players.keys()),
      titleOf: (id) => titleOf(notesOf(live), id, locale),
    };
  };

  const questionOf = (live: LiveQuiz, position: number): Shown | undefined => questionAt(live, position, notesOf(live).content().questions);

  /** Draws a chart once; a failure is not remembered. */
  const once = (live: LiveQuiz, key: string, draw: () => Promise<ImageBlock | undefined>): Promise<ImageBlock | undefined> => {
    const known = live.charts.get(key);
    if (known) return known;
    const chart = draw();
    live.charts.set(key, chart);
    chart.catch(() => live.charts.delete(key));
    return chart;
  };

  const runChart = async (live: LiveQuiz, { question, instance }: Shown): Promise<ImageBlock | undefined> => {
    if (question.kind !== 'chart' || !instance.run) return undefined;
    const { params, seed } = instance.run;
    const run = await demos.run(question.demo, params, seed, { owner: `quiz/${live.stored.id}` });
    return demos.draw(run, live.state.settings.locale, { asked: true });
  };

  const votes = async (ctx: BoardContext, position: number, shown: Shown): Promise<ImageBlock | undefined> => {
    const { locale } = ctx.live.state.settings;
    const texts = choiceTexts(shown.question, shown.instance, locale, ctx.t);
    const { results = [] } = ctx.live.state.asked.find((one) => one.position === position) ?? {};
    const spec = splitChart(shown, texts, results, ctx.t);
    return spec && demos.chart('votes', spec);
  };

  /** The language that a person was last spoken to in, else the quiz's. */
  const speak = (live: LiveQuiz, user: string) => {
    const locale = live.locales.get(user) ?? live.state.settings.locale;
    return { locale, t: deps.i18n(locale) };
  };

  const drawing: Drawing = {
    lobby: async (live) => (isOwnPace(live.state.settings) ? openBoard : lobbyBoard)(await contextOf(live)),

    async question(live, position, again = live.state.again) {
      const shown = questionOf(live, position);
      if (!shown) return undefined;
      const chart = await once(live, `q${position}`, () => runChart(live, shown));
      return questionBoard(await contextOf(live), position, { ...shown, chart }, again);
    },

    talk: async (live, position) => talkBoard(await contextOf(live), position),

    async reveal(live, position) {
      const shown = questionOf(live, position);
      if (!shown) return undefined;
      const ctx = await contextOf(live);
      const chart = once(live, `r${position}`, () => votes(ctx, position, shown)).catch((error: unknown) => {
        log.warn({ err: error, quiz: live.stored.id }, 'the votes could not be drawn');
        return undefined;
      });
      // The answer matters more than the picture of the votes.
      return revealBoard(ctx, position, shown, await Promise.race([chart, setTimeout(VOTES_WITHIN, undefined, { ref: false })]));
    },

    answers: async (live) => examAnswers(await contextOf(live), (position) => questionOf(live, position)),

    podium: async (live) => podiumBoard(await contextOf(live)),

    async own(stored, user, locale) {
      const items = (await history.answers(stored.id, user)).flatMap((answer) => {
        const shown = questionAt({ stored }, answer.position, notesOf({ stored }).content().questions);
        return shown ? [{ answer, shown }] : [];
      });
      return ownAnswers(items, { locale, t: deps.i18n(locale), titleOf: (id) => titleOf(notesOf({ stored }), id, locale) });
    },

    async verdicts(live, position) {
      if (live.state.settings.mode === 'exam') {
        const people = new Set(live.state.asked.flatMap((one) => one.results.map(({ user }) => user)));
        const slot = receiptSlot(live, position);
        return Promise.all(
          [...people].map(async (user) => ({ user, reply: { ...(await drawing.own(live.stored, user, speak(live, user).locale)), slot } })),
        );
      }
      const shown = questionOf(live, position);
      if (!shown) return [];
      const stands = standsAt(live, position);
      return concerned(live, position).map((user) => ({
        user,
        reply: verdict({ live, position, user, shown, stands, ...speak(live, user) }),
      }));
    },

    async current(live) {
      const { position } = live.state;
      switch (underlyingPhase(live.state)) {
        case 'lobby':
          return { key: 'lobby', reply: await drawing.lobby(live) };
        case 'open': {
          const reply = await drawing.question(live, position);
          return reply && { key: questionKey(position, live.state.again), reply };
        }
        case 'talk':
          return { key: `t${position}`, reply: await drawing.talk(live, position) };
        case 'reveal': {
          const reply = await drawing.reveal(live, position);
          return reply && { key: `r${position}`, reply };
        }
        case 'ended':
          return { key: 'podium', reply: await drawing.podium(live) };
      }
    },
  };
  return drawing;
}
