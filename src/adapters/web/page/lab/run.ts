// Runs an experiment in the browser, and on the server only where the browser cannot.
import type { Engine, Job, Ran, Underway } from './engine.ts';
import { Unable } from './engine.ts';
import { runOnServer } from './server-run.ts';

/** @throws Failed when the experiment fails, TypeError without a connection, the signal's AbortError */
export async function runSomewhere(engine: Engine, job: Job, onProgress: (underway: Underway) => void, signal: AbortSignal): Promise<Ran> {
  try {
    return await engine.run(job, onProgress, signal);
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    return runOnServer(job, onProgress, signal);
  }
}
