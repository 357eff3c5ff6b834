import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import { createManualClock } from '../helpers/clock.ts';
import { startProgram } from '../helpers/playground.ts';
import { buttonsOf, openRoom } from '../helpers/room.ts';

it('a prediction says what went wrong when the experiment fails', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'prediction-failed-'));
  const program = await startProgram({ folder, clock: createManualClock(), env: { TF_BACKEND: 'wasm' } });
  const room = openRoom(program.services, program.dispatch);
  await room.say('host', '/demo gradient-norms predict:true depth:50 width:128');
  const close = buttonsOf(room.posts[0]!.reply).find(({ label }) => label === 'Close now and show')!;
  await room.press('host', close.id);
  const [{ id } = { id: '' }] = await program.services.store.db.selectFrom('predictions').select('id').execute();
  // It also runs ahead while people think, and a failure of that is not told: whichever runs is cancelled.
  await vi.waitFor(
    async () => {
      await program.services.demos.cancel(`prediction/${id}`);
      expect(toText(room.posts[1]?.reply ?? { blocks: [], visibility: 'public' })).toContain('The run was cancelled');
    },
    { timeout: 20_000, interval: 5 },
  );
  await program.close();
});
