import { createHash } from 'node:crypto';
import { detectLocale } from '../core/locale.ts';
import { answerTextOf, questionOf, sectionOf } from '../notes/present.ts';
import { unitOf } from '../notes/present-answer.ts';
import type { Hit } from '../notes/service.ts';
import type { Space } from '../own-notes/service.ts';
import type { Services } from '../services.ts';
import { createCollisionCheck } from './collisions.ts';
import { createDigest, dueWeek } from './digest.ts';
import { createGrouping, type Grouping } from './grouping.ts';
import { createRepository } from './repository.ts';
import { askerOf, scrub } from './scrub.ts';
import type { Asking, Gaps, Shown } from './service.ts';
import { createSpaceSettings } from './settings.ts';

export type GapsDeps = Pick<Services, 'store' | 'clock' | 'log' | 'outbox' | 'i18n' | 'settings' | 'config' | 'ownNotes' | 'changes'>;

const DAY = 24 * 3_600_000;
/** Questions are kept for so long. */
export const KEPT_DAYS = 90;
/** Spaces whose questions are kept grouped in memory. */
const GROUPED = 64;
/** Answers that were shown lately, with what was asked for them; after a restart the answer's own question stands in. */
const RECENT = 5_000;

/** What could not be answered, kept where the space wants it, and what is done about it. */
export function createGaps(deps: GapsDeps): Gaps {
  const { store, clock, log, ownNotes, changes } = deps;
  const { db } = store;
  const repository = createRepository(db);
  const spaces = createSpaceSettings(db);
  const groupings = new Map<string, Promise<Grouping>>();
  const recent = new Map<string, string>();
  // Whoever was forgotten has no words here either.
  changes.listen(() => {
    groupings.clear();
    recent.clear();
  });

  const purge = async (): Promise<void> => {
    const { numDeletedRows } = await repository.removeBefore(clock.now() - KEPT_DAYS * DAY);
    if (numDeletedRows > 0n) groupings.clear();
  };

  const groupingOf = (space: Space): Promise<Grouping> => {
    const key = JSON.stringify([space.platform, space.space]);
    const known = groupings.get(key) ?? load(space);
    groupings.delete(key);
    groupings.set(key, known);
    known.catch(() => groupings.delete(key));
    if (groupings.size > GROUPED) groupings.delete(groupings.keys().next().value!);
    return known;
  };
  const load = async (space: Space): Promise<Grouping> => {
    const grouping = createGrouping();
    for (const { family, question } of await repository.all(space)) grouping.add(family, question);
    return grouping;
  };

  const keep = async (asking: Asking, question: string, reason: 'unanswered' | 'unhelpful', missing: string | null = null) => {
    const text = scrub(question);
    if (text === '') return;
    const { platform, space, user } = asking;
    const grouping = await groupingOf(asking);
    const family = grouping.find(text);
    const row = {
      ...{ platform, space, question: text, reason, missing, closed: null, at: clock.now() },
      locale: detectLocale(text) ?? 'en',
      asker: await askerOf(db, { platform, space, user_id: user.id }),
    };
    grouping.add(await repository.insert(row, family), text);
  };

  const keyOf = ({ platform, space, room }: Asking, { topic, unit }: Shown) => JSON.stringify([platform, space, room, topic, unit]);
  const hitOf = (space: Space, { topic, unit }: Shown) => ownNotes.of(space).hit(topic, unit);
  const askedFor = (asking: Asking, shown: Shown, locale: 'en' | 'zh'): string => {
    const hit = hitOf(asking, shown);
    return (
      recent.get(keyOf(asking, shown)) ??
      (hit?.kind === 'answer' ? questionOf(hit.answer, locale) : (hit?.topic.texts[locale]?.title ?? shown.topic))
    );
  };

  const digest = createDigest(deps, { repository, spaces, tick: purge });

  return {
    settings: spaces.settings,
    async set(space, change) {
      // What was due before somebody asked for it is not sent after the fact.
      const week = change.digest && dueWeek(clock.now(), change.digest);
      if (week)
        await db
          .insertInto('digests')
          .values({ platform: space.platform, space: space.space, week, at: clock.now() })
          .onConflict((conflict) => conflict.columns(['platform', 'space', 'week']).doNothing())
          .execute();
      return spaces.set(space, change);
    },
    async asked(asking, question, outcome) {
      try {
        if ('hit' in outcome) {
          const key = keyOf(asking, { topic: outcome.hit.topic.id, unit: unitOf(outcome.hit) });
          recent.delete(key);
          recent.set(key, question);
          if (recent.size > RECENT) recent.delete(recent.keys().next().value!);
        }
        if (!(await spaces.settings(asking)).gaps) return;
        // What was told without being likely is for the host to see all the same.
        const answered = 'hit' in outcome && outcome.also?.why !== 'unsure';
        await repository.count(asking, new Date(clock.now()).toISOString().slice(0, 10), answered);
        if (!answered) await keep(asking, question, 'unanswered');
      } catch (error) {
        // Who asks gets the answer, whatever becomes of the count.
        log.warn({ err: error }, 'a question could not be kept');
      }
    },
    async page(space, page, order) {
      await purge();
      return repository.page(space, page, order);
    },
    family: repository.family,
    close: repository.close,
    reopen: repository.reopen,
    open: (space, limit) => repository.families(space, limit, 0, 'newest'),
    async vote(asking, shown, vote, locale) {
      const votes = await repository.vote(asking, shown, asking.user.id, vote, clock.now());
      if (vote === -1 && (await spaces.settings(asking)).gaps) await keep(asking, askedFor(asking, shown, locale), 'unhelpful');
      return votes;
    },
    async missing(asking, shown, text, locale) {
      if ((await spaces.settings(asking)).gaps)
        await repository.addMissing(
          asking,
          await askerOf(db, { ...asking, user_id: asking.user.id }),
          scrub(askedFor(asking, shown, locale)),
          scrub(text),
        );
    },
    async review(space, shown, by) {
      const hit = hitOf(space, shown);
      const row = { user_id: by.id, name: by.name, hash: hit ? hashOf(hit) : '', at: clock.now() };
      await db
        .insertInto('answer_reviews')
        .values({ platform: space.platform, space: space.space, ...shown, ...row })
        .onConflict((conflict) => conflict.columns(['platform', 'space', 'topic', 'unit']).doUpdateSet(row))
        .execute();
      return { by: by.name, at: row.at };
    },
    async reviewOf(space, shown) {
      const row = await db
        .selectFrom('answer_reviews')
        .select(['name', 'at', 'hash'])
        .where((eb) => eb.and({ platform: space.platform, space: space.space, ...shown }))
        .executeTakeFirst();
      const hit = row && hitOf(space, shown);
      return row && hit && hashOf(hit) === row.hash ? { by: row.name, at: row.at } : undefined;
    },
    collisions: createCollisionCheck(ownNotes),
    digest,
  };
}

/** Of the text that an answer shows, in every language: a review is of this text. */
function hashOf(hit: Hit): string {
  const texts = (['en', 'zh'] as const).map((locale) =>
    hit.kind === 'answer' ? answerTextOf(hit.answer, locale) : hit.topic.texts[locale] && sectionOf(hit.topic, locale, hit.section)?.body,
  );
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url');
}
