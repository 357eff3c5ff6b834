import { defineCommand } from '../src/core/command.ts';
import { whisper } from '../src/core/reply.ts';
import { KEPT_DAYS } from '../src/gaps/create.ts';

export default defineCommand({
  name: 'privacy',
  description: { en: 'Whether boards and leaderboards show my name', zh: '榜单和测验是否显示我的名字' },
  visibility: 'private',
  examples: ['/privacy', '/privacy hide', '/privacy show'],
  options: {
    name: {
      type: 'choice',
      choices: ['hide', 'show'],
      positional: true,
      labels: { hide: { en: 'do not name me', zh: '不显示我的名字' }, show: { en: 'show my name', zh: '显示我的名字' } },
      description: { en: 'hide or show my name', zh: '隐藏或显示我的名字' },
    },
  },
  async run({ request, room, services, t }, { name }) {
    const { scores } = services;
    if (name !== undefined) await scores.setHidden(room, request.user, name === 'hide');
    const hidden = await scores.isHidden(room, request.user.id);
    const { gaps } = await services.gaps.settings(room);
    return whisper(
      [
        { type: 'note', text: t(hidden ? 'privacy.hidden' : 'privacy.shown') },
        { type: 'note', text: t(gaps ? 'privacy.gaps-on' : 'privacy.gaps-off', { days: KEPT_DAYS }) },
      ],
      { kind: 'info', hidden, gaps },
    );
  },
});
