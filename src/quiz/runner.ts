import { setTimeout } from 'node:timers/promises';
import { PostRefused } from '../core/outbox.ts';
import type { Reply } from '../core/reply.ts';
import type { RoomRef } from '../core/request.ts';
import type { Services } from '../services.ts';
import type { Drawing } from './drawing.ts';
import { REFUSED_WAITS, tellHost, WAITS } from './failures.ts';
import { createJournal } from './journal.ts';
import { deadlineOf, isWanted, type LiveQuiz, pendingEffects, questionKey, revive, type StoredEvent } from './live.ts';
import { createMessages, withoutControls } from './messages.ts';
import { createPreparation } from './prepare.ts';
import type { QuizRepository, StoredQuiz } from './repository.ts';
import type { Effect, QuizEvent, QuizState } from './state.ts';
import { createTelling } from './telling.ts';

export type RunnerDeps = Pick<Services, 'clock' | 'log' | 'i18n' | 'metrics' | 'outbox' | 'ownNotes' | 'demos'>;

/** Boards are edited at most this often; adapters may coalesce further. */
export const REFRESH_EVERY = 1_000;
/** A failed experiment is run once more. */
export const RUN_AGAIN = 2_000;
/** Between two looks at whether anything is under way. */
const IDLE_CHECK = 2;
/** When not even an event can be stored, later. */
export const STORE_AGAIN = 5_000;

/** Builds an event from the quiz's newest state and the quiz's own time. @throws to refuse. */
export type Make = (state: QuizState, at: number) => QuizEvent;

