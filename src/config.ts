import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { LOCALES } from './core/locale.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const text = z.string().trim().min(1);
const toggle = z.enum(['on', 'off']).transform((value) => value === 'on');

/** Every setting, by its name in the environment. `.env.example` explains each; a test compares the two. */
export const settings = z.object({
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  PLAYGROUND_PASSWORD: text.optional(),
  DATABASE_FILE: text.default('data/tutor.db'),
  CONTENT_DIR: text.default('content'),
  CACHE_DIR: text.default('data/cache'),
  DEFAULT_LOCALE: z.enum(LOCALES).default('en'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TF_BACKEND: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto'),
  DISCORD_TOKEN: text.optional(),
  DISCORD_APPLICATION_ID: text.optional(),
  DISCORD_DEV_GUILD: text.optional(),
  DISCORD_MESSAGES: toggle.default(true),
  DISCORD_MESSAGE_CONTENT: toggle.default(false),
  DISCORD_LAYOUT: z.enum(['auto', 'embeds']).default('auto'),
  DISCORD_API_URL: z.url().default('https://discord.com/api'),
  SLACK_BOT_TOKEN: text.optional(),
  SLACK_APP_TOKEN: text.optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_MODE: z.enum(['socket', 'http']).default('socket'),
  SLACK_HOST: text.default('127.0.0.1'),
  SLACK_PORT: port.default(3001),
  SLACK_API_URL: z.url().default('https://slack.com/api/'),
  SLACK_CLIENT_ID: text.optional(),
  SLACK_CLIENT_SECRET: text.optional(),
});

export type Config = Readonly<ReturnType<typeof toConfig>>;

/** A setting that does not fit; its message is for the host and names the setting and the fix. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the settings once: the environment first, then the `.env` file.
 * @throws ConfigError naming the setting, what it holds and what is allowed, or the malformed line of `.env`.
 */
export function readConfig(environment: NodeJS.ProcessEnv, envFile = '.env'): Config {
  const fromFile = existsSync(envFile) ? parseEnvFile(readFileSync(envFile, 'utf8'), envFile) : {};
  // An empty variable means "not set": that is what `TOKEN=` in a copied .env.example says.
  const given = Object.fromEntries(
    Object.keys(settings.shape)
      .map((name) => [name, environment[name] ?? fromFile[name]])
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const secret = /TOKEN|SECRET|PASSWORD/.test(name);
      return `  ${name}=${secret ? '…' : given[name]}: ${issue.message}`;
    });
    throw new ConfigError(`These settings do not fit (see .env.example):\n${lines.join('\n')}`);
  }
  return toConfig(parsed.data);
}

function parseEnvFile(source: string, file: string): Record<string, string | undefined> {
  // Node's parser skips lines that it cannot read; a host should hear of them.
  let quoted: string | undefined;
  source.split(/\r?\n/).forEach((line, index) => {
    if (quoted) {
      if (line.includes(quoted)) quoted = undefined;
      return;
    }
    if (/^\s*(#|$)/.test(line)) return;
    const match = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=\s*(.*)$/.exec(line);
    if (!match) throw new ConfigError(`${file}, line ${index + 1}: expected NAME=value. Correct the line or put # before it.`);
    const opening = /^["'`]/.exec(match[1]!)?.[0];
    if (opening && !match[1]!.slice(1).includes(opening)) quoted = opening;
  });
  if (quoted) throw new ConfigError(`${file}: a quotation mark ${quoted} is opened and never closed.`);
  return parseEnv(source);
}

function toConfig(env: z.infer<typeof settings>) {
  return {
    host: env.HOST,
    port: env.PORT,
    playgroundPassword: env.PLAYGROUND_PASSWORD,
    databaseFile: env.DATABASE_FILE,
    contentDir: env.CONTENT_DIR,
    cacheDir: env.CACHE_DIR,
    defaultLocale: env.DEFAULT_LOCALE,
    logLevel: env.LOG_LEVEL,
    tfBackend: env.TF_BACKEND,
    discord: {
      token: env.DISCORD_TOKEN,
      applicationId: env.DISCORD_APPLICATION_ID,
      devGuild: env.DISCORD_DEV_GUILD,
      messages: env.DISCORD_MESSAGES,
      content: env.DISCORD_MESSAGE_CONTENT,
      layout: env.DISCORD_LAYOUT,
      apiUrl: env.DISCORD_API_URL,
    },
    slack: {
      botToken: env.SLACK_BOT_TOKEN,
      appToken: env.SLACK_APP_TOKEN,
      signingSecret: env.SLACK_SIGNING_SECRET,
      mode: env.SLACK_MODE,
      host: env.SLACK_HOST,
      port: env.SLACK_PORT,
      apiUrl: env.SLACK_API_URL,
      clientId: env.SLACK_CLIENT_ID,
      clientSecret: env.SLACK_CLIENT_SECRET,
    },
  };
}
