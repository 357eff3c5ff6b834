import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { KEPT_DAYS } from '../src/gaps/create.ts';
import type { SpaceSettings } from '../src/gaps/service.ts';
import { readZone, suggestZones, zoneLabel } from '../src/learn/zone.ts';

const HOUR = 9;

export default defineCommand({
  name: 'settings',
  description: {
    en: 'What this server keeps: unanswered questions, feedback, the weekly digest',
    zh: '本服务器的设置：未答问题、反馈、每周摘要',
  },
  visibility: 'private',
  group: true,
  examples: ['/settings', '/settings gaps on', '/settings feedback off', '/settings digest on hour:9 zone:Asia/Shanghai'],
  options: {
    name: {
      type: 'choice',
      choices: ['gaps', 'feedback', 'digest'],
      positional: true,
      labels: {
        gaps: { en: 'keep questions that are not answered', zh: '保留没有答上的问题' },
        feedback: { en: 'thumbs below answers', zh: '答案下的 👍👎' },
        digest: { en: 'weekly digest to this channel', zh: '每周摘要发到本频道' },
      },
      description: { en: 'what to set', zh: '要设置什么' },
    },
    value: {
      type: 'choice',
      choices: ['on', 'off'],
      positional: true,
      labels: { on: { en: 'on', zh: '开' }, off: { en: 'off', zh: '关' } },
      description: { en: 'on or off', zh: '开或关' },
    },
    hour: { type: 'integer', min: 0, max: 23, description: { en: 'hour of the digest, on Mondays (9)', zh: '摘要在周一几点发（9）' } },
    zone: {
      type: 'string',
      maxLength: 60,
      description: { en: 'time zone of that hour (UTC)', zh: '该时间的时区（UTC）' },
      suggest: (_, typed, locale) => suggestZones(typed, locale).map((value) => ({ value, label: zoneLabel(value, locale) })),
    },
  },
  async run(ctx, { name, value, hour = HOUR, zone = 'UTC' }) {
    const { services, room, request } = ctx;
    if (name === undefined || value === undefined) return told(ctx, await services.gaps.settings(room));
    if (!(await services.ownNotes.managers.mayPublish(request))) throw new UserError('gaps-managers-only');
    const on = value === 'on';
    if (name !== 'digest') return told(ctx, await services.gaps.set(room, { [name]: on }));
    if (on && request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
    const known = readZone(zone);
    if (!known)
      throw new UserError('settings-zone', { zone: zone.slice(0, 40), suggestion: suggestZones(zone, ctx.locale)[0] ?? 'Europe/Berlin' });
    return told(
      ctx,
      await services.gaps.set(room, { digest: on ? { room: room.room, zone: known, hour, by: request.user.id } : undefined }),
    );
  },
});

/** What holds now, in words. */
function told({ t }: Context, { gaps, feedback, digest }: SpaceSettings): Reply {
  const lines = [
    t(gaps ? 'settings.gaps-on' : 'settings.gaps-off', { days: KEPT_DAYS }),
    t(feedback ? 'settings.feedback-on' : 'settings.feedback-off'),
    digest ? t('settings.digest-on', { hour: digest.hour, zone: digest.zone }) : t('settings.digest-off'),
  ];
  return whisper(
    [
      { type: 'heading', text: t('settings.title') },
      { type: 'markdown', text: lines.map((line) => `- ${line}`).join('\n') },
    ],
    {
      kind: 'info',
      gaps,
      feedback,
      digest: digest ?? null,
    },
  );
}
