// The pieces that every view uses.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** HTML that the server made from Markdown. Links to elsewhere open elsewhere; KaTeX's styles are applied here. */
export function Html({ markup, inline = false }: { markup: string; inline?: boolean }) {
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (ref.current) mend(ref.current);
  }, [markup]);
  const Tag = inline ? 'span' : 'div';
  return <Tag ref={ref as never} dangerouslySetInnerHTML={{ __html: markup }} />;
}

function mend(box: HTMLElement): void {
  for (const link of box.querySelectorAll<HTMLAnchorElement>('a[href^="http"]'))
    Object.assign(link, { target: '_blank', rel: 'noopener noreferrer' });
  // The page's policy allows no style attributes in HTML; setting them from a script is fine.
  for (const node of box.querySelectorAll<HTMLElement>('[data-style]')) {
    node.style.cssText = node.dataset.style ?? '';
    node.removeAttribute('data-style');
  }
}

type Cell = ComponentChildren;
export interface TableProps {
  columns: string[];
  rows: { key?: string; class?: string; cells: Cell[] }[] | Cell[][];
  label?: string;
  tall?: boolean;
}

/** A word or two, such as “✓ yes”, which is not broken. */
const isShort = (cell: Cell): boolean => typeof cell === 'string' && cell.length <= 6;

/** A table in a box that scrolls sideways where it is too wide, also by keyboard. */
export function Table({ columns, rows, label = columns.join(', '), tall = false }: TableProps) {
  const lines = rows.map((row) => (Array.isArray(row) ? { cells: row } : row)) as { key?: string; class?: string; cells: Cell[] }[];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class={tall ? 'scroll tall' : 'scroll'} tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, i) => (
            <tr key={line.key ?? i} class={line.class ?? ''}>
              {line.cells.map((cell, j) => (
                <td key={j} class={isNumber(cell) ? 'number' : isShort(cell) ? 'short' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** First, second or third; nothing for the others. */
export function Medal({ rank }: { rank: number }) {
  return rank <= 3 ? <span class={`medal medal-${rank}`}>{rank}</span> : null;
}

function isNumber(cell: Cell): boolean {
  return typeof cell === 'string' && /^[-−+]?[\d.,]+(e[-+]?\d+)?( ?%| ± .*|\/\d+)?$/.test(cell);
}

/** A number as it is read: four significant digits. */
export function num(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** `ReactNode` lists with commas between. */
export function joined(items: ComponentChildren[], comma: string): ComponentChildren[] {
  return items.flatMap((item, i) => (i > 0 ? [comma, item] : [item]));
}

/** Copies where the browser lets a page do that. @returns whether it did */
export async function copyText(text: string): Promise<boolean> {
  return (
    (await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    )) ?? false
  );
}
