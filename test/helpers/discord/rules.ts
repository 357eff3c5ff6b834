/**
 * Limits of Discord that its OpenAPI file does not state, written from the documentation (message, component,
 * embed and application-command pages), not from our renderer. A rule is a function from a request body to complaints.
 */
type Json = Record<string, unknown>;
type Complaints = string[];

const PING = /@(?:everyone|here)\b|<@[!&]?\d+>/;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const size = (value: unknown): number => [...text(value)].length;

const MESSAGE_FIELDS = new Set(
  'content nonce enforce_nonce tts embeds allowed_mentions message_reference components sticker_ids files attachments flags poll'.split(
    ' ',
  ),
);
const IS_COMPONENTS_V2 = 1 << 15;
const EPHEMERAL = 1 << 6;

export interface MessageContext {
  /** An edit may leave things out; a new message must show something. */
  edit: boolean;
  files: readonly { name: string; size: number }[];
  /** What the edited message holds: id → file name. */
  held?: ReadonlyMap<string, string>;
  /** Set for interactions, where a message may be for one person only. */
  mayBePrivate?: boolean;
}

/** A message that is created or edited. */
export function checkMessage(body: Json, context: MessageContext): Complaints {
  const flags = Number(body.flags ?? 0);
  const components = list(body.components);
  const v2 = (flags & IS_COMPONENTS_V2) !== 0;
  return [
    ...Object.keys(body).flatMap((key) => (MESSAGE_FIELDS.has(key) ? [] : [`unknown field ${key}`])),
    ...checkFlags(flags, context),
    ...(size(body.content) > 2000 ? ['content is longer than 2000'] : []),
    ...checkMentions(body),
    ...checkEmbeds(list(body.embeds)),
    ...(v2 ? checkV2(body, components) : checkLegacy(body, components, context)),
    ...checkInteractive(components),
    ...checkFiles(body, components, context),
    ...(body.nonce !== undefined && String(body.nonce).length > 25 ? ['nonce is longer than 25'] : []),
    ...(body.enforce_nonce === true && body.nonce === undefined ? ['enforce_nonce without a nonce'] : []),
  ];
}

function checkFlags(flags: number, { mayBePrivate }: MessageContext): Complaints {
  const allowed = IS_COMPONENTS_V2 | (1 << 2) | (1 << 12) | (mayBePrivate ? EPHEMERAL : 0);
  return (flags & ~allowed) !== 0 ? [`flags ${flags} may not be set here`] : [];
}

/** Ours, stricter than Discord: no message may ping, whatever its text says. */
function checkMentions(body: Json): Complaints {
  const allowed = body.allowed_mentions;
  const closed =
    isObject(allowed) &&
    Array.isArray(allowed.parse) &&
    allowed.parse.length === 0 &&
    !('users' in allowed && list(allowed.users).length > 0) &&
    !('roles' in allowed) &&
    allowed.replied_user !== true;
  return [
    ...(closed ? [] : ['allowed_mentions lets pings through']),
    ...textsIn(body).flatMap((value) => (PING.test(value) ? [`ping in the text: ${value.slice(0, 60)}`] : [])),
  ];
}

/** Every text that a person reads. */
export function textsIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['content', 'title', 'description', 'name', 'value', 'text', 'label'].includes(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((child) => textsIn(child, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, child]) => textsIn(child, name)) : [];
}

function checkEmbeds(embeds: Json[]): Complaints {
  const complaints: Complaints = [];
  let total = 0;
  for (const embed of embeds) {
    const fields = list(embed.fields);
    const parts: [string, unknown, number][] = [
      ['title', embed.title, 256],
      ['description', embed.description, 4096],
      ['footer', isObject(embed.footer) ? embed.footer.text : undefined, 2048],
      ['author', isObject(embed.author) ? embed.author.name : undefined, 256],
      ...fields.flatMap((field): [string, unknown, number][] => [
        ['field name', field.name, 256],
        ['field value', field.value, 1024],
      ]),
    ];
    for (const [what, value, limit] of parts) {
      total += size(value);
      if (size(value) > limit) complaints.push(`embed ${what} is longer than ${limit}`);
    }
    if (fields.length > 25) complaints.push('more than 25 fields');
    for (const field of fields) if (size(field.name) === 0 || size(field.value) === 0) complaints.push('empty field');
    const shows = ['title', 'description', 'fields', 'image', 'thumbnail', 'author', 'footer'].some((key) => embed[key]);
    if (!shows) complaints.push('empty embed');
  }
  if (embeds.length > 10) complaints.push('more than 10 embeds');
  if (total > 6000) complaints.push(`embeds hold ${total} characters, more than 6000`);
  return complaints;
}

