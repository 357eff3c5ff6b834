import { type Frame, wrap } from './frame.ts';
import type { ChartSpec, SinglePanel } from './spec.ts';
import { LIGHT, PNG } from './theme.ts';

type Letters = Pick<Frame, 'font' | 'measure'>;

/** Where the panels of a picture stand, and what is written above them. */
export interface Sheet {
  width: number;
  height: number;
  title: string[];
  subtitle: string[];
  panels: { spec: SinglePanel; frame: Frame; x: number; y: number }[];
}

/** The picture of a chart as chats show it and as it is saved: one panel, or several side by side under one title. */
export function sheetOf(spec: ChartSpec, letters: Letters): Sheet {
  const frame = (size: Pick<Frame, 'width' | 'height' | 'small'>): Frame => ({ ...letters, ...size, theme: LIGHT, ratio: PNG.ratio });
  if (spec.type !== 'multiples') {
    const size = spec.size === 'small' ? { width: 560, height: 300, small: true } : { width: PNG.width, height: PNG.height };
    return { ...size, title: [], subtitle: [], panels: [{ spec, frame: frame(size), x: 0, y: 0 }] };
  }
  const width = PNG.width + 180;
  const columns = Math.min(spec.columns, spec.panels.length);
  const size = { width: Math.floor((width - 20) / columns), height: columns === 1 ? 300 : 330, small: true };
  const title = wrap(letters, spec.title, 20, width - 40, true);
  const subtitle = wrap(letters, spec.subtitle ?? '', 13, width - 40);
  const top = 22 + title.length * 27 + subtitle.length * 19;
  return {
    width,
    height: top + Math.ceil(spec.panels.length / columns) * size.height + 10,
    title,
    subtitle,
    panels: spec.panels.map((panel, i) => ({
      spec: panel,
      frame: frame(size),
      x: 10 + (i % columns) * size.width,
      y: top + Math.floor(i / columns) * size.height,
    })),
  };
}

/** The part of a canvas that a sheet is painted with. */
interface Brush<I> {
  fillStyle: unknown;
  font: string;
  textBaseline: unknown;
  scale(x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  drawImage(image: I, x: number, y: number, width: number, height: number): void;
}

/** Paints the panels, drawn already, and the words above them. */
export function paintSheet<I>(ctx: Brush<I>, sheet: Sheet, images: readonly I[], { font }: Pick<Letters, 'font'>): void {
  ctx.scale(PNG.ratio, PNG.ratio);
  ctx.fillStyle = LIGHT.background;
  ctx.fillRect(0, 0, sheet.width, sheet.height);
  ctx.textBaseline = 'top';
  ctx.fillStyle = LIGHT.text;
  ctx.font = `bold 20px ${font}`;
  sheet.title.forEach((line, i) => ctx.fillText(line, 20, 14 + i * 27));
  ctx.fillStyle = LIGHT.muted;
  ctx.font = `13px ${font}`;
  sheet.subtitle.forEach((line, i) => ctx.fillText(line, 20, 16 + sheet.title.length * 27 + i * 19));
  sheet.panels.forEach(({ frame, x, y }, i) => ctx.drawImage(images[i]!, x, y, frame.width, frame.height));
}
