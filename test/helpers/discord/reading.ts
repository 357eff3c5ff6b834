import { ComponentType } from 'discord-api-types/v10';
import { allComponents } from './rules.ts';
import type { Stored } from './world.ts';

type Json = Record<string, unknown>;

export interface Pressable {
  id: string;
  label: string;
  disabled: boolean;
  /** The menu that holds it, for entries of a menu. */
  menu?: string;
}

/** Everything in a message that can be pressed: buttons, and the entries of menus. */
export function pressables({ json }: Stored): Pressable[] {
  return allComponents((json.components ?? []) as unknown as Json[]).flatMap((component): Pressable[] => {
    if (component.type === ComponentType.Button) {
      return [{ id: String(component.custom_id), label: String(component.label), disabled: component.disabled === true }];
    }
    if (component.type !== ComponentType.StringSelect) return [];
    return (component.options as { value: string; label: string }[]).map(({ value, label }) => ({
      id: value,
      label,
      disabled: false,
      menu: String(component.custom_id),
    }));
  });
}

/** What a person reads in a message, whichever layout it has, without Discord's escapes. */
export function textOf({ json, files }: Stored): string {
  const components = allComponents((json.components ?? []) as unknown as Json[]);
  const embeds = (json.embeds ?? []).flatMap(({ title, description, fields = [] }) => [
    title ?? '',
    description ?? '',
    ...fields.map(({ name, value }) => `${name}\n${value}`),
  ]);
  const texts = components.flatMap(({ type, content }) => (type === ComponentType.TextDisplay ? [String(content)] : []));
  const pictures = files.map(({ name, description }) => `[${name}] ${description ?? ''}`);
  return (
    [json.content, ...embeds, ...texts, ...pictures]
      .filter(Boolean)
      .join('\n\n')
      // A command that can be clicked reads as it is typed.
      .replace(/<\/([\w -]+):\d+>/g, '/$1')
      .replace(/\\([*_~`|#>\-[\]().+!\\])/g, '$1')
  );
}
