// What runs an experiment outside the lab: loaded only by whoever presses Run in a note.
export { createEngine } from './engine.ts';
export { ChartFigure, Reading } from './result.tsx';
export { runSomewhere } from './run.ts';
export { demos, shownOf } from './shown.ts';
