import type { Translate } from '../core/i18n.ts';
import { actionId } from '../core/ids.ts';
import { type Locale, localize } from '../core/locale.ts';
import type { Block, Button, FileBlock, Form } from '../core/reply.ts';
import { squeeze } from '../notes/analyse.ts';
import { frontMatter, openYaml } from '../notes/front-matter.ts';
import { countParts } from '../notes/import/counts.ts';
import type { NotesView } from '../notes/service.ts';
import type { ReadFile } from './drafts.ts';
import { toMarkdown } from './note-text.ts';
import { openDeck } from './own-deck.ts';
import type { NoteEntry, NoteKey, NoteVersion } from './service.ts';

/** Longer texts are edited as a file: Slack keeps what stands in a form within the button, which holds 2,000 characters. */
export const FORM_TEXT = 1_400;
const SHOWN = 10;
const NAMED = 3;

export interface ShowContext {
  t: Translate;
  locale: Locale;
  /** Shipped notes: what stands behind the space's own. */
  shipped: NotesView;
}

/** What a note is called and asked for, from its front matter. */
export function namesIn(text: string): { aliases: string[]; questions: string[] } {
  const front = /^---\n([\s\S]*?)\n---/.exec(text)?.[1];
  const { value } = openYaml(front ?? '').check(frontMatter);
  return { aliases: value?.aliases ?? [], questions: value?.questions ?? [] };
}

export function bodyOf(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---[ \t]*\n?/, '').trim();
}

/** Drafts as they would be read, what could not be read, and what search still needs. */
export function previewBlocks(
  { t, locale, shipped }: ShowContext,
  versions: readonly NoteVersion[],
  options: { name?: string; read?: ReadFile; mayPublish: boolean; before: readonly NoteEntry[] },
): Block[] {
  const { name, read, mayPublish, before } = options;
  const [{ batch } = { batch: '' }] = versions;
  const items = versions.slice(0, SHOWN).map((version) => {
    const { aliases, questions } = namesIn(version.text);
    const asked = version.kind === 'deck' ? openDeck(version.topic, version.text).questions.length : undefined;
    const known = before.find((entry) => sameKey(entry, version));
    const named = shipped.named(version.title);
    const shippedTitle = shipped.topic(version.topic) ? version.topic : named?.id;
    const facts = [
      asked === undefined
        ? t('own-notes.words', { count: countParts(bodyOf(version.text)).words })
        : t('own-notes.questions', { count: asked }),
      known && known.latest > 1 ? t('own-notes.new-version', { version: version.version }) : t('own-notes.new', { id: version.topic }),
      ...(shippedTitle ? [t('own-notes.stands-before', { topic: shippedTitle })] : []),
      ...(aliases.length > 0 ? [t('own-notes.names', { names: aliases.join(', ') })] : []),
      ...(questions.length > 0 ? [t('own-notes.answers', { questions: questions.slice(0, 2).join(' / ') })] : []),
    ];
    return { name: version.title, value: facts.join(' · ') };
  });
  const poor = versions.filter(({ kind, text }) => kind !== 'deck' && namesIn(text).questions.length === 0);
  // An answer without its question is found by nobody.
  const unasked = poor.some(({ kind }) => kind === 'answer');
  const waits = versions.some((version) => version.waits);
  const buttons: Button[] = [
    ...(mayPublish && !waits && !unasked
      ? [{ id: actionId('notes', 'publish', batch), label: t('own-notes.publish'), style: 'primary' } as const]
      : []),
    ...poor.slice(0, NAMED).map(({ topic, locale, title, kind }) => ({
      id: actionId('notes', 'names', batch, topic, locale),
      label: kind === 'answer' ? t('own-notes.add-question') : t('own-notes.add-names', { title: title.slice(0, 40) }),
      form: kind === 'answer' ? questionForm(t) : namesForm(t, title),
    })),
    { id: actionId('notes', 'discard', batch), label: t('own-notes.discard'), style: 'secondary' },
  ];
  const more = versions.length - items.length;
  return [
    { type: 'heading', text: t('own-notes.preview', { count: versions.length, name: name ?? versions[0]?.title ?? '' }) },
    { type: 'fields', items },
    ...(more > 0 ? [note(t('own-notes.and-more', { count: more }))] : []),
    ...(read ? reportBlocks(t, locale, read) : []),
    ...(poor.length > 0 ? [note(t(unasked ? 'own-notes.question-help' : 'own-notes.names-help'))] : []),
    { type: 'buttons', items: buttons },
  ];
}

function reportBlocks(t: Translate, locale: Locale, { remarks, leftOut, size }: ReadFile): Block[] {
  const placed = ({ where, text }: ReadFile['remarks'][number]) => ({ where: localize(where, locale), text: localize(text, locale) });
  const read = t(`own-notes.${size.of}`, { count: size.count });
  const lost = remarks.filter((remark) => remark.lost).length + leftOut;
  // A question that is in the deck may have lost a part; a note is told of as a whole.
  const changed = size.of === 'questions' ? remarks.length - lost : 0;
  const outcome = lost + changed === 0 ? 'whole' : size.of === 'questions' ? 'deck-lost' : 'lost';
  const told = remarks.slice(0, SHOWN).map((remark) => `- ${t('own-notes.remark', placed(remark))}`);
  const rest = remarks.length - told.length;
  const all: FileBlock[] =
    rest > 0
      ? [
          {
            type: 'file',
            name: 'report.txt',
            mime: 'text/plain',
            text: `${remarks.map((remark) => Object.values(placed(remark)).join('\t')).join('\n')}\n`,
          },
        ]
      : [];
  return [
    note(t(`own-notes.${outcome}`, { count: lost, changed, read }), outcome === 'whole' ? 'info' : 'warning'),
    ...(told.length > 0
      ? [{ type: 'markdown', text: [...told, ...(rest > 0 ? [`- ${t('own-notes.and-more', { count: rest })}`] : [])].join('\n') } as const]
      : []),
    ...all,
  ];
}

