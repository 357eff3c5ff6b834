import type { Drawing } from './drawing.ts';
import { type LiveQuiz, questionKey } from './live.ts';
import { type Messages, withoutControls } from './messages.ts';

/** Boards that are there already, as they look now. */
export function createRedrawing(update: Messages['update'], drawing: Drawing) {
  /** Brings the boards of a question that has been posted up to date. */
  const redraw = async (live: LiveQuiz, position: number): Promise<void> => {
    if (position < 0) return update(live, 'lobby', await drawing.lobby(live));
    for (const again of live.state.settings.mode === 'discuss' ? [false, true] : [false]) {
      const board = await drawing.question(live, position, again);
      if (board) await update(live, questionKey(position, again), board);
    }
  };
  return {
    redraw,
    /** What is over loses its clock and its buttons: the lobby, a question, its answer. */
    async leave(live: LiveQuiz, position: number): Promise<void> {
      const { revealed } = live;
      if (revealed?.position === position) return update(live, `r${position}`, withoutControls(revealed.reply));
      await redraw(live, position);
    },
    /** The talk is over: nothing to write any more, and the first vote is closed. */
    async leaveTalk(live: LiveQuiz, position: number): Promise<void> {
      await redraw(live, position);
      await update(live, `t${position}`, withoutControls(await drawing.talk(live, position)));
    },
  };
}
