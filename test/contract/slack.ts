import { startSlack } from '../../src/adapters/slack/start.ts';
import { slackSettings, until } from '../helpers/slack/bench.ts';
import { createDriver, overSocket } from '../helpers/slack/driver.ts';
import { type Hook, openSlackCom } from '../helpers/slack/slack-com.ts';
import { openWorkspace } from '../helpers/slack/workspace.ts';
import { type Contestant, openStage, type StageOptions, textsIn } from './platform.ts';

/** Slack: the real Bolt app over Socket Mode before an emulated workspace. */
export async function openSlack(options: StageOptions): Promise<Contestant> {
  const workspace = await openWorkspace({ team: 'T0STUDY', people: ['alice', 'bob', 'carol'] });
  const com = await openSlackCom([workspace]);
  const stage = await openStage({ ...options, env: slackSettings(com, workspace.botToken, 'socket', 0) });
  const adapter = await startSlack(stage.program.services, stage.program.dispatch);
  const driver = createDriver(com, overSocket(com));
  await com.socket.connected();
  const place = { team: workspace.team, channel: workspace.channels.study! };
  const hooks: Hook[] = [];
  return {
    room: { platform: 'slack', space: place.team, room: place.channel },
    stage,
    ids: Object.fromEntries(['alice', 'bob', 'carol'].map((name) => [workspace.member(name).id, name])),
    async act(user, what) {
      const member = workspace.member(user);
      const answered = stage.replies.length;
      const deed =
        'text' in what
          ? await driver.slash(place, member, what.text.startsWith('/') ? what.text : `/tutor ${what.text}`)
          : await driver.press(place, member, {
              message: { ts: '1.1' },
              element: { type: 'button', action_id: 'tutor-0', value: what.press },
            });
      hooks.push(deed.hook);
      await until('the answer', () => stage.replies.length > answered, 60_000);
    },
    visible() {
      const sent = com.calls.flatMap(({ method, args }) =>
        method === 'files.getUploadURLExternal' ? [args.filename, args.alt_text] : [args.blocks, args.text],
      );
      return textsIn([sent, hooks.flatMap(({ responses }) => responses.map(({ message }) => message.blocks))]);
    },
    async close() {
      await adapter.close();
      await stage.program.close();
      await com.close();
      await workspace.close();
      if (com.violations.length > 0) throw new Error(com.violations.join('\n'));
    },
  };
}
