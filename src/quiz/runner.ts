import { setTimeout } from 'node:timers/promises';
import { PostRefused } from '../core/outbox.ts';
import type { RoomRef } from '../core/request.ts';
import { troubleOf } from '../core/trouble.ts';
import type { Services } from '../services.ts';
import type { Drawing } from './drawing.ts';
import { REFUSED_WAITS, tellHost, WAITS } from './failures.ts';
import { createJournal } from './journal.ts';
import { deadlineOf, isWanted, type LiveQuiz, pendingEffects, revive, type StoredEvent } from './live.ts';
import { createMessages } from './messages.ts';
import { createPreparation } from './prepare.ts';
import type { QuizRepository, StoredQuiz } from './repository.ts';
import { createSharedJournal } from './shared-journal.ts';
import type { Sharing } from './sharing.ts';
import { createShowing } from './showing.ts';
import type { Effect, QuizEvent, QuizState } from './state.ts';
import { createTelling, owe } from './telling.ts';

export type RunnerDeps = Pick<Services, 'clock' | 'log' | 'i18n' | 'metrics' | 'outbox' | 'ownNotes' | 'demos'>;

/** Boards are edited at most this often; adapters may coalesce further. */
export const REFRESH_EVERY = 1_000;
/** Between two looks at whether anything is under way. */
const IDLE_CHECK = 2;
/** When not even an event can be stored, later. */
export const STORE_AGAIN = 5_000;

/** Builds an event from the quiz's newest state and the quiz's own time. @throws to refuse. */
export type Make = (state: QuizState, at: number) => QuizEvent;

export interface Runner {
  /** Puts a new or stored quiz on stage: shows what its phase needs and arms its clock. */
  stage(stored: StoredQuiz, events?: readonly StoredEvent[]): LiveQuiz;
  /** Knows a quiz that another process shows: its events are taken here too, what follows from them is done there. */
  know(stored: StoredQuiz, events: readonly StoredEvent[]): LiveQuiz;
  /** Goes on with one that was only known. */
  takeOver(live: LiveQuiz): void;
  /** Another process shows all of them from now on. */
  handOver(): void;
  /** Brings a quiz up to what other processes have stored. @returns false when it is over, and known no more */
  follow(live: LiveQuiz): Promise<boolean>;
  /**
   * Stores an event and sets its effects going.
   * @returns the stored event; undefined when it does not fit or was delivered before.
   */
  send(live: LiveQuiz, make: Make, delivery?: string): Promise<QuizEvent | undefined>;
  byId(quizId: string): LiveQuiz | undefined;
  all(): LiveQuiz[];
  /** Quizzes over days, which may outlive their players' wish to be in them. */
  paced(): LiveQuiz[];
  inRoom(room: RoomRef): LiveQuiz | undefined;
  /** Resolves when all that is due has been stored and sent. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps the running quizzes, their clocks and their messages. Every event is stored before its effects. */
export function createRunner(deps: RunnerDeps, repository: QuizRepository, drawing: Drawing, sharing?: Sharing): Runner {
  const { clock, log, metrics } = deps;
  const shared = sharing && createSharedJournal(repository, (live, effects) => after(live, effects));
  const journal = shared ?? createJournal(repository);
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
    after(live, outcome.effects);
    return outcome.event;
  };

  /** What follows from events that are stored; of a guest, in the process that shows it. */
  const after = (live: LiveQuiz, effects: readonly Effect[]): void => {
    if (live.guest) {
      owe(live, effects);
      return;
    }
    arm(live);
    for (const effect of effects) perform(live, effect);
  };

  const arm = (live: LiveQuiz): void => {
    live.cancelTimer();
    const due = deadlineOf(live);
    if (due === null || live.guest || stopping.signal.aborted) return;
    const deadline = due + live.ahead;
    const ring = () => {
      if (live.guest) return;
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
    while (!stopping.signal.aborted && !live.guest && isWanted(live.state, effect)) {
      try {
        // Held up past its time, it would show what another process shows already.
        if (sharing && !(await sharing.isMine(live))) return demote(live);
        await deps.ownNotes.ready(live.stored.room);
        await carryOut(live, effect);
        return live.opened?.();
      } catch (error) {
        // The message has no part in that, and waits for the database as long as it takes.
        const trouble = troubleOf(error);
        if (trouble === 'database-gone' || trouble === 'database-busy') {
          await pause(STORE_AGAIN);
          continue;
        }
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
    drop(live);
  };

  const drop = (live: LiveQuiz): void => {
    live.cancelTimer();
    live.cancelRefresh?.();
    running.delete(live.stored.id);
  };

  const demote = (live: LiveQuiz): void => {
    live.guest = true;
    live.cancelTimer();
    live.cancelRefresh?.();
    live.cancelRefresh = undefined;
  };

  const goOn = (live: LiveQuiz): void => {
    arm(live);
    for (const effect of pendingEffects(live.state)) perform(live, effect);
    preparation.ahead(live, Math.max(0, live.state.position));
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

  const carryOut = createShowing(deps, { drawing, preparation, show, update, tell }, { send, finish, pause });

  return {
    stage(stored, events = []) {
      const live = revive(stored, events, clock.now());
      running.set(stored.id, live);
      goOn(live);
      return live;
    },
    know(stored, events) {
      const live = { ...revive(stored, events, clock.now()), guest: true };
      running.set(stored.id, live);
      return live;
    },
    takeOver(live) {
      if (!live.guest) return;
      live.guest = false;
      // What the other process has changed on the boards is not known here.
      live.shown.clear();
      goOn(live);
    },
    handOver() {
      for (const live of running.values()) demote(live);
    },
    async follow(live) {
      const there = (await shared?.follow(live)) ?? true;
      if (!there) drop(live);
      return there;
    },
    send,
    byId: (quizId) => running.get(quizId),
    all: () => [...running.values()],
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
