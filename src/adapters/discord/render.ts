import { type APIComponentInContainer, type APIEmbed, type APIMessageTopLevelComponent, ComponentType, MessageFlags } from 'discord.js';
import { actionId } from '../../core/ids.ts';
import type { Button, Reply } from '../../core/reply.ts';
import { type Row, row, toButton, toRows } from './controls.ts';
import { EMBED_TITLE, ROWS } from './limits.ts';
import { type CommandIds, linkCommands } from './mentions.ts';
import { paginate, roomForButtons, textOf } from './paginate.ts';
import { type Part, type Tone, toneOf, toParts, type Upload } from './parts.ts';
import { shorten } from './sentences.ts';
import { keyOf } from './stored.ts';

/** Discord's newer layout in components, or embeds for places that refuse it. */
export type Layout = 'components' | 'embeds';

/** A message as Discord takes it, with the files that go up with it. */
export interface Payload {
  body: {
    flags?: number;
    components: APIMessageTopLevelComponent[];
    embeds?: APIEmbed[];
    attachments: { id: string; filename: string; description?: string }[];
    /** Nobody is ever pinged. */
    allowed_mentions: { parse: never[]; replied_user?: false };
  };
  files: Upload[];
  pages: number;
  /** Names the reply where it has several pages, else empty. */
  key: string;
}

const COLOURS: Record<Tone, number> = { info: 0x4c78a8, warning: 0xe3a008, error: 0xd64545 };
const EMPTY: Part = { kind: 'text', text: '—' };

/** A reply, or one page of it, as a message. Pure, and total over what a reply can hold. */
export function render(reply: Reply, layout: Layout, page = 0, commands: CommandIds = new Map()): Payload {
  const pages = paginate(
    toParts(reply).map((part) => (part.kind === 'text' ? { ...part, text: linkCommands(part.text, commands) } : part)),
  );
  const number = Math.min(Math.max(0, Math.trunc(page) || 0), pages.length - 1);
  const parts = pages[number]!.length > 0 ? pages[number]! : [EMPTY];
  const key = pages.length > 1 ? keyOf(reply) : '';
  const turner = pages.length > 1 ? [turnerRow(key, number, pages.length)] : [];
  const draw = layout === 'components' ? inComponents : inEmbeds;
  const files = parts.flatMap((part) => ('file' in part ? [part.file] : []));
  return {
    body: {
      ...draw(parts, turner, COLOURS[toneOf(reply)]),
      attachments: files.map(({ name, description }, i) => ({ id: String(i), filename: name, ...(description && { description }) })),
      allowed_mentions: { parse: [] },
    },
    files,
    pages: pages.length,
    key,
  };
}

/** `◀ 2/3 ▶`: the pages are kept under their key, so a button works for as long as they are. */
function turnerRow(key: string, number: number, count: number): Row {
  const button = (label: string, target: number, disabled: boolean): Button => ({
    id: actionId('discord', 'page', key, target),
    label,
    disabled,
  });
  return row([
    button('◀', number - 1, number === 0),
    button(`${number + 1}/${count}`, number, true),
    button('▶', number + 1, number === count - 1),
  ]);
}

function inComponents(parts: readonly Part[], turner: readonly Row[], colour: number): Pick<Payload['body'], 'flags' | 'components'> {
  const blocks = parts.flatMap((part) => (part.kind === 'buttons' ? [part.items] : []));
  const turning = turner.reduce((sum, { components }) => sum + 1 + components.length, 0);
  const rows = toRows(blocks, { components: roomForButtons(parts) - turning, rows: Number.POSITIVE_INFINITY });
  let block = 0;
  const inner = parts.flatMap((part, i): APIComponentInContainer[] => {
    switch (part.kind) {
      case 'text': {
        if (parts[i - 1]?.kind === 'text') return [];
        const after = parts.slice(i).findIndex(({ kind }) => kind !== 'text');
        return [{ type: ComponentType.TextDisplay, content: textOf(after < 0 ? parts.slice(i) : parts.slice(i, i + after)) }];
      }
      case 'image': {
        const media = { url: `attachment://${part.file.name}` };
        return [
          { type: ComponentType.MediaGallery, items: [{ media, ...(part.file.description && { description: part.file.description }) }] },
        ];
      }
      case 'file':
        return [{ type: ComponentType.File, file: { url: `attachment://${part.file.name}` } }];
      case 'row': {
        const accessory = toButton(part.item);
        return [{ type: ComponentType.Section, components: [{ type: ComponentType.TextDisplay, content: part.text }], accessory }];
      }
      case 'divider':
        return [{ type: ComponentType.Separator, divider: true }];
      case 'buttons':
        return rows[block++] ?? [];
      default:
        return part satisfies never;
    }
  });
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: colour, components: [...inner, ...turner] }],
  };
}

function inEmbeds(parts: readonly Part[], turner: readonly Row[], colour: number): Pick<Payload['body'], 'embeds' | 'components'> {
  const [first, ...others] = parts;
  const title = first?.kind === 'text' && first.text.startsWith('## ') ? first.text.slice(3) : undefined;
  const description = textOf(title === undefined ? parts : others);
  const images = parts.flatMap((part) => (part.kind === 'image' ? [{ url: `attachment://${part.file.name}` }] : []));
  const main: APIEmbed = {
    color: colour,
    ...(title !== undefined && { title: shorten(title, EMBED_TITLE) }),
    ...((description !== '' || title === undefined) && { description: description || '—' }),
    ...(images[0] && { image: images[0] }),
  };
  // A line cannot carry its button here: the buttons of neighbouring lines stand below the text.
  const blocks: Button[][] = [];
  parts.forEach((part, i) => {
    if (part.kind === 'buttons') blocks.push([...part.items]);
    else if (part.kind === 'row' && parts[i - 1]?.kind === 'row') blocks.at(-1)!.push(part.item);
    else if (part.kind === 'row') blocks.push([part.item]);
  });
  const rows = toRows(blocks, { components: Number.POSITIVE_INFINITY, rows: ROWS - turner.length }).flat();
  return {
    embeds: [main, ...images.slice(1).map((image) => ({ color: colour, image }))],
    components: [...rows, ...turner],
  };
}
