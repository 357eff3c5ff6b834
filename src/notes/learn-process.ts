import { setPriority } from 'node:os';
import { openKeptAnswers } from './kept-answers.ts';
import type { NotePlaces, Told } from './learn-apart.ts';
import { loadContent } from './load.ts';
import { openParsedNotes } from './parsed-notes.ts';
import { createSearch } from './search.ts';

// A program of its own, started by `learnApart`.

/** Replies come first. */
const PRIORITY = 10;

const tell = (told: Told): void => void process.send?.(told);
const fail = (error: unknown): void => {
  tell({ stage: 'failed', why: error instanceof Error ? error.message : String(error) });
  process.disconnect();
};

async function learn({ contentDir, parsed, learnt }: NotePlaces): Promise<void> {
  let fault: unknown;
  const notKept = (error: unknown): void => {
    fault = error;
  };
  const read = loadContent(contentDir, openParsedNotes(parsed, notKept));
  if (fault !== undefined) return fail(fault);
  tell({ stage: 'read' });
  setPriority(PRIORITY);
  const search = createSearch(read, { kept: openKeptAnswers(learnt, read.prepared, notKept) });
  await search.warm();
  search.close();
  if (fault !== undefined) return fail(fault);
  tell({ stage: 'learnt' });
  process.disconnect();
}

// Ctrl-C is for the program that started it, with which it ends.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => process.exit());
learn(JSON.parse(process.argv[2]!) as NotePlaces).catch(fail);
