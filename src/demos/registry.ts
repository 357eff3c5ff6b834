import type { Demo } from './demo.ts';
import gradientNorms from './gradient-norms.ts';

/** Every demo, one line each, in the order of the list; a test compares it with the folder. */
export const demos: readonly Demo[] = [gradientNorms];
