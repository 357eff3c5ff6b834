import { fromMarkdown } from 'mdast-util-from-markdown';
import { createDispatch } from '../../src/core/dispatch.ts';
import type { Courier } from '../../src/core/outbox.ts';
import { type Block, type Reply, toText } from '../../src/core/reply.ts';
import type { RoomRef } from '../../src/core/request.ts';
import { createManualClock, type ManualClock } from '../helpers/clock.ts';
import { type Program, startProgram } from '../helpers/playground.ts';

/** One platform as people use it. A new platform is one file here and one line in contract.test.ts. */
export interface Contestant {
  /** Where the script is played. */
  room: RoomRef;
  stage: Stage;
  /** What a person types, or the id of the button they press; resolves when it is answered. */
  act(user: string, what: { text: string } | { press: string }): Promise<void>;
  /** Everything that people can see by now: texts, labels, alternative texts. */
  visible(): string | Promise<string>;
  /** The platform's own ids of people, to be told apart from what is said. */
  ids: Record<string, string>;
  close(): Promise<void>;
}

/** The real program with a clock that stands still, and a record of every reply that left the core. */
export interface Stage {
  program: Program;
  clock: ManualClock;
  /** Answers to people, in order. */
  replies: Reply[];
  /** What the bot posted by itself, in order, as first posted. */
  posts: Reply[];
}

export interface StageOptions {
  folder: string;
  /** Shared and filled before, so that every platform shows the same finished runs. */
  cache: string;
  env?: Record<string, string>;
}

export async function openStage({ folder, cache, env }: StageOptions): Promise<Stage> {
  const clock = createManualClock();
  const program = await startProgram({ folder, clock, freshSeed: () => 11, env: { CACHE_DIR: cache, ...env } });
  clock.idle = program.services.quiz.idle;
  const stage: Stage = { program, clock, replies: [], posts: [] };
  const { services } = program;
  const dispatch = createDispatch(services.registry, services);
  program.dispatch = async (request, hooks) => {
    const reply = await dispatch(request, hooks);
    stage.replies.push(reply);
    return reply;
  };
  const { register } = services.outbox;
  services.outbox.register = (platform, courier) => register(platform, recording(courier, stage.posts));
  return stage;
}

function recording(courier: Courier, posts: Reply[]): Courier {
  return {
    ...courier,
    async post(room, reply, key) {
      const message = await courier.post(room, reply, key);
      posts.push(reply);
      return message;
    },
  };
}

/** What must be equal everywhere: outcome and text, without what differs from run to run. */
export function comparable(reply: Reply, ids: Record<string, string>): { result: unknown; text: string; visibility: string } {
  let json = JSON.stringify({ result: reply.result ?? null, text: toText(reply) });
  for (const [id, name] of Object.entries(ids)) json = json.replaceAll(`"${id}"`, `"${name}"`);
  const { result, text } = JSON.parse(json, (key, value: unknown) => (VOLATILE.includes(key) ? undefined : value)) as {
    result: unknown;
    text: string;
  };
  const stable = (value: string) =>
    value
      .replace(/\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/g, 'A-CODE')
      .replace(/1~(quiz|review)~(\w+)~[\w./-]+/g, '1~$1~$2~…')
      // What a space of channels is called there.
      .replace(/\b(?:server|workspace)\b|服务器|工作区/g, '{place}')
      // What is stored about a person names them by the platform's ids.
      .replace(/(\[my-data\.json\]) \d+ kB/, '$1');
  return { result: JSON.parse(stable(JSON.stringify(result))) as unknown, text: stable(text), visibility: reply.visibility };
}

/** Ids that are drawn by chance. */
const VOLATILE = ['quizId', 'turn'];

/** Every word that a reader must be able to see of a reply, whatever the platform makes of it. */
export function wordsOf(reply: Reply): string[] {
  return reply.blocks
    .flatMap(partsOf)
    .flatMap((text) => text.split(/\s+/))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function partsOf(block: Block): string[] {
  switch (block.type) {
    case 'markdown':
      // Formulas look different everywhere.
      return block.text.includes('$') ? [] : leaves(fromMarkdown(block.text) as Node);
    case 'heading':
    case 'note':
      return [block.text];
    case 'fields':
      return block.items.flatMap(({ name, value }) => [name, value]);
    case 'table':
      return [...block.columns, ...block.rows.flat()];
    case 'buttons':
      return block.items.map(({ label }) => label);
    case 'rows':
      return block.items.flatMap(({ text, button }) => [...(text.includes('$') ? [] : leaves(fromMarkdown(text) as Node)), button.label]);
    case 'sources':
      return [block.label, ...block.items.map(({ author, title }) => author ?? title)];
    case 'image':
      return [block.alt];
    case 'file':
      return [block.name];
    case 'deadline':
      return [block.text.replace('{time}', '')];
    case 'divider':
      return [];
    default:
      return block satisfies never;
  }
}

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

function leaves(node: Node): string[] {
  return node.children ? node.children.flatMap(leaves) : node.type === 'text' || node.type === 'inlineCode' ? [node.value ?? ''] : [];
}

/** All texts in a platform's payload, without Markdown's escapes. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('\\', '');
  if (Array.isArray(value)) return value.map(textsIn).join('\n');
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join('\n') : '';
}
