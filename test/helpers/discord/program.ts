import type { Adapter } from '../../../src/adapters/adapter.ts';
import { startDiscord } from '../../../src/adapters/discord/start.ts';
import type { Dispatch } from '../../../src/core/dispatch.ts';
import type { Reply } from '../../../src/core/reply.ts';
import type { Request } from '../../../src/core/request.ts';
import { type Program, type ProgramOptions, startProgram } from '../playground.ts';
import { createPeople, type People } from './people.ts';
import { type LoopbackDiscord, type LoopbackOptions, startLoopback } from './server.ts';
import type { Person, Place } from './world.ts';

export interface DiscordProgram extends Program {
  discord: LoopbackDiscord;
  people: People;
  adapter: Adapter;
  /** Replies of the core by request id, for comparison with what Discord shows and with other platforms. */
  replies: Map<string, Reply>;
  /** Requests to the core, in order. */
  requests: Request[];
  /** A server with one channel, and somebody in it. */
  home: { place: Place; ana: Person; ben: Person };
}

export interface DiscordProgramOptions extends ProgramOptions {
  loopback?: LoopbackOptions;
  /** Furnishes the loopback Discord before the bot comes. */
  prepare?: (discord: LoopbackDiscord) => void;
  token?: string;
}

/** The real adapter and services with the real discord.js client, connected to a loopback Discord. */
export async function startDiscordProgram({ loopback, prepare, token, env, ...options }: DiscordProgramOptions): Promise<DiscordProgram> {
  const discord = await startLoopback(loopback);
  const { world } = discord;
  const guild = world.addGuild('Study group');
  const home = {
    place: world.addPlace(guild, 'general'),
    ana: world.addPerson('Ana', { moderator: true }),
    ben: world.addPerson('Ben', { locale: 'zh-CN' }),
  };
  prepare?.(discord);
  const program = await startProgram({ ...options, env: { DISCORD_TOKEN: token ?? discord.token, DISCORD_API_URL: discord.url, ...env } });
  const replies = new Map<string, Reply>();
  const requests: Request[] = [];
  const dispatch: Dispatch = async (request, hooks) => {
    requests.push(request);
    const reply = await program.dispatch(request, hooks);
    replies.set(request.id, reply);
    return reply;
  };
  const adapter = await startDiscord(program.services, dispatch);
  return {
    ...program,
    dispatch,
    discord,
    people: createPeople(discord),
    adapter,
    replies,
    requests,
    home,
    async close() {
      await adapter.close();
      await program.close();
      await discord.close();
    },
  };
}
