import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { LOCALES } from '../src/core/locale.ts';
import { whisper } from '../src/core/reply.ts';

export default defineCommand({
  name: 'lang',
  description: {
    en: 'My language, for you or for this channel',
    zh: '设置我用什么语言，可以只对你，也可以对整个频道',
  },
  visibility: 'private',
  examples: ['/lang zh', '/lang en for:channel', '/lang auto'],
  options: {
    language: {
      type: 'choice',
      choices: [...LOCALES, 'auto'],
      labels: { en: { en: 'English' }, zh: { en: '中文' }, auto: { en: 'automatic', zh: '自动' } },
      positional: true,
      description: { en: 'the language', zh: '语言' },
    },
    for: {
      type: 'choice',
      choices: ['me', 'channel'],
      labels: { me: { en: 'only me', zh: '只对我' }, channel: { en: 'this channel', zh: '本频道' } },
      description: { en: 'for me (default) or the whole channel', zh: '只对我（默认），或整个频道' },
    },
  },
  async run({ request, services, t }, { language, for: scope = 'me' }) {
    const { settings } = services;
    if (language === undefined) {
      const of = async (kind: 'user' | 'room') =>
        (await settings.localeOf(request.platform, request.space, kind, kind === 'user' ? request.user.id : request.room)) ??
        t('lang.unset');
      return whisper([{ type: 'note', text: t('lang.current', { user: await of('user'), room: await of('room') }) }], { kind: 'info' });
    }
    const kind = scope === 'me' ? 'user' : 'room';
    if (kind === 'room' && !request.user.admin) throw new UserError('host-only');
    const locale = LOCALES.find((known) => known === language);
    await settings.setLocale(request, kind, locale);
    const speak = locale ? services.i18n(locale) : t;
    return whisper([{ type: 'note', text: speak(`lang.${kind}-${locale ? 'set' : 'cleared'}`) }], {
      kind: 'info',
      locale: locale ?? 'auto',
    });
  },
});
