import { sql } from 'kysely';
import type { Logger } from 'pino';
import { dbNow } from '../cluster/presence.ts';
import type { Platform } from '../core/request.ts';
import type { Services } from '../services.ts';
import type { LiveQuiz } from './live.ts';
import type { Runner } from './runner.ts';
import { type TakeUp, takeOverFree } from './take-up.ts';

/** Quizzes taken over at once; the next beat takes the next. */
const AT_ONCE = 500;

/** Who shows a quiz, where several processes share the database: one of role clock, that is connected to its platform and alive. */
export interface Sharing {
  /** This process, where it shows what is played on a platform; undefined where another one does. */
  shownBy(platform: Platform): string | undefined;
  /** A quiz has begun that another process is to show. */
  offer(): Promise<void>;
  /** Whether this process still is the one that shows it; asked before anything is shown. */
  isMine(live: LiveQuiz): Promise<boolean>;
  /** Takes over quizzes that nobody shows. @returns their ids */
  claim(): Promise<string[]>;
}

type Deps = Pick<Services, 'config' | 'store' | 'outbox'> & { cluster: NonNullable<Services['cluster']> };

const PLATFORMS: readonly Platform[] = ['web', 'discord', 'slack', 'terminal'];

export function createSharing({ config, store, outbox, cluster }: Deps): Sharing {
  const { db } = store;
  const shows = (platform: Platform) => config.roles.has('clock') && outbox.isConnected(platform);
  return {
    shownBy: (platform) => (shows(platform) ? cluster.id() : undefined),
    offer: () => cluster.tell('free', cluster.id()),
    async isMine(live) {
      const { stored } = live;
      // Nobody takes anything from a process that is alive under its name; being lost makes all of its quizzes guests.
      if ((await cluster.sure()) === 'alive') return !live.guest;
      const row = await db
        .selectFrom('quizzes')
        .innerJoin('processes', 'processes.id', 'quizzes.worker')
        .select('processes.id')
        .where('quizzes.id', '=', stored.id)
        .where('processes.id', '=', cluster.id())
        .where('processes.until', '>', dbNow)
        .executeTakeFirst();
      return row !== undefined;
    },
    async claim() {
      const connected = PLATFORMS.filter(shows);
      if (connected.length === 0) return [];
      const free = db
        .selectFrom('quizzes')
        .leftJoin('processes', (join) => join.onRef('processes.id', '=', 'quizzes.worker').on('processes.until', '>', dbNow))
        .select('quizzes.id')
        .where('quizzes.finished_at', 'is', null)
        .where('quizzes.platform', 'in', connected)
        .where('processes.id', 'is', null)
        .limit(AT_ONCE)
        .forUpdate('quizzes')
        .skipLocked();
      const rows = await db
        .updateTable('quizzes')
        .set({ worker: cluster.id() })
        .where('id', 'in', free)
        // Whoever was thought dead a moment ago takes nothing.
        .where(({ exists, selectFrom }) =>
          exists(selectFrom('processes').select(sql`1`.as('one')).where('id', '=', cluster.id()).where('until', '>', dbNow)),
        )
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** Hears of the other processes: what they have stored, and what they have left. */
export function joinOthers(cluster: Deps['cluster'], sharing: Sharing, takeUp: TakeUp, runner: Runner, log: Logger): void {
  const failed = (error: unknown) => log.warn({ err: error }, 'what other processes have stored could not be read');
  const follow = (live: LiveQuiz | undefined) => void (live && runner.follow(live).catch(failed));
  cluster.listen('quiz', (quizId) => follow(runner.byId(quizId)));
  cluster.listen('free', () => void takeOverFree(sharing, takeUp, runner).catch(failed));
  cluster.onGap(() => {
    for (const live of runner.all()) follow(live);
  });
  cluster.onBeat(() => takeOverFree(sharing, takeUp, runner));
  cluster.onLost(() => runner.handOver());
}
