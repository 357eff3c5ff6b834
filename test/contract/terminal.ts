import { PassThrough } from 'node:stream';
import { runJsonMode } from '../../src/adapters/terminal/json-mode.ts';
import { until } from '../helpers/slack/bench.ts';
import { type Contestant, openStage, type StageOptions, textsIn } from './platform.ts';

/** The terminal's JSON mode, over its streams. */
export async function openTerminal(options: StageOptions): Promise<Contestant> {
  const stage = await openStage(options);
  const input = new PassThrough();
  const lines: { event?: string; blocks?: unknown; reply?: { blocks: unknown } }[] = [];
  const answers = () => lines.filter(({ event }) => event === undefined).length;
  const running = runJsonMode(stage.program.services, stage.program.dispatch, {
    input,
    write: (line) => void lines.push(JSON.parse(line)),
    out: options.folder,
  });
  return {
    room: { platform: 'terminal', space: 'local', room: 'contract' },
    stage,
    ids: {},
    async act(user, what) {
      const before = answers();
      input.write(`${JSON.stringify({ user, room: 'contract', ...what })}\n`);
      await until('the answer', () => answers() > before, 60_000);
    },
    visible: () => textsIn(lines.map(({ blocks, reply }) => [blocks, reply?.blocks])),
    async close() {
      input.end();
      await running;
      await stage.program.close();
    },
  };
}
