import { UserError } from '../../../src/core/errors.ts';
import { LOCALES } from '../../../src/core/locale.ts';
import type { Demo } from '../../../src/demos/demo.ts';
import { createRng } from '../../../src/demos/random.ts';
import type { DemoRun, Demos } from '../../../src/demos/service.ts';
import { faultsOf } from './examine.ts';
import { type Setting, settingsOf } from './settings.ts';

export interface Swept {
  demo: string;
  setting: Setting;
  seed: number;
  ms: number;
  /** `ran`, or the code of the error that refused it before it started. */
  end: 'ran' | 'run-too-heavy';
  faults: string[];
  run?: DemoRun;
}

/** Runs a demo at the ends of its parameters and at random ones, in workers, with its own limit, and examines each run. */
export async function* sweep(
  lab: Demos,
  demo: Demo,
  { count, seed, which }: { count: number; seed: number; which?: (setting: Setting) => boolean },
): AsyncGenerator<Swept> {
  const settings = settingsOf(demo, createRng(seed), count);
  for (const [i, setting] of settings.entries()) {
    if (which && !which(setting)) continue;
    const begun = performance.now();
    const swept = { demo: demo.name, setting, seed: seed + i };
    const end = (rest: Pick<Swept, 'end' | 'faults'> & { run?: DemoRun }) => ({
      ...swept,
      ms: Math.round(performance.now() - begun),
      ...rest,
    });
    try {
      const run = await lab.run(demo.name, setting.given, seed + i, { owner: 'sweep' });
      // Ticks are worded while a chart is drawn: one that is no number stops it here.
      await lab.draw(run, LOCALES[i % LOCALES.length]!);
      yield end({ end: 'ran', faults: faultsOf(run), run });
    } catch (error) {
      if (error instanceof UserError && error.code === 'run-too-heavy')
        yield end({ end: 'run-too-heavy', faults: await refusalFaults(lab, demo, setting, error) });
      else yield end({ end: 'ran', faults: [`failed: ${String(error)} ${String((error as Error).cause ?? '')}`] });
    }
  }
}

/** What is wrong with a refusal: it names no change, or one with which the run is refused again. */
async function refusalFaults(lab: Demos, demo: Demo, setting: Setting, { params }: UserError): Promise<string[]> {
  const change = String(params.change);
  const pairs = change
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split(':') as [string, string]);
  if (pairs.length === 0) return ['refused without a word on what would fit'];
  try {
    lab.resolve(demo.name, { ...setting.given, ...Object.fromEntries(pairs) });
    return [];
  } catch (error) {
    return [`refused, and so is the change that it names (${change}): ${String(error)}`];
  }
}
