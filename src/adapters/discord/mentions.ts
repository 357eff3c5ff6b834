import type { Registry } from '../../core/command.ts';

/** Ids of the commands as they are registered, for mentions that one can click. */
export type CommandIds = ReadonlyMap<string, string>;

/** `` `code` `` and fences: what stands there is to be copied. */
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;
/** `/answer`, `/quiz start`; not part of a path or an address. */
const NAMED = /(?<![\w/<])\/([a-z][a-z-]*)(?: ([a-z]+))?(?![\w/-])/g;

/**
 * Makes commands in a text clickable: `/answer` becomes `</answer:ID>`. Left as they are: code, and lines that begin
 * with a command, since they are there to be given back as a whole.
 * @param text Markdown as Discord reads it
 */
export function linkCommands(text: string, ids: CommandIds): string {
  if (ids.size === 0) return text;
  return text
    .split(CODE)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/^(?!\s*(?:-# )?\/).*$/gm, (line) => linkLine(line, ids))))
    .join('');
}

function linkLine(line: string, ids: CommandIds): string {
  return line.replace(NAMED, (whole, name: string, sub: string | undefined) => {
    const withSub = sub === undefined ? undefined : ids.get(`${name} ${sub}`);
    if (withSub) return `</${name} ${sub}:${withSub}>`;
    const id = ids.get(name);
    return id ? `</${name}:${id}>${sub === undefined ? '' : ` ${sub}`}` : whole;
  });
}

/** What can be mentioned of the registered commands: one with subcommands only through them. */
export function commandIds(registered: readonly { id?: string; name: string }[], registry: Registry): Map<string, string> {
  return new Map(
    registered.flatMap(({ id, name }): [string, string][] => {
      if (!id) return [];
      const split = Object.values(registry.get(name)?.options ?? {}).find((option) => option.type === 'choice' && option.subcommand);
      return split?.type === 'choice' ? split.choices.map((choice) => [`${name} ${choice}`, id]) : [[name, id]];
    }),
  );
}
