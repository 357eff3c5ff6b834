import type { Reply } from '../core/reply.ts';
import type { MessageRef, RoomRef } from '../core/request.ts';
import type { Services } from '../services.ts';
import { lobby, podium, questionBoard, reveal, type Shown } from './boards.ts';
import { applyEvent, type LiveQuiz, pendingEffects, questionAt, revive } from './live.ts';
import type { QuizRepository, StoredQuiz } from './repository.ts';
import type { Effect, QuizEvent } from './state.ts';

export type RunnerDeps = Pick<Services, 'clock' | 'log' | 'i18n' | 'outbox' | 'notes' | 'demos'>;

/** Boards are edited at most this often; adapters may coalesce further. */
const REFRESH_EVERY = 1_000;

export interface Runner {
  /** Puts a new or stored quiz on stage: shows what its phase needs and arms its clock. */
  stage(stored: StoredQuiz, events?: readonly { event: QuizEvent; delivery: string | null }[]): Promise<LiveQuiz>;
  /** @returns whether the event counted. */
  send(live: LiveQuiz, event: QuizEvent, delivery?: string): Promise<boolean>;
  byId(quizId: string): LiveQuiz | undefined;
  inRoom(room: RoomRef): LiveQuiz | undefined;
  close(): Promise<void>;
}

/** Keeps the running quizzes, their clocks and their messages. Every event is stored before its effects. */
export function createRunner(deps: RunnerDeps, repository: QuizRepository): Runner {
  const { clock, log, i18n, outbox } = deps;
  const running = new Map<string, LiveQuiz>();
  let closed = false;

  const shownAt = async (live: LiveQuiz, position: number): Promise<Shown | undefined> => {
    const found = questionAt(live, position, deps.notes.content().questions);
    if (!found) return undefined;
    const { question, instance } = found;
    if (question.kind !== 'chart' || !instance.run) return { question, instance };
    const run = await deps.demos.run(question.demo, instance.run.params, instance.run.seed, {
      owner: `quiz/${live.stored.id}`,
    });
    return { question, instance, chart: await deps.demos.draw(run, live.state.settings.locale) };
  };

  /** Posts a message once: after a restart it is edited instead. */
  const show = async (live: LiveQuiz, key: string, reply: Reply): Promise<MessageRef> => {
    const { id, room } = live.stored;
    const known = await repository.message(id, key);
    if (known) {
      await outbox.update(known, reply);
      return known;
    }
    const reserved = outbox.reserve(room, `${id}:${key}`);
    if (reserved) await repository.setMessage(id, key, reserved);
    const message = await outbox.post(room, reply, `${id}:${key}`);
    if (!reserved) await repository.setMessage(id, key, message);
    return message;
  };

  const showQuestion = async (live: LiveQuiz, position: number): Promise<void> => {
    const shown = await shownAt(live, position);
    if (!shown) {
      // The note was changed under a running quiz: go on with the next question rather than hang.
      log.warn({ quiz: live.stored.id, position }, 'question is gone, skipping it');
      await accept(live, { type: 'posted', at: clock.now(), position }, null);
      await accept(live, { type: 'skip', at: clock.now() }, null);
      return;
    }
    if (position === 0) {
      // The lobby loses its clock and its start button once the quiz runs.
      const waiting = await repository.message(live.stored.id, 'lobby');
      if (waiting) await outbox.update(waiting, lobby({ live, i18n }));
    }
    await show(live, `q${position}`, questionBoard({ live, i18n }, shown));
    await accept(live, { type: 'posted', at: clock.now(), position }, null);
  };

  const refresh = (live: LiveQuiz): void => {
    if (live.cancelRefresh || closed) return;
    live.cancelRefresh = clock.schedule(clock.now() + REFRESH_EVERY, () => {
      live.cancelRefresh = undefined;
      enqueue(live, async () => {
        const { phase, position } = live.state;
        if (phase === 'lobby') return void (await show(live, 'lobby', lobby({ live, i18n })));
        if (phase !== 'open' && phase !== 'paused') return;
        const known = await repository.message(live.stored.id, `q${position}`);
        const shown = known && (await shownAt(live, position));
        if (known && shown) await outbox.update(known, questionBoard({ live, i18n }, shown));
      });
    });
  };

  const carryOut = async (live: LiveQuiz, effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'show-lobby':
        return void (await show(live, 'lobby', lobby({ live, i18n })));
      case 'post-question':
        return showQuestion(live, effect.position);
      case 'refresh-board':
        return refresh(live);
      case 'show-reveal': {
        const shown = await shownAt(live, effect.position);
        if (!shown) return;
        // The closed board loses its buttons; the answer is a message of its own.
        const board = await repository.message(live.stored.id, `q${effect.position}`);
        if (board) await outbox.update(board, questionBoard({ live, i18n }, shown));
        await show(live, `r${effect.position}`, reveal({ live, i18n }, { question: shown.question, instance: shown.instance }));
        return;
      }
      case 'show-podium':
        await show(live, 'podium', podium({ live, i18n }));
        await repository.finish(live.stored.id, clock.now());
        live.cancelTimer();
        live.cancelRefresh?.();
        running.delete(live.stored.id);
        return;
      case 'record':
        return;
      default:
        return effect satisfies never;
    }
  };

  const arm = (live: LiveQuiz): void => {
    live.cancelTimer();
    const { deadline } = live.state;
    if (deadline === null || closed) return;
    live.cancelTimer = clock.schedule(deadline, () => void send(live, { type: 'deadline', at: Math.max(clock.now(), deadline) }));
  };

  /** Stores and carries out; to be called inside the quiz's queue. */
  const accept = async (live: LiveQuiz, event: QuizEvent, delivery: string | null): Promise<boolean> => {
    const effects = await applyEvent(repository, live, event, delivery);
    if (!effects) return false;
    arm(live);
    for (const effect of effects) enqueue(live, () => carryOut(live, effect));
    return true;
  };

  const enqueue = (live: LiveQuiz, work: () => Promise<unknown>): void => {
    live.queue = live.queue.then(work).catch((error: unknown) => {
      log.error({ err: error, quiz: live.stored.id }, 'quiz message failed');
    });
  };

  const send: Runner['send'] = (live, event, delivery) =>
    new Promise((resolve, reject) => {
      // A failed write (disk full) reaches the person who pressed; a failed message does not undo the event.
      live.queue = live.queue.then(() => accept(live, event, delivery ?? null).then(resolve, reject));
    });

  return {
    async stage(stored, events = []) {
      const live = revive(stored, events);
      running.set(stored.id, live);
      arm(live);
      for (const effect of pendingEffects(live.state)) enqueue(live, () => carryOut(live, effect));
      return live;
    },
    send,
    byId: (quizId) => running.get(quizId),
    inRoom: (room) =>
      [...running.values()].find(
        ({ stored, state }) =>
          state.phase !== 'ended' &&
          stored.room.room === room.room &&
          stored.room.space === room.space &&
          stored.room.platform === room.platform,
      ),
    async close() {
      closed = true;
      for (const live of running.values()) {
        live.cancelTimer();
        live.cancelRefresh?.();
      }
      await Promise.all([...running.values()].map((live) => live.queue));
    },
  };
}
