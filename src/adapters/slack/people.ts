import type { Clock } from '../../core/clock.ts';
import { type Locale, toLocale } from '../../core/locale.ts';
import type { User } from '../../core/request.ts';
import type { SlackApi } from './api.ts';

export interface Person {
  user: User;
  locale?: Locale;
}

export interface People {
  /** Name, rights and language of a person; what Slack's message itself said when the answer takes too long. */
  of(space: string, id: string, name: string | undefined): Promise<Person>;
}

type Known = Awaited<ReturnType<SlackApi['person']>>;

const REMEMBERED_FOR = 3_600_000;
/** After a failure (most likely: no users:read) nobody is asked about for a while. */
const FAILED_FOR = 300_000;
/** A press on an answer must not wait for a name. */
const PATIENCE = 400;
const REMEMBERED = 5_000;

/**
 * Who someone is, by users.info. Without that permission everything works but this: nobody counts as an admin, so
 * that only the host of a quiz may stop it, and people are shown by the name that came with their message.
 */
export function createPeople(api: SlackApi, clock: Clock): People {
  const known = new Map<string, { until: number; answer: Promise<Known | undefined> }>();

  const lookUp = (space: string, id: string): Promise<Known | undefined> => {
    const key = `${space}/${id}`;
    const entry = known.get(key);
    if (entry && entry.until > clock.now()) return entry.answer;
    const fresh = { until: clock.now() + REMEMBERED_FOR, answer: Promise.resolve<Known | undefined>(undefined) };
    fresh.answer = api.person(space, id).catch(() => {
      fresh.until = clock.now() + FAILED_FOR;
      return undefined;
    });
    known.set(key, fresh);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return fresh.answer;
  };

  return {
    async of(space, id, name) {
      let stop = () => {};
      const tooLate = new Promise<undefined>((resolve) => {
        stop = clock.schedule(clock.now() + PATIENCE, () => resolve(undefined));
      });
      const found = await Promise.race([lookUp(space, id), tooLate]);
      stop();
      const locale = toLocale(found?.locale);
      return {
        user: { id, name: found?.name ?? name ?? id, admin: found?.admin ?? false, manager: found?.admin ?? false },
        ...(locale && { locale }),
      };
    },
  };
}
