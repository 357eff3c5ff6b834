// `npm run discord:register`: brings Discord's list of commands to ours; the bot does the same when it starts.
import { parseArgs } from 'node:util';
import { REST, Routes } from 'discord.js';
import { registry } from '../commands/index.ts';
import { commandsJson } from '../src/adapters/discord/commands.ts';
import { isPlaceClosed, setupError } from '../src/adapters/discord/errors.ts';
import { inviteLink } from '../src/adapters/discord/permissions.ts';
import { register } from '../src/adapters/discord/register.ts';
import { ConfigError, readConfig } from '../src/config.ts';
import { loadStrings } from '../src/core/i18n.ts';
import { explainStartError } from '../src/start-errors.ts';

const HELP = `Registers the bot's commands with Discord. 向 Discord 登记命令。

npm run discord:register                     for everyone, or for DISCORD_DEV_GUILD / 对所有人登记，设了 DISCORD_DEV_GUILD 则只对它
npm run discord:register -- --dry-run        only says what would change / 只显示会改什么
npm run discord:register -- --guild ID       for one server, where they appear at once / 只对一个服务器，立即生效
npm run discord:register -- --clear          takes the commands away again / 撤销登记
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      clear: { type: 'boolean', default: false },
      guild: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { discord } = readConfig(process.env);
  if (!discord.token) throw new ConfigError('DISCORD_TOKEN is not set. docs/discord.md says how to get one.');
  const rest = new REST({ api: discord.apiUrl.replace(/\/+$/, '') }).setToken(discord.token);
  const applicationId = discord.applicationId ?? ((await rest.get(Routes.currentApplication())) as { id: string }).id;
  const guild = values.guild ?? discord.devGuild;
  const commands = values.clear ? [] : commandsJson(registry, loadStrings());
  const difference = await register(rest, commands, { applicationId, guild, dryRun: values['dry-run'] });
  const lines = Object.entries(difference).flatMap(([what, names]) => names.map((name: string) => `${what} /${name}`));
  const place = guild ? `server ${guild}` : 'everyone';
  process.stdout.write(`${lines.length > 0 ? lines.join('\n') : 'Nothing has changed.'}\n`);
  process.stdout.write(`${values['dry-run'] ? 'Would be' : 'Is'} registered for ${place}: ${commands.length} commands.\n`);
  process.stdout.write(`Add the bot to a server: ${inviteLink(applicationId)}\n`);
}

/** What a host can put right, in one line. */
function explain(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (isPlaceClosed(error))
    return new ConfigError(`${message}: the bot is not in that server. Add it with the invite link that npm start prints.`);
  if (code && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code)) return new ConfigError(`Discord is not reachable (${code}). Is this machine online?`);
  return setupError(error) ?? error;
}

main().catch((error: unknown) => explainStartError(explain(error)));
