import { parseActionId } from '../../core/ids.ts';
import type { Button, Reply } from '../../core/reply.ts';
import type { RoomRef } from '../../core/request.ts';
import type { Services } from '../../services.ts';

const CHANGES = ['pick', 'clear', 'done'];

/**
 * Of what one person alone sees, Slack lets us change only the message in which they press. So the receipt for an
 * answer carries the buttons of its question: whoever changes their mind there keeps one receipt, which says what
 * counts now. A press on the board brings another one, since nothing else could tell them that it counted.
 */
export async function withChoices({ quiz }: Services, room: RoomRef, reply: Reply): Promise<Reply> {
  const { result, slot } = reply;
  const live = result?.kind === 'quiz' && result.recorded !== undefined && slot !== undefined ? quiz.inRoom(room) : undefined;
  if (live?.state.phase !== 'open' || live.state.settings.lock) return reply;
  const board = await quiz.board(live);
  const items = (board?.blocks ?? []).flatMap((block): Button[] => (block.type === 'buttons' ? block.items : [])).filter(isChange);
  return items.length === 0 ? reply : { ...reply, blocks: [...reply.blocks, { type: 'buttons', items }] };
}

function isChange({ id }: Button): boolean {
  const action = parseActionId(id);
  return action?.command === 'quiz' && CHANGES.includes(action.action);
}
