import { createRegistry } from '../src/core/command.ts';
import help from './help.ts';
import lang from './lang.ts';

/** Every command, one line each; a test compares it with the folder. */
export const registry = createRegistry([help, lang]);
