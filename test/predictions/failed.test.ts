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
  await vi.waitFor(() => expect(program.services.demos.status().running).toBeGreaterThan(0), { timeout: 20_000, interval: 5 });
  for (const { id } of await program.services.store.db.selectFrom('predictions').select('id').execute())
    await program.services.demos.cancel(`prediction/${id}`);
  await vi.waitFor(() => expect(toText(room.posts[1]?.reply ?? { blocks: [], visibility: 'public' })).toContain('The run was cancelled'), {
    timeout: 20_000,
  });
  await program.close();
});