/** Every component, nested ones included. */
export function allComponents(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...allComponents(list(component.components)),
    ...(isObject(component.accessory) ? [component.accessory] : []),
  ]);
}

function checkV2(body: Json, components: Json[]): Complaints {
  const all = allComponents(components);
  const characters = all.filter(({ type }) => type === 10).reduce((sum, { content }) => sum + size(content), 0);
  return [
    ...['content', 'embeds', 'poll', 'sticker_ids'].flatMap((key) =>
      body[key] === undefined || body[key] === null ? [] : [`${key} beside components of version 2`],
    ),
    ...(components.length === 0 ? ['no component'] : []),
    ...(all.length > 40 ? [`${all.length} components, more than 40`] : []),
    ...(characters > 4000 ? [`${characters} characters of text, more than 4000`] : []),
    ...all.flatMap((component) => checkNested(component)),
  ];
}

function checkNested({ type, components, items, content }: Json): Complaints {
  const inner = list(components);
  if (type === 10 && text(content).trim() === '') return ['empty text'];
  if (type === 12) {
    const pictures = list(items);
    const alts = pictures.filter(({ description }) => size(description) > 1024);
    return [
      ...(pictures.length < 1 || pictures.length > 10 ? ['a gallery holds 1 to 10 pictures'] : []),
      ...alts.map(() => 'alt text is longer than 1024'),
    ];
  }
  if (type === 17 && inner.some(({ type: kind }) => kind === 17)) return ['a container in a container'];
  return type === 17 && inner.length === 0 ? ['empty container'] : [];
}

function checkLegacy(body: Json, components: Json[], { edit, files }: MessageContext): Complaints {
  const rows = components.length > 5 ? ['more than 5 rows'] : [];
  const foreign = components.filter(({ type }) => type !== 1).map(({ type }) => `component ${String(type)} without the flag for version 2`);
  const shows = text(body.content) !== '' || list(body.embeds).length > 0 || components.length > 0 || files.length > 0;
  return [...rows, ...foreign, ...(shows || edit ? [] : ['empty message'])];
}

/** Rows, buttons and menus. */
function checkInteractive(components: Json[]): Complaints {
  const complaints: Complaints = [];
  const ids = new Set<string>();
  for (const component of allComponents(components)) {
    const inner = list(component.components);
    if (component.type === 1) {
      const menus = inner.filter(({ type }) => type !== 2).length;
      if (inner.length === 0 || inner.length > 5 || (menus > 0 && inner.length > 1))
        complaints.push('a row holds 1 to 5 buttons or one menu');
    }
    if (component.type !== 2 && component.type !== 3) continue;
    const id = text(component.custom_id);
    if (size(id) < 1 || size(id) > 100) complaints.push(`custom_id has ${size(id)} characters, not 1 to 100`);
    if (ids.has(id)) complaints.push(`custom_id twice: ${id}`);
    ids.add(id);
    if (component.type === 2 && (size(component.label) < 1 || size(component.label) > 80))
      complaints.push('label has not 1 to 80 characters');
    if (component.type === 3) complaints.push(...checkMenu(component));
  }
  return complaints;
}

function checkMenu({ options, placeholder }: Json): Complaints {
  const entries = list(options);
  const values = entries.map(({ value }) => text(value));
  const long = entries.some(({ label, value }) => size(label) < 1 || size(label) > 100 || size(value) < 1 || size(value) > 100);
  return [
    ...(entries.length < 1 || entries.length > 25 ? ['a menu holds 1 to 25 entries'] : []),
    ...(new Set(values).size < values.length ? ['a value twice in a menu'] : []),
    ...(long ? ['entry of a menu has not 1 to 100 characters'] : []),
    ...(size(placeholder) > 150 ? ['placeholder is longer than 150'] : []),
  ];
}

