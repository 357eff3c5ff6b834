import { startWeb } from '../../src/adapters/web/start.ts';
import { type Contestant, openStage, type StageOptions, textsIn } from './platform.ts';

/** The playground, over HTTP. */
export async function openWeb(options: StageOptions): Promise<Contestant> {
  const stage = await openStage(options);
  const { services } = stage.program;
  const web = await startWeb(services, stage.program.dispatch);
  const seen: unknown[] = [];
  return {
    room: { platform: 'web', space: 'local', room: 'contract' },
    stage,
    ids: {},
    async act(user, what) {
      const response = await fetch(`${web.url}/api/rooms/contract/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ user, ...what }),
      });
      seen.push(((await response.json()) as { blocks: unknown }).blocks);
    },
    async visible() {
      const rows = await services.store.db.selectFrom('web_messages').select('body').where('bot', '=', 1).execute();
      return textsIn([seen, rows.map(({ body }) => (JSON.parse(body) as { blocks: unknown }).blocks)]);
    },
    async close() {
      await web.close();
      await stage.program.close();
    },
  };
}
