import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, ConfigError } from '../config.ts';
import { type Content, textOf } from './content.ts';
import { type LearnApart, learnApart } from './learn-apart.ts';
import { type LoadedContent, loadContent, loadUnlessMuch } from './load.ts';
import { openSearch } from './open-search.ts';
import { openParsedNotes } from './parsed-notes.ts';
import { mergeReload } from './reload.ts';
import { createSearch, type Search } from './search.ts';
import { DamagedFile } from './sections.ts';
import type { Notes, NotesLayer, NotesView, OwnContent } from './service.ts';

export interface NotesDeps {
  config: Pick<Config, 'contentDir' | 'cacheDir'>;
  log: Logger;
}

const MAX_SUGGESTIONS = 25;
/** Editors write a file in several steps; the folder is read once they have been quiet for this long. */
const QUIET = 300;
/** So many topics are read, and learnt, quicker than a process is started for it. */
const FEW = 8;

/**
 * Loads the notes, indexes them, and reads them again when the folder changes. A topic that has errors where it
 * had none before stays in its last good version, and the log and the host view say so.
 * @throws ConfigError when the folder holds no topic at all.
 */
export async function createNotes({ config, log }: NotesDeps): Promise<Notes> {
  const folder = join(config.cacheDir, 'notes');
  const places = { contentDir: config.contentDir, parsed: join(folder, 'parsed.json'), learnt: join(folder, 'learnt.bin') };
  const notKept = (error: unknown): void => log.warn({ err: error }, 'what was read and learnt from the notes could not be kept');
  const parsed = openParsedNotes(places.parsed, notKept);
  let apart: LearnApart | undefined;
  const startApart = (): LearnApart | undefined => {
    apart?.stop();
    apart = learnApart(places, folder, log);
    return apart;
  };
  const searchOf = (read: LoadedContent, elsewhere: (() => Promise<unknown>) | undefined) =>
    openSearch(read, { file: places.learnt, elsewhere: read.prepared.size > FEW ? elsewhere : undefined, notKept });
  const learnNow = async (): Promise<unknown> => startApart()?.learnt;
  let first = loadUnlessMuch(config.contentDir, openParsedNotes(places.parsed, notKept), FEW);
  let learnFirst: typeof learnNow | undefined = learnNow;
  if (!first) {
    const reading = startApart();
    learnFirst = (await reading?.read) ? async () => reading?.learnt : undefined;
    first = loadContent(config.contentDir, parsed);
  }
  // What search alone needs of it is not held on to.
  let content: Content = servedOf(first);
  if (content.topics.size === 0) {
    const problem = content.problems[0];
    throw new ConfigError(
      `No notes in ${config.contentDir}: ${problem ? `${problem.file}: ${problem.message}` : 'topics/ is empty'}. Set CONTENT_DIR to a folder with topics/.`,
    );
  }
  let search = searchOf(first, learnFirst);
  first = undefined;
  let problems = content.problems;
  report(log, problems);

  const reload = (): void => {
    const next = loadContent(config.contentDir, parsed);
    problems = next.problems;
    report(log, problems);
    const { content: merged, kept } = mergeReload(content, next, config.contentDir);
    if (kept.length > 0) log.warn({ topics: kept }, 'these notes have errors now; their last good version stays');
    const old = search;
    // The other process reads what is in the folder.
    search = searchOf(merged, kept.length === 0 ? learnNow : undefined);
    content = servedOf(merged);
    old.close();
    log.info({ topics: content.topics.size }, 'notes read again');
  };
  const stopWatching = watchFolder(config.contentDir, reload, log);
  const learnAnew = (): void => {
    log.warn({ file: places.learnt }, 'what was learnt from the notes is damaged; it is learnt anew');
    reload();
  };

  return {
    ...viewOf(
      () => search.get(),
      () => content,
      learnAnew,
    ),
    over: (own) => layerOf(own, () => ({ below: search.get(), shipped: content }), learnAnew),
    problems: () => problems,
    close() {
      stopWatching();
      apart?.stop();
      search.close();
    },
  };
}

function servedOf({ topics, decks, questions, problems }: LoadedContent): Content {
  return { topics, decks, questions, problems };
}

/**
 * What is read through, so that a reload is seen at once.
 * @param mend called where what was learnt is found to be damaged; afterwards `search` gives one that is whole
 */
function viewOf(search: () => Search, content: () => Content, mend: () => void): NotesView {
  const whole = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      mend();
      return read();
    }
  };
  return {
    content,
    topic: (id) => content().topics.get(id),
    named: (text) => search().named(text),
    ask: (text, previous) => whole(() => search().ask(text, previous)),
    hit: (topic, unit) => search().hit(topic, unit),
    suggest(typed, locale) {
      const found = () => [...new Set([...search().complete(typed), ...search().topics(typed)])];
      const ids = typed.trim() === '' ? [...content().topics.keys()] : whole(found);
      return ids.slice(0, MAX_SUGGESTIONS).map((id) => ({ value: id, label: textOf(content().topics.get(id)!, locale).title }));
    },
  };
}

function layerOf(own: OwnContent, lower: () => { below: Search; shipped: Content }, mend: () => void): NotesLayer {
  const make = () => {
    const { below, shipped } = lower();
    const content: Content = {
      ...shipped,
      topics: new Map([...own.topics, ...[...shipped.topics].filter(([id]) => !own.topics.has(id))]),
      questions: new Map([...shipped.questions, ...own.questions]),
      decks: new Map([...shipped.decks, ...(own.decks ?? [])]),
    };
    return { search: createSearch(own, { below }), content };
  };
  let layer = make();
  const view = viewOf(
    () => layer.search,
    () => layer.content,
    () => {
      mend();
      layer.search.close();
      layer = make();
    },
  );
  return { ...view, close: () => layer.search.close() };
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