function namesForm(t: Translate, title: string): Form {
  return {
    title: t('own-notes.names-title'),
    label: t('own-notes.names-label', { title: title.slice(0, 20) }),
    placeholder: t('own-notes.names-example'),
    maxLength: 600,
    lines: true,
  };
}

function questionForm(t: Translate): Form {
  return { title: t('own-notes.question-title'), label: t('own-notes.question-label'), maxLength: 600, lines: true };
}

/** What was typed into the form for names: what ends as a question is one, the rest are names. */
export function readNames(typed: string): { aliases: string[]; questions: string[] } {
  const parts = typed
    .split(/[\n;；,，、]+|(?<=[?？])/u)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '');
  const isQuestion = (part: string) => /[?？]$/.test(part);
  return {
    questions: parts.filter(isQuestion),
    aliases: parts.filter((part) => !isQuestion(part)).filter((part) => squeeze(part).length >= 2),
  };
}

/** One version with what can be done with it. */
export function noteBlocks({ t, locale }: ShowContext, entry: NoteEntry, version: NoteVersion, mayEdit: boolean): Block[] {
  const { aliases, questions } = namesIn(version.text);
  const facts = [
    t(`own-notes.state-${entry.state}`),
    t('own-notes.version-by', { version: version.version, name: version.author?.name ?? '—', day: dayOf(version.at) }),
    ...(version.reviewedBy ? [t('own-notes.reviewed-by', { name: version.reviewedBy })] : []),
    ...(aliases.length > 0 ? [t('own-notes.names', { names: aliases.join(', ') })] : []),
    ...(questions.length > 0 ? [t('own-notes.answers', { questions: questions.join(' / ') })] : []),
  ];
  const { topic } = version;
  const waiting = entry.published !== version.version && !version.waits;
  const actions: Button[] = mayEdit
    ? [
        ...(waiting ? [{ id: publishId(version), label: t('own-notes.publish'), style: 'primary' } as const] : []),
        ...editButton(t, version),
        { id: actionId('notes', 'history', topic), label: t('own-notes.history') },
        ...(entry.state === 'published'
          ? [{ id: actionId('notes', 'withdraw', topic), label: t('own-notes.withdraw'), style: 'danger' } as const]
          : []),
      ]
    : [];
  return [
    { type: 'heading', text: version.title },
    { type: 'markdown', text: version.kind === 'deck' ? deckBody(version, t, locale) : bodyOf(version.text) },
    note(facts.join(' · ')),
    ...(actions.length > 0 ? [{ type: 'buttons', items: actions } as const] : []),
  ];
}

/** How a deck is played, and its first questions; all of them are in what `/notes export` gives. */
function deckBody({ topic, text }: NoteVersion, t: Translate, locale: Locale): string {
  const { deck, questions } = openDeck(topic, text);
  const shown = questions
    .slice(0, SHOWN)
    .map(({ prompt }, i) => `${i + 1}. ${localize(prompt, locale).replace(/\s+/g, ' ').slice(0, 200)}`);
  const more = questions.length - shown.length;
  const from = [deck?.source, deck?.license].filter(Boolean).join(', ');
  return [
    `${t('own-notes.questions', { count: questions.length })}: \`/quiz start topic:${deck?.topic ?? topic}\`${from ? ` (${from})` : ''}`,
    [...shown, ...(more > 0 ? [t('own-notes.and-more', { count: more })] : [])].join('\n'),
  ].join('\n\n');
}

export function publishId({ topic, kind, locale, version }: NoteVersion): string {
  return actionId('notes', 'restore', topic, kind, locale, version);
}

/** Short notes are edited in a form, which opens with what stands there now. */
export function editButton(t: Translate, version: NoteVersion): Button[] {
  const text = toMarkdown(version);
  // A deck is edited as a file: its form is YAML, which nobody types into a small box.
  if (version.kind === 'deck' || text.length > FORM_TEXT) return [];
  const { topic, kind, locale } = version;
  return [
    {
      id: actionId('notes', 'save', topic, kind, locale, version.version),
      label: t('own-notes.edit'),
      form: { title: t('own-notes.edit-title'), label: version.title.slice(0, 40), maxLength: 4_000, lines: true, value: text },
    },
  ];
}

/** A deck as `/notes add` reads it again. */
export function deckFile({ topic, text }: NoteVersion): FileBlock {
  return { type: 'file', name: `${topic}.yaml`, mime: 'application/yaml', text };
}

export function fileOf(name: string, versions: readonly NoteVersion[]): FileBlock {
  return { type: 'file', name, mime: 'text/markdown', text: versions.map(toMarkdown).join('\n') };
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function note(text: string, tone: 'info' | 'warning' = 'info'): Block {
  return { type: 'note', text, tone };
}

export function sameKey(a: NoteKey, b: NoteKey): boolean {
  return a.topic === b.topic && a.kind === b.kind && a.locale === b.locale;
}