/** Files that go up, those that stay, and the pictures that name them. */
function checkFiles(body: Json, components: Json[], { files, held }: MessageContext): Complaints {
  const complaints: Complaints = [];
  const present = new Set<string>();
  const named = body.attachments === undefined ? files.map((_, i): Json => ({ id: String(i) })) : list(body.attachments);
  for (const { id, filename, description } of named) {
    const file = files[Number(id)];
    const stays = held?.get(String(id));
    if (!file && stays === undefined) complaints.push(`attachment ${String(id)} is neither sent nor there`);
    // Discord finds a file that stays by its name only when the name is said again.
    if (typeof filename === 'string') present.add(filename);
    else if (file) present.add(file.name);
    if (size(description) > 1024) complaints.push('alt text of an attachment is longer than 1024');
    if (file && typeof filename === 'string' && filename !== file.name) complaints.push(`attachment ${filename} goes up as ${file.name}`);
  }
  if (named.length > 10) complaints.push('more than 10 attachments');
  if (files.length > 0 && named.length < files.length) complaints.push('a file that no attachment describes');
  for (const { size: bytes, name } of files) if (bytes > 10 * 1024 * 1024) complaints.push(`${name} is larger than 10 MiB`);
  const urls = [...urlsIn(components), ...urlsIn(body.embeds)].filter((url) => url.startsWith('attachment://'));
  for (const url of urls) if (!present.has(url.slice(13))) complaints.push(`${url} names no file`);
  return complaints;
}

function urlsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(urlsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === 'url' && typeof child === 'string' ? [child] : urlsIn(child)));
}

/** The first answer to an interaction. `kind` is the interaction's type. */
export function checkCallback(body: Json, kind: number, files: MessageContext['files']): Complaints {
  const allowed: Record<number, number[]> = { 2: [4, 5, 9], 3: [4, 5, 6, 7, 9], 4: [8], 5: [4, 5, 6, 7] };
  const type = Number(body.type);
  const data = isObject(body.data) ? body.data : {};
  const complaints = allowed[kind]?.includes(type) ? [] : [`answer of type ${type} to an interaction of type ${kind}`];
  if (type === 5 && (Number(data.flags ?? 0) & ~EPHEMERAL) !== 0) complaints.push('a deferred answer may only be marked private');
  if (type === 4 || type === 7) complaints.push(...checkMessage(data, { edit: type === 7, files, mayBePrivate: true }));
  if (type === 9) complaints.push(...checkModal(data));
  if (type === 8) {
    const choices = list(data.choices);
    if (!Array.isArray(data.choices)) complaints.push('no list of choices');
    if (choices.length > 25) complaints.push('more than 25 choices');
    for (const { name, value } of choices) {
      if (size(name) < 1 || size(name) > 100) complaints.push('name of a choice has not 1 to 100 characters');
      if (typeof value === 'string' && (size(value) < 1 || size(value) > 100))
        complaints.push('value of a choice has not 1 to 100 characters');
    }
    if (new Set(choices.map(({ name }) => name)).size < choices.length) complaints.push('a choice twice');
  }
  return complaints;
}

/** A form: its title, and one to five labels with a field each. */
function checkModal({ custom_id: id, title, components }: Json): Complaints {
  const labels = list(components);
  const fields = labels.map(({ component }) => (isObject(component) ? component : {}));
  const ids = fields.map(({ custom_id: field }) => text(field));
  return [
    ...(size(id) < 1 || size(id) > 100 ? ['custom_id of a form has not 1 to 100 characters'] : []),
    ...(size(title) < 1 || size(title) > 45 ? ['title of a form has not 1 to 45 characters'] : []),
    ...(labels.length < 1 || labels.length > 5 ? ['a form holds 1 to 5 fields'] : []),
    ...labels.flatMap(({ type, label }) =>
      type === 18 && size(label) >= 1 && size(label) <= 45 ? [] : ['no label of 1 to 45 characters'],
    ),
    ...(new Set(ids).size < ids.length ? ['custom_id twice in a form'] : []),
    ...fields.flatMap(({ type, style, placeholder, min_length: min, max_length: max }) => [
      ...(type === 4 && (style === 1 || style === 2) ? [] : ['no text field']),
      ...(size(placeholder) > 100 ? ['placeholder of a field is longer than 100'] : []),
      ...(Number(min ?? 0) < 0 || Number(min ?? 0) > Number(max ?? 4000) || Number(max ?? 4000) > 4000 || Number(max ?? 1) < 1
        ? ['lengths of a field']
        : []),
    ]),
  ];
}
