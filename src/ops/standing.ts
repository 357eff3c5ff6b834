import { styleText } from 'node:util';
import type { Platform } from '../core/request.ts';
import { ALL, isAll } from '../core/roles.ts';
import type { Services } from '../services.ts';

const LISTENED = [
  { platform: 'discord', role: 'gateway' },
  { platform: 'slack', role: 'slack' },
] as const;

/** What a host wants to know once everything is up: what was read, who is connected, what is missing, and the next step. */
export function standing(services: Services, platforms: Partial<Record<Platform, { connected: boolean }>>): string {
  const { config, notes } = services;
  const t = services.i18n(config.defaultLocale);
  const { topics, questions } = notes.content();
  const problems = notes.problems().length;
  const lines = [
    line(true, t('start.roles', { roles: isAll(config.roles) ? ALL : [...config.roles].join(', ') })),
    line(
      problems === 0,
      t('start.notes', { topics: topics.size, questions: questions.size }),
      problems && t('start.notes-faulty', { problems }),
    ),
    ...LISTENED.flatMap(({ platform, role }) => {
      // Another process listens there.
      if (!config.roles.has(role)) return [];
      const state = platforms[platform];
      const name = t(`start.platform.${platform}`);
      if (!state) return `  – ${t('start.not-set-up', { name, doc: `docs/${platform}.md` })}`;
      return line(state.connected, t(state.connected ? 'start.connected' : 'start.connecting', { name }));
    }),
    ...(config.backups.every === null || services.store.kind === 'postgres'
      ? []
      : [line(true, t('start.backups', { dir: config.backups.dir, keep: config.backups.keep }))]),
    ...config.misspelt.map(({ name, meant }) =>
      line(false, t(meant ? 'start.misspelt' : 'start.unknown-setting', { name, meant: meant ?? '' })),
    ),
  ];
  return `${lines.join('\n')}\n\n`;
}

function line(good: boolean, text: string, more: string | 0 | false = false): string {
  const mark = good ? styleText('green', '✓', { stream: process.stderr }) : styleText('yellow', '!', { stream: process.stderr });
  return `  ${mark} ${text}${more ? ` ${more}` : ''}`;
}
