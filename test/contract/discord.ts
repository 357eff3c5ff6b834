import { ComponentType } from 'discord-api-types/v10';
import { startDiscord } from '../../src/adapters/discord/start.ts';
import { UserError } from '../../src/core/errors.ts';
import { parseText } from '../../src/core/parse.ts';
import type { Services } from '../../src/services.ts';
import { createPeople } from '../helpers/discord/people.ts';
import { pressables } from '../helpers/discord/reading.ts';
import { startLoopback } from '../helpers/discord/server.ts';
import type { Stored } from '../helpers/discord/world.ts';
import { until } from '../helpers/slack/bench.ts';
import { type Contestant, openStage, type StageOptions, textsIn } from './platform.ts';

/** Discord: the real discord.js client before a loopback Discord. */
export async function openDiscord(options: StageOptions): Promise<Contestant> {
  const discord = await startLoopback();
  const { world } = discord;
  const place = world.addPlace(world.addGuild('Study group'), 'study');
  const folk = new Map(
    ['alice', 'bob', 'carol'].map((name) => [name, world.addPerson(name, { locale: 'en-US', moderator: name === 'alice' })]),
  );
  const stage = await openStage({ ...options, env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url } });
  const adapter = await startDiscord(stage.program.services, stage.program.dispatch);
  const people = createPeople(discord);
  await until('the client', () => adapter.health().ok, 60_000);
  const messages = () => [...world.places.values()].flatMap((one) => [...one.messages.values()]);
  const glimpses = new Set<string>();
  world.on('change', () => {
    for (const { json, files } of messages())
      glimpses.add(
        textsIn([json.content, json.embeds, json.components, files.map((file) => [file.name, file.description])]).replace(
          /<\/([\w -]+):\d+>/g,
          '/$1',
        ),
      );
  });
  const board = (button: string): Stored => {
    const found = messages().find((message) => !message.deleted && pressables(message).some(({ id }) => id === button));
    if (found) return found;
    // A button that no message holds any more, pressed all the same.
    const [any] = messages();
    const components = [
      { type: ComponentType.ActionRow, components: [{ type: ComponentType.Button, custom_id: button, label: 'x', style: 1 }] },
    ];
    return { ...any!, onlyFor: undefined, json: { ...any!.json, components } as unknown as Stored['json'] };
  };
  return {
    room: { platform: 'discord', space: place.guild!.id, room: place.id },
    stage,
    ids: Object.fromEntries([...folk].map(([name, { id }]) => [id, name])),
    async act(user, what) {
      const person = folk.get(user)!;
      const answered = stage.replies.length;
      if ('press' in what) people.press(person, board(what.press), what.press);
      else {
        const invoked = invocation(stage.program.services, what.text);
        try {
          people.command(person, place, invoked!.name, invoked!.options);
        } catch {
          // What Discord's own client does not let people send can still be said to the bot.
          people.say(person, place, `<@${world.bot.id}> ${what.text}`);
        }
      }
      await until('the answer', () => stage.replies.length > answered, 60_000);
    },
    visible: () => [...glimpses].join('\n'),
    async close() {
      await adapter.close();
      await stage.program.close();
      await discord.close();
      if (discord.problems.length > 0) throw new Error(discord.problems.join('\n'));
    },
  };
}

/** A typed line as a person fills in Discord's form: subcommands apart, numbers as numbers, pairs in one field. */
function invocation(
  { registry }: Services,
  line: string,
): { name: string; options: Record<string, string | number | boolean> } | undefined {
  try {
    const { command, options } = parseText(line, registry);
    const table = registry.get(command)!.options;
    const pairs = Object.keys(table).find((name) => table[name]!.type === 'pairs');
    const given: Record<string, string | number | boolean> = {};
    let name = command;
    for (const [key, value] of Object.entries(options)) {
      const option = table[key];
      if (option === undefined && pairs) given[pairs] = `${given[pairs] ?? ''} ${key}:${value}`.trim();
      else if (option?.type === 'choice' && option.subcommand) name = `${command} ${value}`;
      else
        given[key] =
          option?.type === 'integer' || option?.type === 'number' ? Number(value) : option?.type === 'boolean' ? value === 'true' : value;
    }
    return { name, options: given };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
