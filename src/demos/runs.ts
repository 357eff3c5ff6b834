import type { Demo } from './demo.ts';
import type { AnyParams } from './params.ts';
import type { DeadRun, RunOptions } from './service.ts';
import type { RunReport } from './worker.ts';

/** What is asked for: the same demo, version, parameters and seed give the same. */
export interface RunRequest {
  demo: Demo;
  params: AnyParams;
  seed: number;
}

/** Where runs are asked for: of this process, or of all that share a Postgres. */
export interface Runs {
  /** @throws UserError as Demos.run does */
  run(request: RunRequest, options: RunOptions): Promise<RunReport & { cached: boolean }>;
  cancel(owner: string): Promise<number>;
  status(): { running: number; queued: number; dead: number };
  dead(): Promise<DeadRun[]>;
  settleDead(id: string, how: 'retry' | 'delete'): Promise<boolean>;
  close(): Promise<void>;
}

/** Of how many parts a run is. */
export function partsOf({ run }: Demo): number {
  return typeof run === 'function' ? 1 : run.count;
}
