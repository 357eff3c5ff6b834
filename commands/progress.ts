import { defineCommand } from '../src/core/command.ts';
import { whisper } from '../src/core/reply.ts';
import { buttonRow, nextId } from '../src/learn/present.ts';
import { progressBlocks, progressChart } from '../src/learn/progress-view.ts';
import { personOf } from './review.ts';

export default defineCommand({
  name: 'progress',
  description: {
    en: 'Your mastery by topic, what you will remember, reviews to come, your streak',
    zh: '你的掌握程度、记忆预测、待复习题和连续天数',
  },
  visibility: 'private',
  slow: true,
  examples: ['/progress'],
  options: {},
  async run(ctx) {
    const { services, t, locale } = ctx;
    const person = await personOf(ctx);
    const progress = await services.learning.progress(person);
    const view = { notes: services.notes, locale, t };
    const spec = progressChart(view, progress);
    const due = progress.due[0]?.count ?? 0;
    return whisper(
      [
        { type: 'heading', text: t('progress.title') },
        ...(spec ? [await services.demos.chart('progress', spec)] : []),
        ...progressBlocks(view, progress),
        ...buttonRow(due > 0 ? [{ id: nextId(person), label: t('review.start-count', { count: due }), style: 'primary' }] : []),
      ],
      { kind: 'info', progress },
    );
  },
});
