import { type APIMessage, ComponentType, MessageFlags } from 'discord-api-types/v10';
import { botJson } from './shapes.ts';
import type { Place, Stored, StoredFile, World } from './world.ts';

type Json = Record<string, unknown>;

export interface Upload {
  name: string;
  data: Buffer;
}

/** Creates a message of the bot from what it sent. */
export function createMessage(world: World, place: Place, body: Json, uploads: readonly Upload[], extra: Partial<APIMessage> = {}): Stored {
  const id = world.id();
  const stored: Stored = {
    place,
    files: [],
    onlyFor: undefined,
    edits: 0,
    deleted: false,
    json: {
      id,
      type: 0,
      channel_id: place.id,
      author: botJson(world),
      attachments: [],
      components: [],
      content: '',
      edited_timestamp: null,
      embeds: [],
      flags: 0,
      mention_everyone: false,
      mention_roles: [],
      mentions: [],
      pinned: false,
      timestamp: new Date().toISOString(),
      tts: false,
      ...extra,
    } as APIMessage,
  };
  apply(world, stored, body, uploads);
  place.messages.set(id, stored);
  world.emit('change');
  return stored;
}

/** Changes a message as an edit says. */
export function editMessage(world: World, stored: Stored, body: Json, uploads: readonly Upload[]): void {
  apply(world, stored, body, uploads);
  stored.edits++;
  stored.json.edited_timestamp = new Date().toISOString();
  world.emit('change');
}

export function deleteMessage(world: World, stored: Stored): void {
  stored.deleted = true;
  world.emit('change');
}

/** Why Discord would refuse to make these two layouts one. */
export function layoutConflict(stored: Stored, body: Json): string | undefined {
  const isV2 = ((stored.json.flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;
  if (!isV2) return undefined;
  const flags = body.flags === undefined ? MessageFlags.IsComponentsV2 : Number(body.flags);
  if ((flags & MessageFlags.IsComponentsV2) === 0) return 'the flag for components of version 2 cannot be taken back';
  return body.embeds || body.content ? 'no content or embeds in a message of version 2' : undefined;
}

/** What a message holds, for the check of an edit. */
export function held(stored: Stored): Map<string, string> {
  return new Map(stored.files.map(({ id, name }) => [id, name]));
}

function apply(world: World, stored: Stored, body: Json, uploads: readonly Upload[]): void {
  const { json } = stored;
  if (body.attachments !== undefined || uploads.length > 0) stored.files = filesAfter(world, stored, body, uploads);
  if (typeof body.content === 'string') json.content = body.content;
  if (body.flags !== undefined) json.flags = Number(body.flags) | (json.flags! & MessageFlags.Ephemeral);
  json.flags = json.flags! & ~MessageFlags.Loading;
  let next = 0;
  const shown = new Set<string>();
  const complete = (component: Json): Json => fill({ id: ++next, ...component }, stored.files, shown, complete);
  if (Array.isArray(body.components)) json.components = body.components.map((component) => complete(component as Json)) as never;
  if (Array.isArray(body.embeds)) {
    json.embeds = body.embeds.map((embed) => {
      const image = (embed as { image?: { url: string } }).image;
      return { ...(embed as object), type: 'rich', ...(image && { image: media(image.url, stored.files, shown) }) };
    }) as never;
  }
  // Files that components or embeds show are not listed once more.
  json.attachments = stored.files
    .filter(({ name }) => !shown.has(name))
    .map(({ id, name, data, description }) => ({
      id,
      filename: name,
      size: data.length,
      url: cdn(stored.place, id, name),
      proxy_url: cdn(stored.place, id, name),
      ...(description && { description }),
    })) as never;
}

function filesAfter(world: World, stored: Stored, body: Json, uploads: readonly Upload[]): StoredFile[] {
  const named = (body.attachments as Json[] | undefined) ?? uploads.map((_, i): Json => ({ id: String(i) }));
  return named.flatMap(({ id, description }): StoredFile[] => {
    const stays = stored.files.find((file) => file.id === id);
    if (stays) return [stays];
    const upload = uploads[Number(id)];
    return upload ? [{ id: world.id(), ...upload, ...(typeof description === 'string' && { description }) }] : [];
  });
}

function fill(component: Json, files: StoredFile[], shown: Set<string>, complete: (component: Json) => Json): Json {
  const inner = Array.isArray(component.components) ? { components: component.components.map((child) => complete(child as Json)) } : {};
  // A section's button is a component too.
  const accessory = component.accessory ? { accessory: complete(component.accessory as Json) } : {};
  switch (component.type) {
    case ComponentType.Container:
      return { accent_color: null, spoiler: false, ...component, ...inner };
    case ComponentType.Separator:
      return { spacing: 1, divider: true, ...component };
    case ComponentType.StringSelect:
      return { min_values: 1, max_values: 1, ...component };
    case ComponentType.MediaGallery: {
      const items = (component.items as { media: { url: string } }[]).map((item) => ({
        description: null,
        spoiler: false,
        ...item,
        media: media(item.media.url, files, shown),
      }));
      return { ...component, items };
    }
    case ComponentType.File: {
      const { url } = component.file as { url: string };
      const file = files.find(({ name }) => url === `attachment://${name}`);
      return { spoiler: false, ...component, name: file?.name ?? null, size: file?.data.length ?? null, file: media(url, files, shown) };
    }
    default:
      return { ...component, ...inner, ...accessory };
  }
}

function media(url: string, files: StoredFile[], shown: Set<string>) {
  const file = files.find(({ name }) => url === `attachment://${name}`);
  if (!file) return { id: '0', url, proxy_url: url };
  shown.add(file.name);
  const place = `https://cdn.invalid/attachments/1/${file.id}/${file.name}?ex=1`;
  return { id: file.id, url: place, proxy_url: place, width: null, height: null, content_type: null, attachment_id: file.id };
}

function cdn(place: Place, id: string, name: string): string {
  return `https://cdn.invalid/attachments/${place.id}/${id}/${name}`;
}
