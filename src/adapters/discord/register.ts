import type { RESTPostAPIApplicationCommandsJSONBody as CommandJson } from 'discord.js';
import { type REST, Routes } from 'discord.js';

export interface Registration {
  /** Names of commands that are new, that differ, and that are gone; all empty when nothing had to be sent. */
  added: string[];
  changed: string[];
  removed: string[];
}

export interface RegisterOptions {
  applicationId: string;
  /** Commands of one server appear at once; those for everyone otherwise. */
  guild?: string | undefined;
  /** Only says what would be sent. */
  dryRun?: boolean;
}

const WITH_LOCALIZATIONS = new URLSearchParams({ with_localizations: 'true' });

/** Brings Discord's list of commands to ours, and sends nothing when it is the same already. */
export async function register(rest: REST, commands: readonly CommandJson[], options: RegisterOptions): Promise<Registration> {
  const { applicationId, guild, dryRun } = options;
  const route = guild ? Routes.applicationGuildCommands(applicationId, guild) : Routes.applicationCommands(applicationId);
  const there = (await rest.get(route, { query: WITH_LOCALIZATIONS })) as CommandJson[];
  const difference = compare(there, commands);
  const same = Object.values(difference).every((names) => names.length === 0);
  if (!same && !dryRun) await rest.put(route, { body: commands });
  return difference;
}

/** The commands as Discord has them now, with their ids. */
export async function listRegistered(rest: REST, { applicationId, guild }: RegisterOptions): Promise<{ id?: string; name: string }[]> {
  const route = guild ? Routes.applicationGuildCommands(applicationId, guild) : Routes.applicationCommands(applicationId);
  return (await rest.get(route)) as { id?: string; name: string }[];
}

function compare(there: readonly CommandJson[], ours: readonly CommandJson[]): Registration {
  const known = new Map(there.map((command) => [command.name, canonical(command)]));
  const names = ours.map(({ name }) => name);
  return {
    added: names.filter((name) => !known.has(name)),
    changed: ours.filter((command) => known.has(command.name) && known.get(command.name) !== canonical(command)).map(({ name }) => name),
    removed: [...known.keys()].filter((name) => !names.includes(name)),
  };
}

/** What Discord adds by itself. */
const THEIRS = new Set(['id', 'application_id', 'guild_id', 'version', 'name_localized', 'description_localized']);
/** What Discord fills in when it is left out. */
const DEFAULTS: Record<string, unknown> = { type: 1, required: false, nsfw: false, autocomplete: false, dm_permission: true };

/** A form in which two descriptions of the same command are the same text: sorted keys, no defaults, nothing empty. */
function canonical(value: unknown, key = '', top = true): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, '', false));
    // Where a command may be used is a set; options and choices have an order.
    return `[${(key === 'contexts' || key === 'integration_types' ? items.sort() : items).join()}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([name]) => !THEIRS.has(name))
      .filter(([name, child]) => !isEmpty(child) && !((top || name !== 'type') && DEFAULTS[name] === child))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, child]) => `${JSON.stringify(name)}:${canonical(child, name, false)}`).join()}}`;
  }
  return JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  // Entries of menus come back with a description that is empty.
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
