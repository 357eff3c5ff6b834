import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { type Reply, whisper } from '../src/core/reply.ts';

export default defineCommand({
  name: 'link',
  description: {
    en: 'Be one person on several devices and platforms: a code to enter elsewhere',
    zh: '在多个设备和平台上用同一身份：获取或输入关联码',
  },
  visibility: 'private',
  navigates: ['join', 'leave'],
  examples: ['/link', '/link 7F3K-9QMD'],
  options: {
    code: {
      type: 'string',
      positional: true,
      rest: true,
      maxLength: 40,
      description: { en: 'a code that you got with /link on the other device', zh: '在另一设备上用 /link 得到的关联码' },
    },
  },
  run: (ctx, { code }) => (code === undefined ? give(ctx) : ask(ctx, code)),
  actions: {
    async join(ctx, [code]) {
      const { name, platform } = await ctx.services.links.take(ctx.request, code ?? '');
      return whisper([{ type: 'note', text: ctx.t('link.done', { name, where: ctx.t(`link.on-${platform}`) }) }], {
        kind: 'info',
        linked: true,
      });
    },
    leave: ({ t }) => whisper([{ type: 'note', text: t('link.left') }], { kind: 'info', linked: false }),
  },
});

async function give({ services, request, t }: Context): Promise<Reply> {
  const { code, expiresAt } = await services.links.give(request);
  const others = [...new Set((await services.links.others(request)).map(({ platform }) => t(`link.on-${platform}`)))];
  return whisper(
    [
      { type: 'heading', text: t('link.title') },
      { type: 'markdown', text: `**${code}**` },
      { type: 'note', text: t('link.how', { code }) },
      { type: 'deadline', text: t('link.until', { time: '{time}' }), at: expiresAt },
      { type: 'note', tone: 'warning', text: t('link.secret') },
      ...(others.length > 0 ? [{ type: 'note' as const, text: t('link.others', { where: others.join(t('link.and')) }) }] : []),
    ],
    { kind: 'info', code, expiresAt },
  );
}

/** Asked once more: what is joined cannot be parted again. */
async function ask({ services, request, t }: Context, typed: string): Promise<Reply> {
  const { name, platform } = await services.links.look(request, typed);
  const code = typed.replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (code.length > 20) throw new UserError('link-wrong-code');
  return whisper(
    [
      { type: 'note', tone: 'warning', text: t('link.sure', { name, where: t(`link.on-${platform}`) }) },
      {
        type: 'buttons',
        items: [
          { id: actionId('link', 'join', code), label: t('link.join'), style: 'primary' },
          { id: actionId('link', 'leave'), label: t('link.leave') },
        ],
      },
    ],
    { kind: 'info', linked: false },
  );
}
