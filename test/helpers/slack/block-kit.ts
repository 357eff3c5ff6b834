/**
 * What Slack refuses, written from the facts sheet and Slack's documentation and not from our renderer: the test's
 * own copy of the rules. Every message that reaches the pretended Slack is held against it.
 */
const MAX = {
  blocks: { message: 50, home: 100 },
  text: 3_000,
  header: 150,
  fields: 10,
  fieldText: 2_000,
  actions: 25,
  context: 10,
  buttonText: 75,
  buttonValue: 2_000,
  id: 255,
  optionText: 75,
  optionValue: 150,
  options: 100,
  placeholder: 150,
  viewTitle: 24,
  label: 2_000,
  tableRows: 100,
  tableColumns: 20,
  markdown: 12_000,
  /** msg_blocks_too_long was seen from here on. */
  total: 13_200,
  fallback: 40_000,
  metadata: 3_000,
};

type Json = Record<string, unknown>;

const size = (text: unknown): number => [...String(text ?? '')].length;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Problems of a message; empty when Slack would take it. */
export function messageProblems(message: Json, where = 'message'): string[] {
  const blocks = list(message.blocks);
  const problems = blockProblems(blocks, 'message');
  if (size(message.text) === 0) problems.push('no text beside the blocks');
  if (size(message.text) > MAX.fallback) problems.push(`text of ${size(message.text)}`);
  if (pings(String(message.text ?? ''))) problems.push(`text pings: ${message.text}`);
  if (message.blocks !== undefined && blocks.length === 0) problems.push('an empty list of blocks');
  return problems.map((problem) => `${where}: ${problem}`);
}

/** Problems of a home view or a form. */
export function viewProblems(view: Json): string[] {
  const modal = view.type === 'modal';
  const problems = modal ? modalProblems(view) : blockProblems(list(view.blocks), 'home');
  if (view.type !== 'home' && !modal) problems.push(`view of type ${view.type}`);
  if (size(view.private_metadata) > MAX.metadata) problems.push('private_metadata too long');
  return problems.map((problem) => `view: ${problem}`);
}

function modalProblems(view: Json): string[] {
  const problems = ['title', 'submit', 'close'].flatMap((name) => plain(view[name] as Json, MAX.viewTitle, name));
  for (const block of list(view.blocks)) {
    const element = (block.element ?? {}) as Json;
    if (block.type !== 'input' || element.type !== 'plain_text_input') problems.push(`${block.type} with ${element.type} in a form`);
    problems.push(...plain(block.label as Json, MAX.label, 'label'));
    if (element.placeholder) problems.push(...plain(element.placeholder as Json, MAX.placeholder, 'placeholder'));
    if (Number(element.max_length) > MAX.text || Number(element.max_length) < 1) problems.push(`max_length ${element.max_length}`);
  }
  return problems;
}

/** Problems of a list of choices. */
export function optionProblems(options: Json[]): string[] {
  const problems = options.length > MAX.options ? [`${options.length} options`] : [];
  for (const option of options) {
    problems.push(...plain(option.text as Json, MAX.optionText, 'option text'));
    if (size(option.value) > MAX.optionValue) problems.push('option value too long');
  }
  return problems;
}

function blockProblems(blocks: Json[], surface: 'message' | 'home'): string[] {
  const problems: string[] = [];
  if (blocks.length > MAX.blocks[surface]) problems.push(`${blocks.length} blocks`);
  if (surface === 'message' && blocks.filter(({ type }) => type === 'table').length > 1) problems.push('more than one table');
  const ids = blocks.flatMap((block) => list(block.elements).map((element) => element.action_id)).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) problems.push(`an action_id twice: ${ids}`);
  const shown = blocks.reduce((sum, block) => sum + visible(block), 0);
  if (shown > MAX.total) problems.push(`${shown} characters in all`);
  for (const block of blocks) problems.push(...oneBlock(block, surface).map((problem) => `${block.type}: ${problem}`));
  return problems;
}

function oneBlock(block: Json, surface: 'message' | 'home'): string[] {
  const elements = list(block.elements);
  switch (block.type) {
    case 'header':
      return plain(block.text as Json, MAX.header, 'text');
    case 'divider':
      return [];
    case 'context':
      return [
        ...(elements.length === 0 || elements.length > MAX.context ? [`${elements.length} elements`] : []),
        ...elements.flatMap((element) => text(element, MAX.text, 'element')),
      ];
    case 'section':
      return [
        ...(block.text ? text(block.text as Json, MAX.text, 'text') : []),
        ...(list(block.fields).length > MAX.fields ? ['too many fields'] : []),
        ...list(block.fields).flatMap((field) => text(field, MAX.fieldText, 'field')),
      ];
    case 'markdown':
      return surface === 'home' || size(block.text) > MAX.markdown ? ['not here, or too long'] : [];
    case 'actions':
      return [
        ...(elements.length === 0 || elements.length > MAX.actions ? [`${elements.length} elements`] : []),
        ...elements.flatMap(interactive),
      ];
    case 'rich_text':
      return elements.length === 0 ? ['empty'] : elements.flatMap(richText);
    case 'table':
      return surface === 'home' ? ['not on the home page'] : table(block);
    default:
      return ['unknown type'];
  }
}

