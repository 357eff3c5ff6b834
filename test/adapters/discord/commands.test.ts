import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REST, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../../commands/index.ts';
import { commandsJson } from '../../../src/adapters/discord/commands.ts';
import { register } from '../../../src/adapters/discord/register.ts';
import { loadStrings } from '../../../src/core/i18n.ts';
import { checkCommands } from '../../helpers/discord/command-rules.ts';
import { type LoopbackDiscord, startLoopback } from '../../helpers/discord/server.ts';
import { hasSpec, loadSpec, SPEC_MISSING } from '../../helpers/discord/spec.ts';
import { sampleRegistry } from '../../helpers/registry.ts';

const commands = commandsJson(registry, loadStrings());
const isTyped = (command: (typeof commands)[number]): command is RESTPostAPIChatInputApplicationCommandsJSONBody => command.type === 1;
const typed = commands.filter(isTyped);
const byName = (name: string) => typed.find((command) => command.name === name)!;

describe('the list of commands', () => {
  it('keeps within what Discord’s pages say', () => {
    expect(checkCommands(commands)).toEqual([]);
    expect(typed.map(({ name }) => name)).toEqual([...registry.keys()]);
    expect(commands.filter((command) => !isTyped(command))).toMatchObject([{ type: 3, name: 'Save as note' }]);
  });

  it('fits Discord’s own description', (ctx) => {
    const spec = loadSpec();
    if (!spec) return ctx.skip(SPEC_MISSING);
    expect(hasSpec).toBe(true);
    expect(spec.request('PUT', '/applications/{application_id}/commands', commands)).toEqual([]);
    return undefined;
  });

  it('has names and texts in Simplified and Traditional Chinese, and names English too', () => {
    for (const command of typed) {
      expect(
        Object.keys(command.name_localizations ?? {}),
        `a name for /${command.name} in content/locales, section discord.commands`,
      ).toEqual(['en-US', 'zh-CN', 'zh-TW']);
      expect(Object.keys(command.description_localizations ?? {})).toEqual(['en-US', 'zh-CN', 'zh-TW']);
    }
    expect(byName('quiz').name_localizations).toEqual({ 'en-US': 'quiz', 'zh-CN': '测验', 'zh-TW': '測驗' });
    expect(byName('explain').description_localizations?.['zh-TW']).toMatch(/講解|主題/);
  });

  it('shows the choices of /quiz as subcommands, each with its own options only', () => {
    const { options } = byName('quiz') as { options: { name: string; type: number; options: { name: string }[] }[] };
    const { choices } = registry.get('quiz')!.options.do as { choices: readonly string[] };
    expect(options.map(({ name, type }) => [name, type])).toEqual(choices.map((name) => [name, 1]));
    expect(options[0]!.options.map(({ name }) => name)).toContain('topic');
    expect(options.find(({ name }) => name === 'stop')!.options).toEqual([]);
  });

  it('offers group games only where the bot is a member, and the rest wherever a person takes it', () => {
    expect(byName('quiz')).toMatchObject({ integration_types: [0], contexts: [0, 1] });
    expect(byName('explain')).toMatchObject({ integration_types: [0, 1], contexts: [0, 1, 2] });
  });

  it('maps every kind of option, the required ones first', () => {
    const sample = commandsJson(sampleRegistry, loadStrings());
    expect(checkCommands(sample)).toEqual([]);
    const demo = sample.filter(isTyped).find(({ name }) => name === 'demo')!;
    expect(demo.options?.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['name', 3, true],
      ['parameters', 3, false],
      ['seed', 4, false],
      ['predict', 5, false],
    ]);
  });
});

describe('registration', () => {
  let discord: LoopbackDiscord;
  let rest: REST;
  beforeAll(async () => {
    discord = await startLoopback();
    rest = new REST({ api: discord.url }).setToken(discord.token);
  });
  beforeEach(() => {
    discord.world.commands.global = [];
    discord.seen.length = 0;
  });
  afterAll(() => discord.close());
  const puts = () => discord.seen.filter(({ method }) => method === 'PUT').length;

  it('sends the list once, and nothing while it stays the same', async () => {
    const options = { applicationId: discord.world.applicationId };
    expect(await register(rest, commands, options)).toEqual({ added: [...registry.keys(), 'Save as note'], changed: [], removed: [] });
    expect(await register(rest, commands, options)).toEqual({ added: [], changed: [], removed: [] });
    expect(puts()).toBe(1);
    expect(discord.problems).toEqual([]);
  });

  it('names what changed, a translation included, and what is gone', async () => {
    const options = { applicationId: discord.world.applicationId };
    await register(rest, commands, options);
    const [first, ...others] = structuredClone(commands);
    first!.description_localizations!['zh-CN'] = '另一句话';
    const changed = [first!, ...others.slice(1)];
    expect(await register(rest, changed, { ...options, dryRun: true })).toEqual({ added: [], changed: ['explain'], removed: ['ask'] });
    expect(puts()).toBe(1);
    await register(rest, changed, options);
    expect(puts()).toBe(2);
    expect(discord.world.commands.global).toHaveLength(commands.length - 1);
  });

  it('goes to one server only where that is asked for', async () => {
    const guild = discord.world.addGuild('Workshop');
    await register(rest, commands, { applicationId: discord.world.applicationId, guild: guild.id });
    expect(discord.world.commands.global).toEqual([]);
    expect(discord.world.commands.guilds.get(guild.id)).toHaveLength(commands.length);
  });

  const run = async (args: string[], env: Record<string, string>) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../../scripts/discord-register.ts'), ...args], {
      env: { PATH: process.env.PATH ?? '', DISCORD_API_URL: discord.url, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, output };
  };

  it('is what npm run discord:register does, and it says what it did', { timeout: 60_000 }, async () => {
    const { code, output } = await run([], { DISCORD_TOKEN: discord.token });
    expect(output).toMatch(/added \/explain[\s\S]*Is registered for everyone: \d+ commands[\s\S]*oauth2\/authorize/);
    expect(code).toBe(0);
    expect(discord.world.commands.global).toHaveLength(commands.length);
  });

  it.each([
    ['a token that is missing', {}, /DISCORD_TOKEN is not set/],
    ['a token that is wrong', { DISCORD_TOKEN: 'nonsense' }, /Bot → “Reset Token”/],
    ['a Discord out of reach', { DISCORD_TOKEN: 'a', DISCORD_API_URL: 'http://127.0.0.1:9/api' }, /not reachable/],
  ])('tells of %s in one line', { timeout: 60_000 }, async (_what, env, expected) => {
    const { code, output } = await run(['--dry-run'], env as Record<string, string>);
    expect(code).toBe(1);
    expect(output).toMatch(expected);
    expect(output).not.toMatch(/\n\s+at /);
  });
});
