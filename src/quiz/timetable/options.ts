import type { OptionTable } from '../../core/command.ts';
import { readZone, suggestZones, zoneLabel } from '../../learn/zone.ts';

/** What `/quiz schedule`, `daily` and `open` are told about time. */
export const TIME_OPTIONS = {
  when: {
    type: 'string',
    maxLength: 80,
    only: ['schedule'],
    description: { en: 'when, such as Friday 18:00', zh: '什么时候，如 周五 18:00' },
  },
  at: { type: 'string', maxLength: 40, only: ['daily'], description: { en: 'time of day, such as 09:00', zh: '每天几点，如 09:00' } },
  until: {
    type: 'string',
    maxLength: 80,
    only: ['open'],
    description: { en: 'when it closes, such as Sunday 20:00', zh: '何时截止，如 周日 20:00' },
  },
  zone: {
    type: 'string',
    maxLength: 60,
    only: ['open', 'schedule', 'daily'],
    description: { en: 'time zone of these times, such as Europe/Berlin', zh: '这些时间的时区，如 Asia/Shanghai' },
    suggest: (_services, typed, locale, _other, { zone }) =>
      suggestZones(typed, locale, zone ? readZone(zone) : undefined).map((value) => ({ value, label: zoneLabel(value, locale) })),
  },
  repeat: {
    type: 'choice',
    choices: ['none', 'weekly'],
    only: ['schedule'],
    labels: { none: { en: 'once', zh: '一次' }, weekly: { en: 'every week', zh: '每周' } },
    description: { en: 'once (default) or every week', zh: '一次（默认）或每周' },
  },
} as const satisfies OptionTable;
