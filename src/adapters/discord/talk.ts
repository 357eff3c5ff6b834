import { type Message, MessageReferenceType } from 'discord.js';
import { isQuestion, type Overheard } from '../../core/asked.ts';
import type { Reply } from '../../core/reply.ts';
import type { RoomRef } from '../../core/request.ts';
import { spokenIn } from '../../notes/conversations.ts';
import type { Services } from '../../services.ts';
import { spaceOf } from './decode.ts';

/** A message that is meant for us. */
export interface Heard {
  /** The answer of ours below which it stands: the same for everything that follows from it. */
  thread?: string;
  /** It names nobody: it is answered only where it is a question, or where the notes know the answer. */
  overheard?: Overheard;
}

/** Who speaks to us, and below which answer. */
export interface Talk {
  /** What a message is to us; undefined for talk between people. */
  hears(message: Message): Promise<Heard | undefined>;
  /** An answer of ours stands in a room: what is asked below it is asked of us. */
  answered(room: RoomRef, asker: { id: string }, message: string, reply: Reply, thread?: string): Promise<void>;
}

const REMEMBERED = 10_000;

export function createTalk({ threads, conversations, quiz }: Pick<Services, 'threads' | 'conversations' | 'quiz'>): Talk {
  /** Later answers in a chain of replies, by message: the first one of the chain. After a restart each is a first one. */
  const roots = new Map<string, string>();
  /** Who was answered last below an answer: their next line needs no question mark. */
  const askers = new Map<string, string>();

  const threadOf = async (message: Message): Promise<string | undefined> => {
    const room: RoomRef = { platform: 'discord', space: spaceOf(message), room: message.channelId };
    const { reference, channel } = message;
    if (reference?.messageId && (reference.type ?? MessageReferenceType.Default) === MessageReferenceType.Default) {
      return (await threads.has(room, reference.messageId)) ? (roots.get(reference.messageId) ?? reference.messageId) : undefined;
    }
    // A thread has the id of the message that it was begun below.
    if (!channel.isThread() || channel.parentId === null) return undefined;
    return (await threads.has({ ...room, room: channel.parentId }, channel.id)) ? (roots.get(channel.id) ?? channel.id) : undefined;
  };

  const isBelowBoard = async (message: Message): Promise<boolean> => {
    const id = message.reference?.messageId;
    return id !== undefined && quiz.isBoard({ platform: 'discord', space: spaceOf(message), room: message.channelId }, id);
  };

  return {
    async hears(message) {
      const { author, content, guildId, system, webhookId } = message;
      if (author.bot || system || webhookId !== null) return undefined;
      const thread = await threadOf(message);
      const below = thread === undefined ? {} : { thread };
      if (guildId === null || namesUs(message)) return below;
      const question = isQuestion(content);
      // A reply to the board of a quiz may be an answer to it.
      if (thread === undefined && (await isBelowBoard(message))) return { overheard: { question, board: true } };
      if (thread === undefined || content.trim() === '' || namesOthers(message)) return undefined;
      return question || askers.get(thread) === author.id ? { ...below, overheard: { question } } : undefined;
    },
    async answered(room, asker, message, { visibility, result }, thread = message) {
      if (visibility !== 'public' || result?.kind !== 'answer') return;
      remember(roots, message, thread);
      remember(askers, thread, asker.id);
      await threads.answered(room, message);
      const spoken = spokenIn(result);
      if (!spoken) return;
      // In the channel by replies, and in the thread that somebody may begin below it.
      for (const place of [room.room, message]) conversations.remember({ ...room, room: place, thread, user: asker }, spoken);
    },
  };
}

/** Mentioned in the text itself: the ping of a reply or of @everyone is not a question to the bot. */
function namesUs({ content, client }: Message): boolean {
  return new RegExp(`<@!?${client.user.id}>`).test(content);
}

function namesOthers({ content, mentions }: Message): boolean {
  return /<@[!&]?\d+>|@everyone|@here/.test(content) || mentions.everyone || mentions.roles.size > 0;
}

function remember(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
}
