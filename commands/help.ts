import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { commandHelp, overview } from '../src/core/help.ts';
import { nearest } from '../src/core/nearest.ts';
import { type Block, whisper } from '../src/core/reply.ts';
import { KEPT_DAYS } from '../src/gaps/create.ts';

export default defineCommand({
  name: 'help',
  description: { en: 'What I can do, or how one command works', zh: '查看我能做什么，或某个命令的用法' },
  visibility: 'private',
  examples: ['/help', '/help demo'],
  options: {
    command: {
      type: 'string',
      positional: true,
      description: { en: 'a command', zh: '命令名' },
      suggest: (services, typed) =>
        [...services.registry.keys()].filter((name) => name.startsWith(typed)).map((name) => ({ value: name, label: `/${name}` })),
    },
  },
  async run({ services, request, room, t, locale }, { command }) {
    const { registry } = services;
    const discord = request.platform === 'discord';
    // Discord shows subcommands, and options under their translated names.
    const typing = { subcommands: discord, names: discord && locale !== 'en' ? services.i18n.section(locale, 'discord.options') : {} };
    if (command === undefined) {
      const { gaps } = await services.gaps.settings(room);
      const kept: Block[] = gaps ? [{ type: 'note', text: t('privacy.gaps-on', { days: KEPT_DAYS }) }] : [];
      return whisper([...overview(registry, locale, t, await services.demos.backend(), typing), ...kept], {
        kind: 'info',
        commands: [...registry.keys()],
      });
    }
    const name = command.replace(/^\//, '').toLowerCase();
    const found = registry.get(name);
    if (!found) {
      const close = nearest(name, [...registry.keys()]);
      throw new UserError(close ? 'unknown-command-did-you-mean' : 'unknown-command', {
        command: name.slice(0, 40),
        suggestion: close ?? '',
      });
    }
    return whisper(commandHelp(found, locale, t, typing), { kind: 'info', command: found.name });
  },
});
