import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, ConfigError } from '../config.ts';
import { type Content, textOf } from './content.ts';
import { openKeptAnswers } from './kept-answers.ts';
import { type LoadedContent, loadContent } from './load.ts';
import { openParsedNotes } from './parsed-notes.ts';
import { mergeReload } from './reload.ts';
import { createSearch, type Search } from './search.ts';
import type { Notes, NotesLayer, NotesView, OwnContent } from './service.ts';
import type { VectorTopic } from './unit-vectors.ts';

export interface NotesDeps {
  config: Pick<Config, 'contentDir' | 'cacheDir'>;
  log: Logger;
}

const MAX_SUGGESTIONS = 25;
/** Editors write a file in several steps; the folder is read once they have been quiet for this long. */
const QUIET = 300;

/**
 * Loads the notes, indexes them, and reads them again when the folder changes. A topic that has errors where it
 * had none before stays in its last good version, and the log and the host view say so.
 * @throws ConfigError when the folder holds no topic at all.
 */
export async function createNotes({ config, log }: NotesDeps): Promise<Notes> {
  const folder = join(config.cacheDir, 'notes');
  const notKept = (error: unknown): void => log.warn({ err: error }, 'what was read and learnt from the notes could not be kept');
  const parsed = openParsedNotes(join(folder, 'parsed.json'), notKept);
  const searchOf = (read: LoadedContent): Search => {
    const kept = openKeptAnswers<VectorTopic>(join(folder, 'learnt.bin'), read.prepared, notKept);
    const made = createSearch(read, { kept });
    made.warm();
    return made;
  };
  const first = loadContent(config.contentDir, parsed);
  // What search alone needs of it is not held on to.
  let content: Content = servedOf(first);
  if (content.topics.size === 0) {
    const problem = content.problems[0];
    throw new ConfigError(
      `No notes in ${config.contentDir}: ${problem ? `${problem.file}: ${problem.message}` : 'topics/ is empty'}. Set CONTENT_DIR to a folder with topics/.`,
    );
  }
  let search = searchOf(first);
  let problems = content.problems;
  report(log, problems);

  const reload = (): void => {
    const next = loadContent(config.contentDir, parsed);
    problems = next.problems;
    report(log, problems);
    const { content: merged, kept } = mergeReload(content, next, config.contentDir);
    if (kept.length > 0) log.warn({ topics: kept }, 'these notes have errors now; their last good version stays');
    const old = search;
    search = searchOf(merged);
    content = servedOf(merged);
    old.close();
    log.info({ topics: content.topics.size }, 'notes read again');
  };
  const stopWatching = watchFolder(config.contentDir, reload, log);

  return {
    ...viewOf(
      () => search,
      () => content,
    ),
    over: (own) => layerOf(own, search, content),
    problems: () => problems,
    close() {
      stopWatching();
      search.close();
    },
  };
}

function servedOf({ topics, decks, questions, problems }: LoadedContent): Content {
  return { topics, decks, questions, problems };
}

/** What is read through, so that a reload is seen at once. */
function viewOf(search: () => Search, content: () => Content): NotesView {
  return {
    content,
    topic: (id) => search().topic(id),
    named: (text) => search().named(text),
    ask: (text, previous) => search().ask(text, previous),
    hit: (topic, unit) => search().hit(topic, unit),
    suggest(typed, locale) {
      const { complete, topics, topic } = search();
      const ids = typed.trim() === '' ? [...content().topics.keys()] : [...new Set([...complete(typed), ...topics(typed)])];
      return ids.slice(0, MAX_SUGGESTIONS).map((id) => ({ value: id, label: textOf(topic(id)!, locale).title }));
    },
  };
}

function layerOf(own: OwnContent, below: Search, shipped: Content): NotesLayer {
  const search = createSearch(own, { below });
  const merged: Content = {
    ...shipped,
    topics: new Map([...own.topics, ...[...shipped.topics].filter(([id]) => !own.topics.has(id))]),
    questions: new Map([...shipped.questions, ...own.questions]),
    decks: new Map([...shipped.decks, ...(own.decks ?? [])]),
  };
  const view = viewOf(
    () => search,
    () => merged,
  );
  return { ...view, close: search.close };
}

function report(log: Logger, problems: Notes extends { problems(): infer P } ? P : never): void {
  for (const { severity, file, line, message } of problems) {
    log[severity === 'error' ? 'error' : 'warn']({ file, line }, message);
  }
}

function watchFolder(folder: string, changed: () => void, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET);
      timer.unref();
    });
    watcher.unref();
    watcher.on('error', (error) => log.warn({ err: error }, 'the content folder is no longer watched'));
  } catch (error) {
    log.warn({ err: error }, 'the content folder cannot be watched; restart after changes');
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
