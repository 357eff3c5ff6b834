import type { Adapter } from '../../../src/adapters/adapter.ts';
import { startSlack } from '../../../src/adapters/slack/start.ts';
import type { ManualClock } from '../clock.ts';
import { type Program, type ProgramOptions, startProgram } from '../playground.ts';
import { createDriver, type Driver, overHttp, overSocket, SIGNING_SECRET } from './driver.ts';
import type { PressedElement, ShownMessage } from './payloads.ts';
import { openSlackCom, type SlackCom } from './slack-com.ts';
import { freePort, openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

/** The program with the real Bolt app, in this process, before a pretended Slack. */
export interface SlackBench {
  program: Program;
  adapter: Adapter;
  com: SlackCom;
  workspace: Workspace;
  driver: Driver;
  /** Where Slack's messages go in HTTP mode. */
  url: string;
  close(): Promise<void>;
}

export interface SlackBenchOptions extends Omit<ProgramOptions, 'env'> {
  mode?: 'http' | 'socket';
  env?: Record<string, string>;
  workspace?: Partial<WorkspaceOptions>;
  clock?: ManualClock;
}

export async function openSlackBench(options: SlackBenchOptions): Promise<SlackBench> {
  const { mode = 'http', env, workspace: wanted, ...rest } = options;
  const workspace = await openWorkspace({ team: 'T0STUDY', people: ['alice', 'bob', 'carol'], ...wanted });
  const com = await openSlackCom([workspace]);
  const port = await freePort();
  const program = await startProgram({ ...rest, env: { ...slackSettings(com, workspace.botToken, mode, port), ...env } });
  const adapter = await startSlack(program.services, program.dispatch);
  await program.services.resume();
  const url = `http://127.0.0.1:${port}/slack/events`;
  if (mode === 'socket') await com.socket.connected();
  const bench: SlackBench = {
    program,
    adapter,
    com,
    workspace,
    url,
    driver: createDriver(com, mode === 'http' ? overHttp(url, com) : overSocket(com)),
    async close() {
      const closing = bench.adapter.close().then(() => true);
      // Edits that wait for their turn go out while the test's clock goes on.
      if (options.clock) while (!(await Promise.race([closing, options.clock.advance(1_000)])));
      await closing;
      await bench.program.close();
      await com.close();
      await workspace.close();
    },
  };
  return bench;
}

/** A new program over the same files and before the same Slack. The old one is left as a killed process leaves it. */
export async function restartSlack(bench: SlackBench, options: ProgramOptions): Promise<void> {
  const settings = slackSettings(bench.com, bench.workspace.botToken, 'socket', 0);
  bench.program = await startProgram({ ...options, env: { LOG_LEVEL: 'fatal', ...settings, ...options.env } });
  bench.adapter = await startSlack(bench.program.services, bench.program.dispatch);
  const opened = bench.com.socket.opened();
  await until('the new connection', () => bench.com.socket.opened() > opened);
  await bench.program.services.resume();
}

export function slackSettings(com: SlackCom, botToken: string | undefined, mode: 'http' | 'socket', port: number): Record<string, string> {
  return {
    ...(botToken && { SLACK_BOT_TOKEN: botToken }),
    SLACK_APP_TOKEN: com.socket.appToken,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_MODE: mode,
    SLACK_PORT: String(port),
    SLACK_API_URL: com.apiUrl,
  };
}

/** Waits for something that happens soon; fails with what it waited for. */
export async function until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>, ms = 90_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The channel as a person's own client reads it, oldest first. */
export async function history(workspace: Workspace, channel: string, name = 'alice'): Promise<(ShownMessage & Record<string, unknown>)[]> {
  const { messages = [] } = await workspace.member(name).client.conversations.history({ channel, limit: 200 });
  return (messages as (ShownMessage & Record<string, unknown>)[]).reverse();
}

/** What was answered in a thread, as a person's own client reads it. */
export async function replies(workspace: Workspace, channel: string, ts: string, name = 'alice') {
  const { messages = [] } = await workspace.member(name).client.conversations.replies({ channel, ts });
  return (messages as (ShownMessage & Record<string, unknown>)[]).filter((message) => message.ts !== ts);
}

/** The buttons and lists of a message. */
export function elementsOf(message: { blocks?: unknown[] }): PressedElement[] {
  const blocks = (message.blocks ?? []) as { type: string; elements?: PressedElement[] }[];
  return blocks.filter(({ type }) => type === 'actions').flatMap(({ elements = [] }) => elements);
}

export function buttonOf(message: { blocks?: unknown[] }, label: RegExp | string): PressedElement {
  const found = elementsOf(message).find(({ text }) => {
    const shown = (text as { text?: string } | undefined)?.text ?? '';
    return typeof label === 'string' ? shown === label : label.test(shown);
  });
  if (!found) throw new Error(`no button ${label} on ${JSON.stringify(message).slice(0, 400)}`);
  return found;
}