function interactive(element: Json): string[] {
  const id = size(element.action_id) === 0 || size(element.action_id) > MAX.id ? [`action_id ${element.action_id}`] : [];
  if (element.type === 'button') {
    return [
      ...id,
      ...plain(element.text as Json, MAX.buttonText, 'label'),
      ...(size(element.value) > MAX.buttonValue ? ['value too long'] : []),
      ...(element.style === undefined || element.style === 'primary' || element.style === 'danger' ? [] : [`style ${element.style}`]),
    ];
  }
  if (element.type === 'external_select') {
    return [
      ...id,
      ...plain(element.placeholder as Json, MAX.placeholder, 'placeholder'),
      // Slack's default of three keeps every two-character Chinese word from being searched.
      ...(element.min_query_length === 1 ? [] : ['min_query_length is not 1']),
    ];
  }
  return [`element of type ${element.type}`];
}

const INLINE = ['text', 'link', 'date', 'emoji'];

function richText(element: Json): string[] {
  const inner = list(element.elements);
  if (inner.length === 0) return [`${element.type} is empty`];
  if (element.type === 'rich_text_list') {
    const rows = inner.flatMap((row) => (row.type === 'rich_text_section' ? richText(row) : [`${row.type} in a list`]));
    const indent = Number(element.indent ?? 0);
    return [...rows, ...(indent >= 0 && indent <= 8 ? [] : [`indent ${indent}`])];
  }
  if (!['rich_text_section', 'rich_text_quote', 'rich_text_preformatted'].includes(String(element.type))) return [`${element.type}`];
  return inner.flatMap((part) => {
    if (!INLINE.includes(String(part.type))) return [`${part.type} may mention someone or is unknown`];
    if (part.type === 'text' && size(part.text) === 0) return ['empty text'];
    if (part.type === 'link' && !/^(https?|mailto):/.test(String(part.url))) return [`link to ${part.url}`];
    return [];
  });
}

function table(block: Json): string[] {
  const rows = (block.rows ?? []) as Json[][];
  const problems = rows.length === 0 || rows.length > MAX.tableRows ? [`${rows.length} rows`] : [];
  for (const row of rows) {
    if (row.length === 0 || row.length > MAX.tableColumns) problems.push(`${row.length} columns`);
    for (const cell of row) if (cell.type !== 'raw_text' || size(cell.text) === 0) problems.push('an empty or unknown cell');
  }
  return problems;
}

function plain(object: Json | undefined, max: number, what: string): string[] {
  if (object?.type !== 'plain_text') return [`${what} is no plain text`];
  return size(object.text) === 0 || size(object.text) > max ? [`${what} of ${size(object.text)}`] : [];
}

function text(object: Json, max: number, what: string): string[] {
  const problems = size(object.text) === 0 || size(object.text) > max ? [`${what} of ${size(object.text)}`] : [];
  if (object.type === 'mrkdwn' && pings(String(object.text))) problems.push(`${what} pings: ${object.text}`);
  if (object.type !== 'mrkdwn' && object.type !== 'plain_text') problems.push(`${what} of type ${object.type}`);
  return problems;
}

/** Mentions, broadcasts and channels in Slack's own markup; a date is harmless. */
function pings(markup: string): boolean {
  return /<(?:@|#|!(?!date\^))/.test(markup);
}

function visible(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + visible(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => {
    if (typeof item === 'string') return sum + (key === 'text' ? size(item) : 0);
    return sum + visible(item);
  }, 0);
}

/** Everything a reader sees in blocks, in order, for comparison with what was said elsewhere. */
export function visibleText(value: unknown): string {
  if (Array.isArray(value)) return value.map(visibleText).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  const { type, text: own, url, elements, rows } = value as Json;
  if (typeof own === 'string') return own;
  if (type === 'link') return String(url);
  if (Array.isArray(elements) && ['rich_text_section', 'rich_text_quote', 'rich_text_preformatted'].includes(String(type)))
    return elements.map(visibleText).join('');
  return visibleText([own, elements, rows].filter(Boolean));
}
