import type { Reply } from '../core/reply.ts';
import type { Services } from '../services.ts';
import type { Drawing } from './drawing.ts';
import { type LiveQuiz, questionKey } from './live.ts';
import type { Messages } from './messages.ts';
import type { Preparation } from './prepare.ts';
import { createRedrawing } from './redrawing.ts';
import type { Runner } from './runner.ts';
import type { Effect } from './state.ts';

/** A failed experiment is run once more. */
export const RUN_AGAIN = 2_000;

interface Parts extends Messages {
  drawing: Drawing;
  preparation: Preparation;
  tell(live: LiveQuiz, position: number): Promise<void>;
}

interface Doing {
  send: Runner['send'];
  finish(live: LiveQuiz): Promise<void>;
  /** Waits, or returns at once when the program stops. */
  pause(ms: number): Promise<void>;
}

/** Carries out what follows from an event: messages that are posted and edited, and the events that these make. */
export function createShowing(
  { log }: Pick<Services, 'log'>,
  { drawing, preparation, show, update, tell }: Parts,
  { send, finish, pause }: Doing,
): (live: LiveQuiz, effect: Effect) => Promise<void> {
  const { leave, leaveTalk, redraw } = createRedrawing(update, drawing);

  const showQuestion = async (live: LiveQuiz, position: number): Promise<void> => {
    const board = await readyBoard(live, position);
    if (!board) {
      log.warn({ quiz: live.stored.id, position }, 'a question is gone or its experiment failed; leaving it out');
      await send(live, (_, at) => ({ type: 'drop', at, position }));
      return;
    }
    const { again } = live.state;
    if (again) await leaveTalk(live, position);
    else await leave(live, position - 1);
    await show(live, questionKey(position, again), board);
    await send(live, (_, at) => ({ type: 'posted', at, position, ...(again && { again }) }));
    for (const old of [`q${position - 1}`, `r${position - 1}`]) live.charts.delete(old);
    // While this one is being answered, the next one's experiment runs.
    preparation.ahead(live, position + 1);
  };

  /** The board with its chart, if need be on a second try; undefined when the question cannot be shown. */
  const readyBoard = async (live: LiveQuiz, position: number): Promise<Reply | undefined> => {
    const make = async () => ((await preparation.ready(live, position)) ? drawing.question(live, position) : undefined);
    return make()
      .catch(() => pause(RUN_AGAIN).then(make))
      .catch((error: unknown) => void log.error({ err: error, quiz: live.stored.id, position }, 'a question’s chart failed'));
  };

  return async (live, effect) => {
    switch (effect.type) {
      case 'show-lobby':
        // A question of the day has no lobby, and no podium.
        return live.state.settings.pace === 'daily' ? undefined : show(live, 'lobby', await drawing.lobby(live));
      case 'post-question':
        return showQuestion(live, effect.position);
      case 'show-talk': {
        const board = await drawing.talk(live, effect.position);
        await redraw(live, effect.position);
        return show(live, `t${effect.position}`, board);
      }
      case 'show-reveal': {
        const answer = await drawing.reveal(live, effect.position);
        await redraw(live, effect.position);
        if (!answer) return;
        live.revealed = { position: effect.position, reply: answer };
        await show(live, `r${effect.position}`, answer);
        return tell(live, effect.position);
      }
      case 'show-answers': {
        await redraw(live, live.state.position);
        for (const [i, page] of (await drawing.answers(live)).entries()) await show(live, `a${i}`, page);
        return tell(live, live.state.position);
      }
      case 'show-podium':
        await leave(live, live.state.position);
        await update(live, 'lobby', await drawing.lobby(live));
        if (live.state.settings.pace !== 'daily') await show(live, 'podium', await drawing.podium(live));
        return finish(live);
      case 'refresh-board':
      case 'record':
        return;
      default:
        return effect satisfies never;
    }
  };
}
