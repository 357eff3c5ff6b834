import { startWeb } from '../../src/adapters/web/start.ts';
import { createJars } from '../helpers/jar.ts';
import { type Contestant, openStage, type StageOptions, textsIn } from './platform.ts';

/** The playground, over HTTP. */
export async function openWeb(options: StageOptions): Promise<Contestant> {
  const stage = await openStage(options);
  const { services } = stage.program;
  const web = await startWeb(services, stage.program.dispatch);
  const seen: unknown[] = [];
  const jarOf = createJars();
  const ids: Record<string, string> = {};
  return {
    room: { platform: 'web', space: 'local', room: 'contract' },
    stage,
    ids,
    async act(user, what) {
      const send = (where: string, body: unknown) =>
        jarOf(user).fetch(web.url + where, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
      if (!Object.values(ids).includes(user)) {
        const { person } = (await (await send('/api/me', { user })).json()) as { person: { id: string } };
        ids[person.id] = user;
      }
      const response = await send('/api/rooms/contract/messages', what);
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
