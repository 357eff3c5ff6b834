import type { Hono } from 'hono';
import { type Locale, localize } from '../../core/locale.ts';
import { claimCheck } from '../../demos/present.ts';
import { areaName } from '../../notes/area-name.ts';
import { type Topic, textOf } from '../../notes/content.ts';
import { unknownTopic } from '../../notes/naming.ts';
import { byArea, nextAfter, pathTo } from '../../notes/path.ts';
import { answerUnit } from '../../notes/prepare.ts';
import { answerTextOf, citedIn, languageOf, numberCitations, predictionOf, questionOf, sourceLinks } from '../../notes/present.ts';
import type { Services } from '../../services.ts';
import type { Web } from './app.ts';
import { markdownToHtml } from './html.ts';
import type { Env } from './identity.ts';
import { askAnchor } from './note-path.ts';
import { SPACE } from './space.ts';

/** What may be typed into the notes' search. */
const MAX_QUERY = 400;

/** Notes to be read: an index by area, each topic as a whole with what people ask, and a search over all. */
export function serveNotes(app: Hono<Env>, { services, problem, localeOf }: Web): void {
  const view = () => services.within({ platform: 'web', space: SPACE }).notes;

  app.get('/api/notes', (c) => {
    const locale = localeOf(c);
    const t = services.i18n(locale);
    const areas = [...byArea(view().content().topics.values())].map(([area, topics]) => ({
      id: area,
      name: areaName(t, area),
      topics: topics.map((topic) => ({ ...nameOf(topic, locale), needs: topic.needs, answers: topic.answers.length })),
    }));
    return c.json({ areas });
  });

  app.get('/api/notes/find', (c) => {
    const locale = localeOf(c);
    const query = (c.req.query('q') ?? '').slice(0, MAX_QUERY);
    const outcome = view().ask(query);
    const hits = [...('hit' in outcome ? [outcome.hit] : []), ...outcome.alternatives].map((hit) => {
      const { title } = textOf(hit.topic, locale);
      return hit.kind === 'answer'
        ? { topic: hit.topic.id, anchor: anchorOf(hit.answer.id), title, text: questionOf(hit.answer, locale) }
        : {
            topic: hit.topic.id,
            anchor: hit.section,
            title,
            text: textOf(hit.topic, locale).sections.find(({ id }) => id === hit.section)?.heading ?? title,
          };
    });
    return c.json({ sure: outcome.kind === 'answer', hits });
  });

  app.get('/api/notes/:topic', (c) => {
    const notes = view();
    const topic = notes.topic(c.req.param('topic'));
    if (!topic) return problem(c, unknownTopic(notes, c.req.param('topic'), localeOf(c)), 404);
    return c.json(wholeNote(services, notes, topic, localeOf(c)));
  });
}

/** Everything that a topic says, in one language; formulas and text as HTML. */
function wholeNote(services: Services, notes: Services['notes'], topic: Topic, asked: Locale) {
  const locale = languageOf(topic, asked);
  const t = services.i18n(locale);
  const { title, reviewed, sections } = textOf(topic, locale);
  const bodies = [...sections.map(({ body }) => body), ...topic.answers.map((answer) => answerTextOf(answer, locale))];
  const used = citedIn(bodies);
  const html = (text: string) => markdownToHtml(numberCitations(text, topic, used));
  const cited = used.flatMap((id) => topic.sources.filter((source) => source.id === id));
  const onPath = (one: Topic) => ({ ...nameOf(one, locale), needs: one.needs });
  const others = topic.sources.filter((source) => !cited.includes(source));
  return {
    ...nameOf(topic, locale),
    title,
    locale,
    area: areaName(t, topic.area),
    ...(reviewed && { reviewed }),
    needs: topic.needs,
    path: pathTo(notes, topic).slice(0, -1).map(onPath),
    next: nextAfter(notes, topic.id).map(onPath),
    related: topic.related.flatMap((id) => notes.topic(id) ?? []).map((one) => nameOf(one, locale)),
    sections: sections.map(({ id, heading, body }) => ({ id, heading, html: html(body) })),
    answers: topic.answers.map((answer) => ({
      id: anchorOf(answer.id),
      question: markdownToHtml(questionOf(answer, locale)),
      html: html(answerTextOf(answer, locale)),
      ...(answer.code && { code: answer.code }),
    })),
    claims: topic.claims.map((claim) => ({
      id: claim.id,
      html: markdownToHtml(localize(claim.text, locale)),
      expected: predictionOf(claim, locale, t),
      lab: labPath(claim.demo, claim.params),
      run: { demo: claim.demo, params: claim.params },
      check: claimCheck(claim),
    })),
    sources: sourceLinks([...cited, ...others], locale),
    questions: [...notes.content().questions.values()].filter((question) => question.topic === topic.id).length,
  };
}

function nameOf(topic: Topic, locale: Locale): { id: string; title: string } {
  return { id: topic.id, title: textOf(topic, locale).title };
}

/** `batch-normalization.test-time` → `ask-test-time`: sections have the plain names. */
function anchorOf(answer: string): string {
  return askAnchor(answerUnit(answer).slice(1));
}

function labPath(demo: string, params: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]));
  return `/lab/${demo}${query.size > 0 ? `?${query}` : ''}`;
}
