import { defineCommand } from '../src/core/command.ts';
import { actionId } from '../src/core/ids.ts';
import { whisper } from '../src/core/reply.ts';
import { personOf } from './review.ts';

export default defineCommand({
  name: 'forget-me',
  description: { en: 'Delete everything that is stored about you; asks once more', zh: '删除关于你的全部数据；会再问一次' },
  visibility: 'private',
  examples: ['/forget-me'],
  options: {},
  run({ t }) {
    return whisper(
      [
        { type: 'note', tone: 'warning', text: t('forget.sure') },
        {
          type: 'buttons',
          items: [
            { id: actionId('forget-me', 'yes'), label: t('forget.yes'), style: 'danger' },
            { id: actionId('forget-me', 'no'), label: t('forget.no') },
          ],
        },
      ],
      { kind: 'info', forgotten: false },
    );
  },
  actions: {
    async yes(ctx) {
      await ctx.services.learning.forget(await personOf(ctx));
      return whisper([{ type: 'note', text: ctx.t('forget.done') }], { kind: 'info', forgotten: true });
    },
    no: ({ t }) => whisper([{ type: 'note', text: t('forget.kept') }], { kind: 'info', forgotten: false }),
  },
});
