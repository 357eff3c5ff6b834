import { randomBytes } from 'node:crypto';
import { UserError } from '../../core/errors.ts';
import { localize } from '../../core/locale.ts';
import { PostRefused } from '../../core/outbox.ts';
import type { Platform, RoomRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { type Demo, told } from '../demo.ts';
import { present } from '../present.ts';
import { failed, question, reveal } from './boards.ts';
import { createPredictionRepository, type Prediction } from './repository.ts';
import type { Predictions } from './service.ts';

type Dependencies = Pick<Services, 'config' | 'clock' | 'log' | 'i18n' | 'outbox' | 'ownNotes' | 'demos' | 'store' | 'cluster'>;

/** Between two looks at what processes have left that died. Milliseconds. */
const LOOK_EVERY = 5_000;
const PLATFORMS: readonly Platform[] = ['web', 'discord', 'slack', 'terminal'];
/** The number of votes is brought up to date at most this often. */
const REFRESH_EVERY = 1_000;

/** Votes before an experiment. Everything is a row before it is shown, so any process can go on with it. */
export function createPredictions(deps: Dependencies): Predictions {
  const { clock, log, i18n, outbox, demos, cluster } = deps;
  const repository = createPredictionRepository(deps.store.db);
  /** Clocks of open votes, and waiting refreshes, by prediction. */
  const timers = new Map<string, () => void>();
  const refreshes = new Map<string, () => void>();
  const working = new Map<string, Promise<unknown>>();
  let closing = false;

  /** Works on a prediction beside the request; the same work is not begun twice. */
  const background = (id: string, what: string, work: () => Promise<unknown>): void => {
    const key = `${id}: ${what}`;
    if (working.has(key)) return;
    const job = work()
      .catch((error: unknown) => log.error({ err: error, prediction: id }, `a prediction could not be ${what}`))
      .finally(() => working.delete(key));
    working.set(key, job);
  };

  const run = ({ id, demo, params, seed }: Prediction) => demos.run(demo, params, seed, { owner: `prediction/${id}` });

  const postQuestion = async (prediction: Prediction, demo: Demo): Promise<number> => {
    const t = i18n(prediction.locale);
    const message = await outbox.post(prediction.room, question(prediction, demo, [], t), `${prediction.id}:question`);
    // The clock starts when the platform has confirmed the message.
    const deadline = clock.now() + prediction.seconds * 1_000;
    await repository.posted(prediction.id, message, deadline);
    arm({ ...prediction, deadline });
    refresh(prediction.id);
    return deadline;
  };

  const arm = ({ id, deadline }: Prediction): void => {
    if (deadline === null || closing) return;
    timers.get(id)?.();
    timers.set(
      id,
      clock.schedule(deadline, () => background(id, 'closed', () => finish(id))),
    );
  };

  /** Edits the question to what is stored now. */
  const update = async (id: string): Promise<void> => {
    const prediction = await repository.find(id);
    const demo = prediction && demos.get(prediction.demo);
    if (!demo || !prediction.message) return;
    await outbox.update(prediction.message, question(prediction, demo, await repository.votes(id), i18n(prediction.locale)));
  };

  const refresh = (id: string): void => {
    if (closing || refreshes.has(id)) return;
    const cancel = clock.schedule(clock.now() + REFRESH_EVERY, () => {
      refreshes.delete(id);
      background(id, 'refreshed', () => update(id));
    });
    refreshes.set(id, cancel);
  };

  /** Closes the vote, once, and shows the outcome. */
  const finish = async (id: string): Promise<boolean> => {
    if (!(await repository.advance(id, 'open', 'closed'))) return false;
    timers.get(id)?.();
    timers.delete(id);
    refreshes.get(id)?.();
    refreshes.delete(id);
    background(id, 'shown', () => show(id));
    return true;
  };

  const show = async (id: string): Promise<void> => {
    const prediction = await repository.find(id);
    const demo = prediction && demos.get(prediction.demo);
    if (!demo) return repository.remove(id);
    const t = i18n(prediction.locale);
    await update(id).catch((error: unknown) => log.warn({ err: error }, 'a closed prediction could not be edited'));
    const votes = await repository.votes(id);
    await deps.ownNotes.ready(prediction.room);
    const reply = await run(prediction).then(
      async (done) =>
        reveal(
          prediction,
          await present({ demos: deps.demos, notes: deps.ownNotes.of(prediction.room) }, done, prediction.locale),
          votes,
          t,
        ),
      (error: unknown) => {
        if (error instanceof UserError) return failed(prediction, demo, error, t);
        throw error;
      },
    );
    // A run that was cut off by the end of the program is shown after the next start.
    if (closing) return;
    await outbox.post(prediction.room, reply, `${id}:reveal`);
    await repository.advance(id, 'closed', 'shown');
  };

  const findIn = async (id: string, room: RoomRef): Promise<{ prediction: Prediction; demo: Demo }> => {
    const prediction = await repository.find(id);
    const demo = prediction && demos.get(prediction.demo);
    if (!demo || !sameRoom(prediction.room, room)) throw new UserError('stale-button');
    return { prediction, demo };
  };

  /** Those that this process is to go on with. */
  const left = async (): Promise<Prediction[]> => {
    if (!cluster) return repository.unfinished();
    if (!deps.config.roles.has('clock')) return [];
    return repository.takeOver(
      PLATFORMS.filter((platform) => outbox.isConnected(platform)),
      cluster.id(),
    );
  };

  const predictions: Predictions = {
    async start({ room, host, locale, request, demo: name, params: given, seed, seconds }) {
      const { demo, params } = demos.resolve(name, given);
      const id = randomBytes(6).toString('base64url');
      const prediction: Prediction = {
        ...{ id, room, host: host.id, locale, demo: demo.name, params, seed, seconds },
        ...{ phase: 'open', deadline: null, message: null },
      };
      if (!(await repository.create(prediction, request, clock.now(), cluster?.id()))) throw new UserError('prediction-started');
      try {
        const deadline = await postQuestion(prediction, demo);
        // Runs while people think; a failure shows when the vote closes.
        if (!closing) background(id, 'run ahead', () => run(prediction).catch(() => undefined));
        return { id, deadline };
      } catch (error) {
        await repository.remove(id);
        throw error instanceof PostRefused ? error.reason : error;
      }
    },
    async vote(id, room, user, choice) {
      const { prediction, demo } = await findIn(id, room);
      const option = told(demo.predict.options, prediction.params).find((one) => one.id === choice);
      if (!option) throw new UserError('stale-button');
      if (!(await repository.vote(prediction, { user: user.id, name: user.name, choice }, clock.now())))
        throw new UserError('prediction-closed');
      refresh(id);
      return { text: localize(option.text, prediction.locale), deadline: prediction.deadline };
    },
    async closeNow(id, room, user) {
      const { prediction } = await findIn(id, room);
      if (user.id !== prediction.host && !user.admin) throw new UserError('prediction-not-yours');
      if (!(await finish(id))) throw new UserError('prediction-closed');
    },
    async resume() {
      for (const prediction of await left()) {
        const { id, phase, message, room } = prediction;
        const demo = demos.get(prediction.demo);
        // Couriers of other adapters may run elsewhere (terminal and server on one file): leave theirs alone.
        if (!demo || timers.has(id) || !outbox.isConnected(room.platform)) continue;
        if (phase === 'closed') background(id, 'shown', () => show(id));
        else if (message) arm(prediction);
        else background(id, 'asked', () => postQuestion(prediction, demo));
      }
    },
    async close() {
      closing = true;
      for (const cancel of [...timers.values(), ...refreshes.values()]) cancel();
      timers.clear();
      refreshes.clear();
      await Promise.all(working.values());
    },
  };

  // What a process has left that died goes on here.
  let looked = performance.now();
  cluster?.onBeat(async () => {
    if (closing || performance.now() - looked < LOOK_EVERY) return;
    looked = performance.now();
    await predictions.resume();
  });
  cluster?.onAnew(async (before) => {
    await repository.rename(before, cluster.id());
  });
  return predictions;
}

function sameRoom(a: RoomRef, b: RoomRef): boolean {
  return a.platform === b.platform && a.space === b.space && a.room === b.room;
}
