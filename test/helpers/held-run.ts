import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../src/demos/create.ts';
import type { Program } from './playground.ts';

/** Options of a program whose experiments can be held: their workers are processes, whatever the backend. */
export const holdable = { lab: { runtime: 'child_process' } } as const;

/**
 * Stops the experiments of a program where they are, as soon as one is under way, until they are let go or ended: what
 * is tried meanwhile does not hang on how fast this machine is.
 * @returns lets them go on
 */
export async function holdRuns({ services }: Pick<Program, 'services'>): Promise<() => void> {
  const { processIds } = services.demos as Lab;
  while (processIds().length === 0) await sleep(10);
  const held = processIds();
  for (const id of held) process.kill(id, 'SIGSTOP');
  return () => {
    for (const id of held) process.kill(id, 'SIGCONT');
  };
}
