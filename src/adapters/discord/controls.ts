import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { actionId } from '../../core/ids.ts';
import type { Button } from '../../core/reply.ts';
import { defuse } from './escape.ts';
import { BUTTON_LABEL, CHOICE, ROW_BUTTONS, SELECT_OPTIONS } from './limits.ts';
import { shorten } from './sentences.ts';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** A row of buttons, or a menu that holds what did not fit as buttons. */
type Control = { kind: 'row'; items: readonly Button[] } | { kind: 'menu'; items: readonly Button[] };

const STYLES = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;

/**
 * Buttons as rows, one list for each block. Where a message cannot hold them all, the later blocks become menus,
 * so that nothing is lost.
 */
export function toRows(blocks: readonly (readonly Button[])[], limits: { components: number; rows: number }): Row[][] {
  for (let asRows = blocks.length; asRows >= 0; asRows--) {
    const controls = [
      ...blocks.slice(0, asRows).map((items): Control[] => slice(items, ROW_BUTTONS).map((part) => ({ kind: 'row', items: part }))),
      slice(blocks.slice(asRows).flat(), SELECT_OPTIONS).map((items): Control => ({ kind: 'menu', items })),
    ];
    const flat = controls.flat();
    const cost = flat.reduce((sum, { kind, items }) => sum + 1 + (kind === 'row' ? items.length : 1), 0);
    if ((cost <= limits.components && flat.length <= limits.rows) || asRows === 0) {
      let room = asRows === 0 ? Math.min(limits.rows, Math.floor(limits.components / 2)) : limits.rows;
      return controls.map((list) => list.flatMap((control) => (room-- > 0 ? [draw(control, flat.indexOf(control))] : [])));
    }
  }
  return [];
}

function draw(control: Control, index: number): Row {
  if (control.kind === 'row') return row(control.items);
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: actionId('discord', 'choose', index),
        placeholder: '⋯',
        options: control.items.map(({ id, label }) => ({ value: id, label: shorten(defuse(label), CHOICE) || '…' })),
      },
    ],
  };
}

/** One row of buttons. */
export function row(items: readonly Button[]): Row {
  return { type: ComponentType.ActionRow, components: items.map(toButton) };
}

export function toButton({ id, label, style = 'secondary', disabled }: Button): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: STYLES[style],
    label: shorten(defuse(label), BUTTON_LABEL) || '…',
    custom_id: id,
    ...(disabled && { disabled }),
  };
}

function slice<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
