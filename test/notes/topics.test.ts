import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/request.ts';
import { nextAfter, pathTo } from '../../src/notes/path.ts';
import { type Program, startProgram } from '../helpers/playground.ts';

let program: Program;
let asked = 0;
const ask = (what: Partial<Request>) =>
  program.dispatch({
    id: `t${++asked}`,
    platform: 'terminal',
    space: 'local',
    room: 'main',
    user: { id: 'ada', name: 'Ada', admin: true },
    options: {},
    receivedAt: Date.now(),
    ...what,
  });
type Told = { path: string[]; next: string[]; topics: string[]; code?: string };

beforeAll(async () => {
  program = await startProgram({ folder: mkdtempSync(join(tmpdir(), 'topics-')) });
});
afterAll(() => program.close());

describe('/topics', () => {
  it('leads from any topic to what to read before, nothing before what it needs', async () => {
    const { notes } = program.services;
    for (const topic of notes.content().topics.values()) {
      const path = pathTo(notes, topic);
      expect(path.at(-1)).toBe(topic);
      path.forEach((one, i) => {
        for (const id of one.needs)
          expect(
            path.slice(0, i).map((before) => before.id),
            one.id,
          ).toContain(id);
      });
      for (const next of nextAfter(notes, topic.id)) expect(next.needs).toContain(topic.id);
    }
    const { result } = await ask({ command: 'topics', options: { path: 'lstm' } });
    expect((result as unknown as Told).path.slice(-2)).toEqual(['recurrent-networks', 'lstm-and-gru']);
  });

  it('opens every area by a button, and each of its topics from there', async () => {
    const { topics } = program.services.notes.content();
    const { blocks } = await ask({ command: 'topics' });
    const buttons = blocks.flatMap((block) => (block.type === 'buttons' ? block.items : []));
    const listed: string[] = [];
    for (const { id, label } of buttons) {
      const area = await ask({ action: id });
      const rows = area.blocks.flatMap((block) => (block.type === 'rows' ? block.items : []));
      expect(label).toMatch(new RegExp(`\\(${rows.length}\\)$`));
      listed.push(...(area.result as unknown as Told).topics);
    }
    expect(listed.sort()).toEqual([...topics.keys()].sort());
  });

  it('says in Chinese what stands alone, and names the nearest for what is none', async () => {
    const alone = await ask({ command: 'topics', options: { path: '损失函数' }, locale: 'zh' });
    expect((alone.result as unknown as Told).path).toEqual(['loss-functions']);
    expect(JSON.stringify(alone.blocks)).toContain('不依赖其他笔记');
    expect(((await ask({ command: 'topics', options: { path: 'xyzzy' } })).result as unknown as Told).code).toBe('unknown-topic');
  });
});
