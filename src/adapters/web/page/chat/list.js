// The message list: days, runs of one author, edits in place, and where the reader is.
import { el } from '../lib/dom.js';
import { region, t, tab, user } from '../lib/session.js';

const TOGETHER_WITHIN = 300_000;
/** Messages in the page; older ones can be fetched again. */
const MOST = 400;
const TINTS = 8;

/**
 * @param scroller the element that scrolls, `list` the log in it.
 * @param onKeep called with a person's message that is to become a note, and the button pressed.
 * @param onMissed told how many messages came in below while the reader looked at older ones.
 */
export function createList({ scroller, list, drawers, onMissed, onKeep }) {
  const shown = new Map();
  /** Sorted by `seq`. */
  const order = [];
  // Reading: the reader scrolled up by themselves and stays where they are. Following: new messages come into view.
  let following = true;
  let target = 0;
  let missed = 0;

  const bottom = () => scroller.scrollHeight - scroller.clientHeight;
  const setMissed = (count) => {
    missed = count;
    onMissed(missed);
  };
  scroller.addEventListener('scroll', () => {
    following = scroller.scrollTop >= Math.min(target, bottom()) - 60;
    if (following && missed > 0 && scroller.scrollTop >= bottom() - 60) setMissed(0);
  });
  /** Down to the newest, but never past the beginning of `entry`: a long answer is read from its top. */
  const follow = (entry) => {
    const question = order[order.indexOf(entry) - 1];
    const from = question && !question.message.author.bot && entry?.message.author.bot ? question : entry;
    target = from ? Math.min(bottom(), from.item.offsetTop - 12) : bottom();
    scroller.scrollTop = target;
  };
  // Pictures and fonts that come later must not push the newest out of sight.
  new ResizeObserver(() => {
    if (following) follow(order.at(-1));
  }).observe(list);

  function draw(entry) {
    const { message, item } = entry;
    const parts = message.text === undefined ? drawers.parts(message) : [];
    // Blocks that did not change stay: no flicker, and the focus stays on the button under the reader's finger.
    // A line that comes in above does not make those below it new.
    const known = [...(entry.blocks ?? [])];
    entry.blocks = parts.map(([key, make]) => {
      const at = known.findIndex((block) => block.key === key);
      return at >= 0 ? known.splice(at, 1)[0] : { key, node: make() };
    });
    // Where its button is gone, the keyboard stays at the message and goes on from there.
    const held = entry.body.contains(document.activeElement);
    const focused = held ? document.activeElement.dataset.press : undefined;
    fill(entry.body, message.text === undefined ? entry.blocks.map(({ node }) => node) : [said(message.text)]);
    if (held && !entry.body.contains(document.activeElement))
      (entry.body.querySelector(`[data-press="${CSS.escape(focused ?? '')}"]`) ?? item).focus({ preventScroll: true });
    item.classList.toggle('working', Boolean(message.working));
    settle(entry);
  }

  /** What a press was answered with goes when its button goes; what one chose is still said. */
  function settle({ body, status, answer }) {
    if (!answer?.press || body.querySelector(`[data-press="${CSS.escape(answer.press)}"]`)) return;
    status.textContent = answer.recorded ? t('your-answer', { answer: answer.recorded }) : '';
    // It is over: whether it was right is told elsewhere.
    status.className = 'answer over';
  }

  function create(message) {
    const { author, at } = message;
    const time = new Date(at);
    const head = el(
      'div',
      { className: 'head' },
      el('b', { textContent: author.name }),
      el('time', {
        dateTime: time.toISOString(),
        title: time.toLocaleString(region),
        textContent: time.toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit' }),
      }),
      message.private ? el('span', { className: 'private', textContent: t('only-you') }) : undefined,
    );
    const body = el('div', { className: message.text === undefined ? 'card' : '' });
    const answer = tab.getJson(`answer:${message.id}`);
    const status = el('p', { className: 'answer', role: 'status', textContent: answer?.text ?? '' });
    const own = !author.bot && author.id === user().id;
    const item = el(
      'article',
      { className: `message${own ? ' own' : ''}`, 'data-id': message.id, 'aria-label': author.name, tabIndex: -1 },
      avatar(author),
      head,
      body,
      author.bot || message.text === undefined || /^[/／]/.test(message.text)
        ? undefined
        : el('button', {
            type: 'button',
            className: 'quiet keep',
            textContent: t('save-as-note'),
            onclick: (event) => onKeep(message, event.currentTarget),
          }),
      status,
    );
    return { item, body, status, answer, message };
  }

  /** Puts an entry into its place and mends the grouping around it. */
  function place(entry) {
    let index = order.length;
    while (index > 0 && order[index - 1].message.seq > entry.message.seq) index--;
    order.splice(index, 0, entry);
    list.insertBefore(entry.item, order[index + 1]?.day ?? order[index + 1]?.item ?? null);
    group(index);
    group(index + 1);
  }

  function group(index) {
    const entry = order[index];
    if (!entry) return;
    const { message } = entry;
    const before = order[index - 1]?.message;
    const newDay = !before || new Date(before.at).toDateString() !== new Date(message.at).toDateString();
    entry.day?.remove();
    entry.day = newDay ? el('p', { className: 'day', textContent: dayName(message.at) }) : undefined;
    if (entry.day) list.insertBefore(entry.day, entry.item);
    const together =
      !newDay &&
      before.author.id === message.author.id &&
      before.author.bot === message.author.bot &&
      before.private === message.private &&
      message.at - before.at < TOGETHER_WITHIN;
    entry.item.classList.toggle('first', !together);
  }

  function remove(entry) {
    const index = order.indexOf(entry);
    order.splice(index, 1);
    shown.delete(entry.message.id);
    entry.day?.remove();
    entry.item.remove();
    group(index);
  }

  return {
    size: () => order.length,
    first: () => order[0]?.message,
    get: (id) => shown.get(id),
    /** @returns what became of it: `new`, `edited`, or undefined when it was known already. */
    show(message, { catchingUp = false } = {}) {
      const known = shown.get(message.id);
      if (known && !known.message.working && known.message.revision >= message.revision) return undefined;
      // Work under way becomes its answer, in the answer's own place.
      const moves = known && known.message.seq !== message.seq;
      const held = moves && known.item.contains(document.activeElement);
      if (moves) remove(known);
      const entry = known && !moves ? known : create(message);
      entry.message = message;
      draw(entry);
      if (entry !== known) {
        shown.set(message.id, entry);
        place(entry);
        if (held) entry.item.focus({ preventScroll: true });
        if (order.length > MOST && following) remove(order[0]);
      }
      if (following) follow(entry === known ? order.at(-1) : entry);
      else if (entry !== known && !catchingUp && order.at(-1) === entry) setMissed(missed + 1);
      return known ? 'edited' : 'new';
    },
    /** Says below a message what a press in it was answered with; `press` is left out for what must stay: a failure. */
    answer(id, answer, error) {
      const entry = shown.get(id);
      entry.answer = { ...answer, recorded: answer.recorded ?? entry.answer?.recorded };
      entry.status.textContent = answer.text;
      entry.status.className = `answer${error ? ' error' : ''}`;
      settle(entry);
    },
    /** Older messages go above; what the reader looks at stays in its place, whatever `besides` changes above it. */
    prepend(messages, besides) {
      const anchor = order[0]?.item;
      const before = anchor?.getBoundingClientRect().top;
      following = false;
      // The end is another one from now on, and nobody is on the way to it.
      target = Number.POSITIVE_INFINITY;
      for (const message of messages) {
        if (shown.has(message.id)) continue;
        const entry = create(message);
        draw(entry);
        shown.set(message.id, entry);
        place(entry);
      }
      besides();
      // The browser may have moved with it already.
      if (anchor) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    },
    remove(id) {
      const entry = shown.get(id);
      if (entry) remove(entry);
    },
    toNewest() {
      following = true;
      setMissed(0);
      target = bottom();
      scroller.scrollTop = target;
    },
  };
}

/** Brings the children up to date without touching those that stay: somebody may be typing in one. */
function fill(body, nodes) {
  const staying = new Set(nodes);
  for (const child of [...body.childNodes]) if (!staying.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (body.childNodes[i] !== node) body.insertBefore(node, body.childNodes[i] ?? null);
  });
}

/** What a person typed: a command reads as one. */
function said(text) {
  return el('div', { className: /^[/／]\S/.test(text) ? 'said command' : 'said', textContent: text });
}

function avatar({ name, bot }) {
  if (bot) return el('img', { className: 'avatar', src: '/static/icon.svg', alt: '', width: 36, height: 36 });
  const hash = [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) >>> 0, 7);
  return el('span', { className: `avatar tint-${hash % TINTS}`, 'aria-hidden': 'true', textContent: initial(name) });
}

/** A guest's number says more than the G that all of them share. */
function initial(name) {
  const number = name.match(/\s(\d{2})\d*$/)?.[1];
  return number ?? [...name][0].toUpperCase();
}

function dayName(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return t('today');
  if (days === 1) return t('yesterday');
  return new Date(at).toLocaleDateString(region, { dateStyle: 'full' });
}
