import type { ActionHandler, Context } from '../../core/command.ts';
import { UserError } from '../../core/errors.ts';
import { actionId } from '../../core/ids.ts';
import { type Block, type Reply, whisper } from '../../core/reply.ts';
import { readZone, suggestZones } from '../../learn/zone.ts';
import { titleOf } from '../../notes/naming.ts';
import { result } from '../boards/context.ts';
import type { Schedule, Wish } from './service.ts';
import { describeTime, momentOf, type Repeat, readTime, readTimeOfDay } from './times.ts';

/** `/quiz schedule`, `daily`, `open` and `schedules`: quizzes that start by themselves, and quizzes over days. */

/** What was typed about time. */
export interface Times {
  when?: string | undefined;
  at?: string | undefined;
  until?: string | undefined;
  zone?: string | undefined;
  repeat?: Exclude<Repeat, 'daily'> | undefined;
}

/** The zone that is named, else the person's own. @throws UserError when neither is known. */
async function zoneFor({ services, request, locale }: Context, typed: string | undefined): Promise<string> {
  if (typed !== undefined) {
    const zone = readZone(typed);
    if (zone) return zone;
    throw new UserError('unknown-zone', { zone: typed.slice(0, 40), suggestion: suggestZones(typed, locale)[0] ?? 'Europe/Berlin' });
  }
  const { learning } = services;
  const { zone, isKnown } = await learning.reminders.get(await learning.personOf(request));
  if (!isKnown) throw new UserError('schedule-needs-zone');
  return zone;
}

/** Boards are the room's and speak its language, where it has one. @throws UserError where the bot cannot post. */
async function localeFor({ services, request, room, locale }: Context): Promise<Schedule['locale']> {
  if (request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
  return (await services.settings.localeOf(room.platform, room.space, 'room', room.room)) ?? locale;
}

export async function schedule(ctx: Context, { when, zone: typed, repeat }: Times, wish: Wish): Promise<Reply> {
  if (when === undefined) throw new UserError('schedule-needs-when');
  const locale = await localeFor(ctx);
  const now = ctx.services.clock.now();
  // What cannot be scheduled at all is told before a zone is asked for.
  readTime(when, typed ? (readZone(typed) ?? 'UTC') : 'UTC', now - 14 * 3_600_000);
  const zone = await zoneFor(ctx, typed);
  const { anchor, weekly } = readTime(when, zone, now);
  return made(ctx, { kind: 'quiz', locale, zone, anchor, repeat: repeat ?? (weekly ? 'weekly' : 'none'), wish });
}

export async function daily(ctx: Context, { at, zone: typed }: Times, wish: Wish): Promise<Reply> {
  const locale = await localeFor(ctx);
  const zone = await zoneFor(ctx, typed);
  const anchor = readTimeOfDay(at ?? '9:00', zone, ctx.services.clock.now());
  const rules = { total: 1, seconds: 0, lobbySeconds: 0, mode: 'calm', teams: 0, lock: false } as const;
  return made(ctx, { kind: 'daily', locale, zone, anchor, repeat: 'daily', wish: { ...rules, topic: wish.topic } });
}

async function made(ctx: Context, wanted: Omit<Schedule, 'id' | 'user' | 'nextAt' | 'room'>): Promise<Reply> {
  const { services, room, request, t } = ctx;
  const stored = await services.timetable.add({ ...wanted, room }, request.user, request.id);
  const text = t('quiz.schedule-made', {
    what: whatOf(ctx, stored),
    when: describeTime(stored.nextAt, stored.zone, ctx.locale),
    repeat: `(${t(`quiz.schedule-${stored.repeat}`)})`,
  });
  return whisper([{ type: 'note', text }, cancelButtons(ctx, [stored])], { kind: 'info', schedule: told(stored) });
}

/** `/quiz open until:…`: begins now, and closes by itself. */
export async function openUntil(ctx: Context, { until, zone: typed }: Times, wish: Wish): Promise<Reply> {
  if (until === undefined) throw new UserError('schedule-needs-until');
  const { services, room, request, t } = ctx;
  const locale = await localeFor(ctx);
  const zone = await zoneFor(ctx, typed);
  const closesAt = momentOf(readTime(until, zone, services.clock.now(), true).anchor, zone);
  const options = { ...wish, mode: 'exam', lobbySeconds: 0, teams: 0, pace: 'open', closesAt } as const;
  const live = await services.quiz.start({ ...options, room, host: request.user, request: request.id, locale });
  const text = t('quiz.open-started', { time: describeTime(closesAt, zone, ctx.locale), total: live.state.settings.total });
  return whisper([{ type: 'note', text }], { ...result(live), settings: live.state.settings });
}

export async function schedules(ctx: Context): Promise<Reply> {
  const { services, room, t, locale } = ctx;
  const found = await services.timetable.list(room);
  if (found.length === 0) return whisper([{ type: 'note', text: t('quiz.schedule-empty') }], { kind: 'info', schedules: [] });
  const items = found.map((one) => ({
    text: t('quiz.schedule-row', {
      when: describeTime(one.nextAt, one.zone, locale),
      what: whatOf(ctx, one),
      repeat: t(`quiz.schedule-${one.repeat}`),
    }),
    button: { id: actionId('quiz', 'cancel', one.id), label: t('quiz.schedule-cancel') },
  }));
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.schedule-list') },
    { type: 'rows', items },
  ];
  return whisper(blocks, { kind: 'info', schedules: found.map(told) });
}

export const cancelAction: ActionHandler = async (ctx, [id]) => {
  const found = await mine(ctx, id);
  await ctx.services.timetable.cancel(ctx.room, found.id);
  const when = describeTime(found.nextAt, found.zone, ctx.locale);
  return whisper([{ type: 'note', text: ctx.t('quiz.schedule-cancelled', { what: whatOf(ctx, found), when }) }], { kind: 'info' });
};

/** A quiz that was missed, now. One that was to be held once is gone from the timetable; its button is stale then. */
export const nowAction: ActionHandler = async (ctx, [id]) => {
  const found = await mine(ctx, id);
  const { room, request } = ctx;
  const live = await ctx.services.quiz.start({ ...found.wish, room, host: request.user, request: request.id, locale: found.locale });
  return whisper([{ type: 'note', text: ctx.t('quiz.started', { total: live.state.settings.total }) }], result(live));
};

async function mine({ services, room, request: { user } }: Context, id = ''): Promise<Schedule> {
  const found = await services.timetable.find(room, id);
  if (!found) throw new UserError('stale-button');
  if (found.user !== user.id && !user.admin) throw new UserError('schedule-host');
  return found;
}

function whatOf({ services, locale, t }: Context, { kind, wish }: Schedule): string {
  const topic = wish.topic === null ? t('quiz.all-topics') : titleOf(services.notes, wish.topic, locale);
  return kind === 'daily' ? t('quiz.schedule-question', { topic }) : t('quiz.schedule-quiz', { topic, total: wish.total });
}

function cancelButtons({ t }: Context, made: readonly Schedule[]): Block {
  return { type: 'buttons', items: made.map(({ id }) => ({ id: actionId('quiz', 'cancel', id), label: t('quiz.schedule-cancel') })) };
}

function told({ id, kind, zone, anchor, repeat, nextAt, wish }: Schedule) {
  return { id, kind, zone, at: anchor, repeat, nextAt, topic: wish.topic };
}