export interface Runner {
  /** Puts a new or stored quiz on stage: shows what its phase needs and arms its clock. */
  stage(stored: StoredQuiz, events?: readonly StoredEvent[]): LiveQuiz;
  /**
   * Stores an event and sets its effects going.
   * @returns the stored event; undefined when it does not fit or was delivered before.
   */
  send(live: LiveQuiz, make: Make, delivery?: string): Promise<QuizEvent | undefined>;
  byId(quizId: string): LiveQuiz | undefined;
  /** Quizzes over days, which may outlive their players' wish to be in them. */
  paced(): LiveQuiz[];
  inRoom(room: RoomRef): LiveQuiz | undefined;
  /** Resolves when all that is due has been stored and sent. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps the running quizzes, their clocks and their messages. Every event is stored before its effects. */
export function createRunner(deps: RunnerDeps, repository: QuizRepository, drawing: Drawing): Runner {
  const { clock, log, metrics } = deps;
  const journal = createJournal(repository);
  const preparation = createPreparation(deps, repository);
  const { show, update } = createMessages(deps, repository);
  const running = new Map<string, LiveQuiz>();
  const stopping = new AbortController();
  /** Messages that are being made or sent; not those that wait to be sent again. */
  let busy = 0;
  const tell = createTelling(deps, drawing, (change) => {
    busy += change;
  });

  const send: Runner['send'] = async (live, make, delivery) => {
    const at = clock.now() + live.ahead;
    const outcome = await journal.write(live, (state) => make(state, at), delivery ?? null);
    if (!outcome) return undefined;
    arm(live);
    for (const effect of outcome.effects) perform(live, effect);
    return outcome.event;
  };

  const arm = (live: LiveQuiz): void => {
    live.cancelTimer();
    const due = deadlineOf(live);
    if (due === null || stopping.signal.aborted) return;
    const deadline = due + live.ahead;
    const ring = () => {
      metrics.late(Math.max(0, clock.now() - due) / 1000);
      send(live, (_, at) => ({ type: 'deadline', at: Math.max(at, deadline) })).catch((error: unknown) => {
        log.error({ err: error, quiz: live.stored.id }, 'the end of a phase could not be stored; trying again');
        live.cancelTimer = clock.schedule(clock.now() + STORE_AGAIN, ring);
      });
    };
    live.cancelTimer = clock.schedule(due, ring);
  };

  /** Work on a quiz's messages, after what was queued before it. */
  const enqueue = (live: LiveQuiz, work: () => Promise<void>): void => {
    live.effects = live.effects.then(async () => {
      busy++;
      await work().catch((error: unknown) => log.error({ err: error, quiz: live.stored.id }, 'quiz message failed'));
      busy--;
    });
  };

  /** Sets an effect going; failures are tried again. */
  const perform = (live: LiveQuiz, effect: Effect): void => {
    if (effect.type === 'refresh-board') refresh(live);
    else enqueue(live, () => persist(live, effect));
  };

  const persist = async (live: LiveQuiz, effect: Effect): Promise<void> => {
    let waits = WAITS.values();
    let refused = false;
    while (!stopping.signal.aborted && isWanted(live.state, effect)) {
      try {
        await deps.ownNotes.ready(live.stored.room);
        await carryOut(live, effect);
        return live.opened?.();
      } catch (error) {
        if (error instanceof PostRefused && !refused) {
          refused = true;
          waits = REFUSED_WAITS.values();
          // Who has just started the quiz hears it at once, in the answer to that.
          if (live.opened) live.opened(error);
          else await tellHost(deps, live, error);
        }
        live.opened?.();
        const wait = waits.next().value;
        log.warn({ err: error, quiz: live.stored.id, effect: effect.type, again: wait }, 'quiz message failed');
        if (wait === undefined || (refused && (await isUnseen(live)))) return giveUp(live, effect);
        metrics.retried(live.stored.room.platform);
        await pause(wait);
      }
    }
  };

  /** Whether the room has seen nothing of the quiz yet; without a wait in the lobby the first question comes first. */
  const isUnseen = async ({ stored: { id } }: LiveQuiz): Promise<boolean> =>
    !(await repository.message(id, 'lobby')) && !(await repository.message(id, 'q0'));

  const carryOut = async (live: LiveQuiz, effect: Effect): Promise<void> => {
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

  /** The last resort: nobody can see the question, so the quiz ends; nobody saw the end, so it is over all the same. */
  const giveUp = async (live: LiveQuiz, effect: Effect): Promise<void> => {
    log.error({ quiz: live.stored.id, effect: effect.type }, 'gave up on a quiz message');
    while (!stopping.signal.aborted) {
      try {
        if (effect.type === 'show-podium') await finish(live);
        if (effect.type === 'post-question') await send(live, (_, at) => ({ type: 'stop', at, position: effect.position }));
        if (effect.type === 'show-lobby') await send(live, (_, at) => ({ type: 'stop', at }));
        return;
      } catch (error) {
        log.error({ err: error, quiz: live.stored.id }, 'a quiz could not be ended; trying again');
        await pause(STORE_AGAIN);
      }
    }
  };

  const finish = async (live: LiveQuiz): Promise<void> => {
    await repository.finish(live.stored.id, clock.now());
    live.cancelTimer();
    live.cancelRefresh?.();
    running.delete(live.stored.id);
  };

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

  /** What is over loses its clock and its buttons: the lobby, a question, its answer. */
  const leave = async (live: LiveQuiz, position: number): Promise<void> => {
    const { revealed } = live;
    if (revealed?.position === position) return update(live, `r${position}`, withoutControls(revealed.reply));
    await redraw(live, position);
  };

  /** Brings the boards of a question that has been posted up to date. */
  const redraw = async (live: LiveQuiz, position: number): Promise<void> => {
    if (position < 0) return update(live, 'lobby', await drawing.lobby(live));
    for (const again of live.state.settings.mode === 'discuss' ? [false, true] : [false]) {
      const board = await drawing.question(live, position, again);
      if (board) await update(live, questionKey(position, again), board);
    }
  };

  /** The talk is over: nothing to write any more, and the first vote is closed. */
  const leaveTalk = async (live: LiveQuiz, position: number): Promise<void> => {
    await redraw(live, position);
    await update(live, `t${position}`, withoutControls(await drawing.talk(live, position)));
  };

  const refresh = (live: LiveQuiz): void => {
    if (live.cancelRefresh || stopping.signal.aborted) return;
    live.cancelRefresh = clock.schedule(clock.now() + REFRESH_EVERY, () => {
      live.cancelRefresh = undefined;
      enqueue(live, async () => {
        const board = stopping.signal.aborted || live.state.phase === 'ended' ? undefined : await drawing.current(live);
        if (board) await update(live, board.key, board.reply);
      });
    });
  };

  /** Waits, or returns at once when the program stops. */
  const pause = async (ms: number): Promise<void> => {
    busy--;
    await new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.schedule(clock.now() + ms, done);
      stopping.signal.addEventListener('abort', done);
    });
    busy++;
  };

  return {
    stage(stored, events = []) {
      const live = revive(stored, events, clock.now());
      running.set(stored.id, live);
      arm(live);
      for (const effect of pendingEffects(live.state)) perform(live, effect);
      preparation.ahead(live, Math.max(0, live.state.position));
      return live;
    },
    send,
    byId: (quizId) => running.get(quizId),
    paced: () => [...running.values()].filter(({ stored }) => stored.settings.pace !== undefined),
    inRoom: ({ platform, space, room }) =>
      [...running.values()].find(
        ({ stored, state }) =>
          state.phase !== 'ended' &&
          stored.settings.pace === undefined &&
          stored.room.room === room &&
          stored.room.space === space &&
          stored.room.platform === platform,
      ),
    async idle() {
      do {
        await setTimeout(IDLE_CHECK);
        await journal.idle();
      } while (busy > 0);
    },
    async close() {
      stopping.abort();
      for (const live of running.values()) {
        live.cancelTimer();
        live.cancelRefresh?.();
      }
      await Promise.all([...running.values()].map((live) => live.effects));
      await journal.idle();
    },
  };
}
