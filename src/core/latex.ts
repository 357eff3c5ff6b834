import unicodeit from 'unicodeit';

/** `$$…$$` or `$…$`, not across an empty line and not around a price such as `$5 and $6`. */
const FORMULA = /\$\$([\s\S]+?)\$\$|\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?!\d)/g;

/** Replaces every formula of a Markdown text by readable Unicode, for platforms without LaTeX. */
export function formulasToUnicode(markdown: string): string {
  return replaceFormulas(markdown, (latex, display) => (display ? `\n${latexToUnicode(latex)}\n` : latexToUnicode(latex)));
}

/** Replaces every formula by what `write` makes of it; `source` is the formula with its dollar signs. */
export function replaceFormulas(markdown: string, write: (latex: string, display: boolean, source: string) => string): string {
  return markdown.replace(FORMULA, (source, display: string | undefined, inline: string | undefined) =>
    write(display ?? inline!, display !== undefined, source),
  );
}

/**
 * One formula as readable Unicode: `\frac{\partial L}{\partial z_l}` → `∂L/∂zₗ`. What Unicode cannot raise or
 * lower stays in plain letters (`W_hidden`, `e^(−x²)`).
 */
export function latexToUnicode(latex: string): string {
  let text = latex.trim();
  text = text.replace(/\\(?:left|right|big|Big|bigl|bigr|Bigl|Bigr|displaystyle|limits)(?![a-zA-Z])\s*/g, '');
  text = text
    .replace(/\\(?:,|;|:|!|quad|qquad)(?![a-zA-Z])/g, ' ')
    .replace(/\\\\/g, '\n')
    .replace(/~/g, ' ');
  text = text.replace(/\\(?:mathrm|text|operatorname|mathbf|boldsymbol|mathit|textbf|textrm)\s*\{([^{}]*)\}/g, '$1');
  text = text.replace(/\\(?:[lc]?dots)(?![a-zA-Z])/g, '…');
  // ½x² can be read, 1/2x² only with luck.
  text = text.replace(/\\[td]?frac\s*(?:(\d)(\d)|\{(\d)\}\{(\d)\})/g, (whole, a, b, c, d) => VULGAR[`${a ?? c}/${b ?? d}`] ?? whole);
  text = unnest(text, /\\(?:t|d)?frac\s*/, (a, b, { before, after }) => factor(`${group(a)}/${group(b)}`, before, after));
  text = unnest(text, /\\sqrt\s*/, (a) => `√${group(a)}`, 1);
  text = text.replace(
    /\\(hat|bar|tilde)\s*\{?(\\?[a-zA-Z]+?|[a-zA-Z])\}?(?![a-zA-Z])/g,
    (_, mark: string, base: string) => `${base}${MARKS[mark]}`,
  );
  // `p\log q` is read as `p log q`.
  text = text.replace(
    /([\w})½⅓⅔¼¾])?\\(log|ln|exp|liminf|limsup|lim|max|min|arg|sin|cos|tanh|tan|sinh|cosh|sup|inf|det|dim|Pr|softmax)(?![a-zA-Z])/g,
    (_, before: string | undefined, name: string) => (before === undefined ? name : `${before} ${name}`),
  );
  text = text.replace(/\^\{?\s*\\(?:top|intercal|mathsf\{T\})\s*\}?/g, 'ᵀ').replace(/\^\{?T\}?(?![a-zA-Z])/g, 'ᵀ');
  text = text.replace(/\^\{?\\prime\}?/g, '′').replace(/'/g, '′');
  text = text.replace(/([_^])\{([^{}]*)\}(?=(\s*\^)?)/g, (_, mark: string, inner: string, raised?: string) =>
    script(mark, inner, raised !== undefined),
  );
  text = unicodeit
    .replace(text)
    .replace(/\uE000/g, '^')
    .replace(/\uE001/g, '_');
  text = text
    .replace(/\\([{}%#&_$])/g, '$1')
    .replace(/\\([a-zA-Z]+)/g, '$1')
    .replace(/(?<!\\)[{}]/g, '');
  return (
    text
      .replace(/([∂∇]) /g, '$1')
      // LaTeX needs one space around the command, `x\leftarrow y`; readers want both or none.
      .replace(/(?<=\S)([←→↦⇒⇐⇔↔]) | ([←→↦⇒⇐⇔↔])(?=\S)/g, (_, left: string | undefined, right: string | undefined) => ` ${left ?? right} `)
      .replace(/ {2,}/g, ' ')
      .trim()
  );
}

const VULGAR: Record<string, string> = { '1/2': '½', '1/3': '⅓', '2/3': '⅔', '1/4': '¼', '3/4': '¾' };
const MARKS: Record<string, string> = { hat: '\u0302', bar: '\u0304', tilde: '\u0303' };

/**
 * An index or power of several parts: raised or lowered where Unicode has all of them; else a power stands in brackets,
 * and so does an index that a power follows (σ_jy² would raise the y).
 */
function script(mark: string, inner: string, raised: boolean): string {
  const table = mark === '^' ? SUPER : SUB;
  const plain = unicodeit.replace(inner).replace(/\s/g, '');
  const done = [...plain].map((char) => table[char]);
  if (done.every((char) => char !== undefined)) return done.join('');
  // Stand-ins keep the next step from raising only the first letter.
  const bracketed = [...plain].length > 1 ? `(${plain})` : plain;
  return mark === '^' ? `\uE000${bracketed}` : `\uE001${raised ? bracketed : plain}`;
}

const SUPER = Object.fromEntries(zip('0123456789+-−=()nijklmabcdeghoprstuvwxyzTLNHW', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱʲᵏˡᵐᵃᵇᶜᵈᵉᵍʰᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴸᴺᴴᵂ'));
const SUB = Object.fromEntries(zip('0123456789+-−=()aeijklmnoprstuvxh', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓₕ'));

function zip(from: string, to: string): [string, string][] {
  const target = [...to];
  return [...from].map((char, i) => [char, target[i]!]);
}

/** Rewrites `\command{…}{…}` (one or two groups, nested braces allowed), innermost last. */
function unnest(
  text: string,
  command: RegExp,
  write: (a: string, b: string, around: { before: string; after: string }) => string,
  groups: 1 | 2 = 2,
): string {
  let rest = text;
  let out = '';
  for (;;) {
    const match = command.exec(rest);
    const first = match && braced(rest, match.index + match[0].length);
    const second = first && groups === 2 ? braced(rest, first.end) : undefined;
    if (!match || !first || (groups === 2 && !second)) return out + rest;
    const inner = (part: string) => unnest(part, command, write, groups);
    const after = rest.slice((second ?? first).end);
    out += rest.slice(0, match.index);
    const written = write(inner(first.body), inner(second?.body ?? ''), { before: out, after });
    // `\ln\frac{p}{q}`: what ended a command before must not become a part of its name.
    out += /\\[a-zA-Z]+$/.test(out) && /^[a-zA-Z]/.test(written) ? ` ${written}` : written;
    rest = after;
  }
}

function braced(text: string, from: number): { body: string; end: number } | undefined {
  let at = from;
  while (text[at] === ' ') at++;
  if (text[at] !== '{') {
    // \frac12 and \sqrt2 take single characters.
    return text[at] && /[\w]/.test(text[at]!) ? { body: text[at]!, end: at + 1 } : undefined;
  }
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return { body: text.slice(at + 1, i), end: i + 1 };
  }
  return undefined;
}

/**
 * A fraction in brackets where something it multiplies follows, 1/N∑ℓᵢ could be read as 1/(N∑ℓᵢ), and where it is what
 * a function is taken of: ln (1−ε)/ε could be read as (ln (1−ε))/ε.
 */
function factor(fraction: string, before: string, after: string): string {
  if (/\\(?:log|ln|exp|sin|cos|tan|sinh|cosh|tanh|mathbb\{E\})(?:_(?:\{[^{}]*\}|\w))?\s*$/.test(before)) return `(${fraction})`;
  const commands = 'sum|prod|int|partial|nabla|frac|sqrt|hat|bar|mathbb|ln|log|exp|lVert|alpha|beta|gamma|eta|theta|kappa|lambda|mu|sigma';
  const multiplied = new RegExp(`^\\s*(?:[\\w([]|\\\\\\||\\\\(?:${commands})(?![a-zA-Z]))`);
  return multiplied.test(after) ? `(${fraction})` : fraction;
}

/** Brackets around anything that a slash or a root would otherwise tear apart. */
function group(text: string): string {
  const plain = text.trim();
  const simple =
    /^(?:[a-zA-Z]\([^()]*\)|\\?[a-zA-Z]+|[0-9.]+|\\(?:partial|nabla)\s*\\?[a-zA-Z]+(?:[_^](?:\{[^{}]*\}|\w))*|\\?[a-zA-Z]+(?:[_^](?:\{[^{}]*\}|\w))*)$/;
  return simple.test(plain) ? plain : `(${plain})`;
}
