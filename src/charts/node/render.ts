import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, loadImage } from 'canvas';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { configure } from '../configure.ts';
import type { Frame, Measure } from '../frame.ts';
import { paintSheet, sheetOf } from '../sheet.ts';
import type { ChartSpec, RenderedChart, SinglePanel } from '../spec.ts';
import { LIGHT, PNG } from '../theme.ts';
import { FONTS } from './fonts.ts';

const require = createRequire(import.meta.url);
const context = createCanvas(8, 8).getContext('2d');
const measure: Measure = (text, font) => {
  context.font = font;
  return context.measureText(text).width;
};
const LETTERS = { font: PNG.font, measure };

const renderers = new Map<string, ChartJSNodeCanvas>();

let fontsLoaded = false;

/** Fonts come from the package, never from the system, and are registered before the first canvas measures text. */
export function loadFonts(): void {
  if (fontsLoaded) return;
  for (const [family, file] of FONTS) {
    if (!GlobalFonts.registerFromPath(require.resolve(file), family)) throw new Error(`the font ${file} could not be read`);
  }
  fontsLoaded = true;
}

/** A renderer a size, since the canvas belongs to it. */
function rendererFor({ width, height }: Frame): ChartJSNodeCanvas {
  const key = `${width}x${height}`;
  let renderer = renderers.get(key);
  if (!renderer) {
    renderer = new ChartJSNodeCanvas({
      width,
      height,
      backgroundColour: LIGHT.background,
      plugins: { modern: ['chartjs-chart-matrix'] },
    });
    renderers.set(key, renderer);
  }
  return renderer;
}

/** Turns a chart description into a PNG at twice its size in pixels. Blocks while it draws: call it in a worker. */
export async function renderChart(spec: ChartSpec): Promise<RenderedChart> {
  loadFonts();
  const sheet = sheetOf(spec, LETTERS);
  const [width, height] = [sheet.width * PNG.ratio, sheet.height * PNG.ratio];
  const panels = sheet.panels.map((panel) => renderPanel(panel.spec, panel.frame));
  if (spec.type !== 'multiples') return { png: panels[0]!, width, height };
  const canvas = createCanvas(width, height);
  paintSheet(canvas.getContext('2d'), sheet, await Promise.all(panels.map((png) => loadImage(png))), LETTERS);
  return { png: canvas.toBuffer('image/png'), width, height };
}

function renderPanel(spec: SinglePanel, frame: Frame): Buffer {
  return rendererFor(frame).renderToBufferSync(configure(spec, frame).config, 'image/png');
}
