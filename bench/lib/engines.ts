import { create, insertMultiple, search } from '@orama/orama';
import { createTokenizer } from '@orama/tokenizers/mandarin';
import { Charset, Index } from 'flexsearch';
import MiniSearch from 'minisearch';
import { analyse } from '../../src/notes/analyse.ts';
import { createSearchIndex } from '../../src/notes/search-index.ts';
import type { Doc } from './corpus.ts';

/** Ids of the best documents, best first. */
export type Ask = (question: string) => string[] | Promise<string[]>;

/** Each engine as its documentation sets it up for this kind of text; `minisearch+` gets our terms. */
export const engines: Record<string, (docs: readonly Doc[]) => Ask | Promise<Ask>> = {
  ours(docs) {
    const terms = (text: string) => analyse(text).join(' ');
    const index = createSearchIndex(docs.map(({ id, title, body }) => ({ id, heading: terms(title), body: terms(body) })));
    return (question) => index.rank(analyse(question), 10);
  },
  minisearch(docs) {
    const index = new MiniSearch<Doc>({ fields: ['title', 'body'], searchOptions: { boost: { title: 4 } } });
    index.addAll(docs);
    return (question) =>
      index
        .search(question)
        .slice(0, 10)
        .map(({ id }) => String(id));
  },
  'minisearch+'(docs) {
    const index = new MiniSearch<Doc>({
      fields: ['title', 'body'],
      tokenize: analyse,
      processTerm: (term) => term,
      searchOptions: { boost: { title: 4 } },
    });
    index.addAll(docs);
    return (question) =>
      index
        .search(question)
        .slice(0, 10)
        .map(({ id }) => String(id));
  },
  async orama(docs) {
    const index = create({ schema: { id: 'string', title: 'string', body: 'string' }, components: { tokenizer: await createTokenizer() } });
    await insertMultiple(index, [...docs], 500);
    return async (question) => {
      const { hits } = await search(index, { term: question, properties: ['title', 'body'], boost: { title: 4 }, limit: 10 });
      return hits.map(({ document }) => String(document.id));
    };
  },
  flexsearch(docs) {
    const index = new Index({ encoder: Charset.CJK, tokenize: 'forward' });
    docs.forEach(({ title, body }, i) => void index.add(i, `${title} ${body}`));
    return (question) => (index.search(question, { limit: 10, suggest: true }) as number[]).map((i) => docs[i]!.id);
  },
};
