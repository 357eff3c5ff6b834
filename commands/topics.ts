import { defineCommand } from '../src/core/command.ts';
import { type Block, say } from '../src/core/reply.ts';
import { textOf } from '../src/notes/content.ts';

export default defineCommand({
  name: 'topics',
  description: { en: 'What I can explain, by area', zh: '我能讲解的主题，按领域分组' },
  visibility: 'public',
  examples: ['/topics'],
  options: {},
  run({ services, t, locale }) {
    const topics = [...services.notes.content().topics.values()];
    const areas = [...new Set(topics.map(({ area }) => area))];
    const blocks: Block[] = [
      { type: 'heading', text: t('notes.topics-title', { count: topics.length }) },
      {
        type: 'fields',
        items: areas.map((area) => ({
          name: areaName(t, area),
          value: topics
            .filter((topic) => topic.area === area)
            .map((topic) => textOf(topic, locale).title)
            .join(locale === 'zh' ? '、' : ', '),
        })),
      },
      { type: 'note', text: t('notes.topics-hint') },
    ];
    return say(blocks, {
      kind: 'info',
      topics: topics.map(({ id, area }) => ({
        id,
        area,
        title: textOf(services.notes.topic(id)!, locale).title,
      })),
    });
  },
});

/** A group's own areas have no translation and are shown as they are. */
function areaName(t: (key: string) => string, area: string): string {
  const key = `notes.area-${area}`;
  const name = t(key);
  return name.includes(key) ? area : name;
}
