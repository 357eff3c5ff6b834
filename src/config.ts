import { dirname, join } from 'node:path';
import { z } from 'zod';
import { LOCALES } from './core/locale.ts';
import { nearest } from './core/nearest.ts';
import { ALL, isAll, ROLES, type Role, readRoles } from './core/roles.ts';
import { type EnvFile, readEnvFile } from './env-file.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const text = z.string().trim().min(1);
const HOUR = 3_600_000;
/** `12h`, `7d` or `off`, in milliseconds; null where it is off. */
const every = z
  .string()
  .trim()
  .regex(/^(off|[1-9]\d{0,3}[hd])$/, 'expected for example 12h, 1d or off')
  .transform((typed) => (typed === 'off' ? null : Number.parseInt(typed, 10) * (typed.endsWith('d') ? 24 * HOUR : HOUR)));
const role = z
  .string()
  .trim()
  .transform((typed, ctx): ReadonlySet<Role> => {
    const read = readRoles(typed);
    if ('roles' in read) return read.roles;
    const said = read.unknown.map((name) => {
      const meant = nearest(name, [ALL, ...ROLES]);
      return `“${name}” is no role${meant ? `, ${meant} perhaps` : ''}; `;
    });
    ctx.addIssue({ code: 'custom', message: `${said.join('')}expected ${ALL}, or of ${ROLES.join(', ')} one or several with commas` });
    return z.NEVER;
  });
const toggle = z.enum(['on', 'off']).transform((value) => value === 'on');

/** Every setting, by its name in the environment. `.env.example` explains each; a test compares the two. */
export const settings = z.object({
  ROLE: role.default(new Set(ROLES)),
  HOST: text.default('127.0.0.1'),
  PORT: port.default(3000),
  PLAYGROUND_PASSWORD: text.optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'expected https://name of the page' }).optional(),
  DATABASE_FILE: text.default('data/tutor.db'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://name:password@host:5432/database' }).optional(),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(1000).default(10),
  CONTENT_DIR: text.default('content'),
  CACHE_DIR: text.default('data/cache'),
  BACKUP_EVERY: every.default(24 * HOUR),
  BACKUP_KEEP: z.coerce.number().int().min(1).max(1000).default(7),
  BACKUP_DIR: text.optional(),
  METRICS_HOST: text.default('127.0.0.1'),
  METRICS_PORT: port.optional(),
  DEFAULT_LOCALE: z.enum(LOCALES).default('en'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TF_BACKEND: z.enum(['auto', 'native', 'wasm', 'cpu']).default('auto'),
  DISCORD_TOKEN: text.optional(),
  DISCORD_APPLICATION_ID: text.optional(),
  DISCORD_DEV_GUILD: text.optional(),
  DISCORD_MESSAGES: toggle.default(true),
  DISCORD_MESSAGE_CONTENT: toggle.default(false),
  DISCORD_SHARDS: z.coerce.number().int().min(1).max(100_000).optional(),
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

export type Config = Readonly<ReturnType<typeof toConfig>> & {
  /** Variables that are no setting of ours, though they look like one. */
  misspelt: { name: string; meant?: string }[];
};

/** A setting that does not fit; its message is for the host and names the setting and the fix. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the settings once: the environment first, then the `.env` file.
 * @throws ConfigError with everything that does not fit: each setting, what it holds and what is allowed, and each
 * malformed line of `.env`.
 */
export function readConfig(environment: NodeJS.ProcessEnv, envFile = '.env'): Config {
  const file = readEnvFile(envFile);
  // An empty variable means "not set": that is what `TOKEN=` in a copied .env.example says.
  const given = Object.fromEntries(
    Object.keys(settings.shape)
      .map((name) => [name, environment[name] ?? file.values[name]])
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  const faults = [
    ...file.faults,
    ...(parsed.error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0]);
      const secret = /TOKEN|SECRET|PASSWORD|DATABASE_URL/.test(name);
      return `${name}=${secret ? '…' : given[name]}: ${message}`;
    }),
    ...roleFaults(given),
  ];
  if (!parsed.success || faults.length > 0)
    throw new ConfigError(`These settings do not fit (see .env.example):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return { ...toConfig(parsed.data), misspelt: misspelt(environment, file.values) };
}

/** What a process that does not do everything lacks for what it does; told beside what else does not fit. */
function roleFaults(given: Record<string, string | undefined>): string[] {
  const { data: roles } = settings.shape.ROLE.safeParse(given.ROLE);
  if (!roles || isAll(roles)) return [];
  const faults: [boolean, string][] = [
    [given.DATABASE_URL === undefined, `needs DATABASE_URL, the Postgres that the processes share; without one leave ROLE=${ALL}`],
    [roles.has('gateway') && given.DISCORD_TOKEN === undefined, 'needs DISCORD_TOKEN for gateway; set it or leave gateway out'],
    [
      roles.has('slack') && given.SLACK_BOT_TOKEN === undefined && given.SLACK_CLIENT_ID === undefined,
      'needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, for slack; set them or leave slack out',
    ],
  ];
  return faults.flatMap(([wrong, what]) => (wrong ? [`ROLE=${given.ROLE}: ${what}`] : []));
}

/**
 * Names that are no setting though somebody may think so: every unknown one in `.env`, and those of the environment
 * that are nearly one of ours and begin like it; the environment holds much that is not about us.
 */
function misspelt(environment: NodeJS.ProcessEnv, fromFile: EnvFile['values']): { name: string; meant?: string }[] {
  const names = Object.keys(settings.shape);
  const meantBy = (name: string) => nearest(name, names);
  const unknown = (name: string) => !names.includes(name);
  const near = (name: string) => name.includes('_') && meantBy(name)?.split('_')[0] === name.split('_')[0];
  return [
    ...new Set([...Object.keys(fromFile).filter(unknown), ...Object.keys(environment).filter((name) => unknown(name) && near(name))]),
  ].map((name) => {
    const meant = meantBy(name);
    return { name, ...(meant && { meant }) };
  });
}

function toConfig(env: z.infer<typeof settings>) {
  return {
    roles: env.ROLE,
    host: env.HOST,
    port: env.PORT,
    playgroundPassword: env.PLAYGROUND_PASSWORD,
    publicUrl: env.PUBLIC_URL,
    databaseFile: env.DATABASE_FILE,
    databaseUrl: env.DATABASE_URL,
    databaseConnections: env.DATABASE_CONNECTIONS,
    contentDir: env.CONTENT_DIR,
    cacheDir: env.CACHE_DIR,
    backups: { every: env.BACKUP_EVERY, keep: env.BACKUP_KEEP, dir: env.BACKUP_DIR ?? join(dirname(env.DATABASE_FILE), 'backups') },
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    defaultLocale: env.DEFAULT_LOCALE,
    logLevel: env.LOG_LEVEL,
    tfBackend: env.TF_BACKEND,
    discord: {
      token: env.DISCORD_TOKEN,
      applicationId: env.DISCORD_APPLICATION_ID,
      devGuild: env.DISCORD_DEV_GUILD,
      messages: env.DISCORD_MESSAGES,
      content: env.DISCORD_MESSAGE_CONTENT,
      shards: env.DISCORD_SHARDS,
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
