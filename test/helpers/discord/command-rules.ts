/** Limits of application commands, written from Discord's documentation; see rules.ts. */
type Json = Record<string, unknown>;

/** Letters and digits of any script, `-`, `_` and `'`, in lower case where there is a case; 1 to 32 characters. */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const LOCALES = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(' '),
);
const SUBCOMMAND = 1;

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const size = (value: unknown): number => [...String(value ?? '')].length;
const translations = (value: unknown): [string, string][] => Object.entries((value ?? {}) as Record<string, string>);

/** The whole list of commands. */
export function checkCommands(commands: unknown): string[] {
  const all = list(commands);
  const names = all.map(({ name }) => String(name));
  return [
    ...(all.length > 100 ? ['more than 100 commands'] : []),
    ...(new Set(names).size < names.length ? ['two commands of one name'] : []),
    ...all.flatMap((command) => checkCommand(command).map((complaint) => `/${String(command.name)}: ${complaint}`)),
  ];
}

function checkCommand(command: Json): string[] {
  if (command.type === 2 || command.type === 3) return checkMenu(command);
  const total = weigh(command);
  return [...checkNamed(command), ...checkOptions(list(command.options)), ...(total > 8000 ? [`${total} characters, more than 8000`] : [])];
}

/** Entries of menus have a name as people read it, and nothing else. */
function checkMenu({ name, name_localizations: names, description, options }: Json): string[] {
  const words = [String(name), ...translations(names).map(([, word]) => word)];
  return [
    ...words.flatMap((word) => (size(word) >= 1 && size(word) <= 32 ? [] : [`name of ${size(word)} characters`])),
    ...(description === undefined && options === undefined ? [] : ['a description or options']),
  ];
}

function checkNamed({ name, name_localizations: names, description, description_localizations: descriptions }: Json): string[] {
  return [
    ...[['', String(name)] as [string, string], ...translations(names)].flatMap(([, word]) =>
      NAME.test(word) && word === word.toLowerCase() ? [] : [`bad name “${word}”`],
    ),
    ...[String(description), ...translations(descriptions).map(([, words]) => words)].flatMap((words) =>
      size(words) >= 1 && size(words) <= 100 ? [] : [`description of ${size(words)} characters`],
    ),
    ...[...translations(names), ...translations(descriptions)].flatMap(([locale]) =>
      LOCALES.has(locale) ? [] : [`unknown locale ${locale}`],
    ),
  ];
}

function checkOptions(options: Json[]): string[] {
  const names = options.map(({ name }) => String(name));
  const firstOptional = options.findIndex(({ required }) => required !== true);
  const late = options.findLastIndex(({ required }) => required === true) > firstOptional && firstOptional >= 0;
  const mixed = options.some(({ type }) => type === SUBCOMMAND) && options.some(({ type }) => type !== SUBCOMMAND);
  return [
    ...(options.length > 25 ? ['more than 25 options'] : []),
    ...(new Set(names).size < names.length ? ['two options of one name'] : []),
    ...(late ? ['a required option after an optional one'] : []),
    ...(mixed ? ['options beside subcommands'] : []),
    ...options.flatMap((option) => checkOption(option).map((complaint) => `${String(option.name)}: ${complaint}`)),
  ];
}

function checkOption(option: Json): string[] {
  const { type, choices, autocomplete, min_value: min, max_value: max, max_length: length } = option;
  const entries = list(choices);
  return [
    ...checkNamed(option),
    ...(type === SUBCOMMAND ? checkOptions(list(option.options)) : []),
    ...(entries.length > 25 ? ['more than 25 choices'] : []),
    ...(entries.length > 0 && autocomplete ? ['choices and autocomplete together'] : []),
    ...entries.flatMap(({ name, value, name_localizations: names }) =>
      [String(name), String(value), ...translations(names).map(([, word]) => word)].every((word) => size(word) >= 1 && size(word) <= 100)
        ? []
        : ['a choice has not 1 to 100 characters'],
    ),
    ...(new Set(entries.map(({ name }) => name)).size < entries.length ? ['a choice twice'] : []),
    ...((min !== undefined || max !== undefined) && type !== 4 && type !== 10 ? ['a range for something that is no number'] : []),
    ...(Number(min ?? 0) > Number(max ?? Number.MAX_SAFE_INTEGER) ? ['min above max'] : []),
    ...(length !== undefined && (Number(length) < 1 || Number(length) > 6000) ? ['max_length is not 1 to 6000'] : []),
  ];
}

/** Names, descriptions and values together, each in its longest language. */
function weigh(node: Json): number {
  const longest = (own: unknown, others: unknown) => Math.max(size(own), ...translations(others).map(([, word]) => size(word)));
  return (
    longest(node.name, node.name_localizations) +
    (node.description === undefined ? 0 : longest(node.description, node.description_localizations)) +
    (node.value === undefined ? 0 : size(node.value)) +
    [...list(node.options), ...list(node.choices)].reduce((sum, child) => sum + weigh(child), 0)
  );
}
