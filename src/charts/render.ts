import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, loadImage } from 'canvas';
import type { ChartConfiguration } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import type { Frame } from './axes.ts';
import { barsConfig, histogramConfig, linesConfig, scatterConfig } from './configure.ts';
import { contourConfig } from './contour.ts';
import { FONTS } from './fonts.ts';
import { heatmapConfig } from './heatmap.ts';
import { wrap } from './measure.ts';
import type { ChartSpec, RenderedChart, SinglePanel, SmallMultiples } from './spec.ts';
import { THEME } from './theme.ts';

const require = createRequire(import.meta.url);
const SMALL: Frame = { width: 560, height: 300, small: true };

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
    loadFonts();
    renderer = new ChartJSNodeCanvas({
      width,
      height,
      backgroundColour: THEME.background,
      plugins: { modern: ['chartjs-chart-matrix'] },
    });
    renderers.set(key, renderer);
  }
  return renderer;
}

/** Turns a chart description into a PNG at twice its size in pixels. Blocks while it draws: call it in a worker. */
export async function renderChart(spec: ChartSpec): Promise<RenderedChart> {
  if (spec.type === 'multiples') return renderMultiples(spec);
  const frame = spec.size === 'small' ? SMALL : { width: THEME.width, height: THEME.height };
  return {
    png: renderPanel(spec, frame),
    width: frame.width * THEME.ratio,
    height: frame.height * THEME.ratio,
  };
}

function renderPanel(spec: SinglePanel, frame: Frame): Buffer {
  const renderer = rendererFor(frame);
  return renderer.renderToBufferSync(configure(spec, frame), 'image/png');
}

function configure(spec: SinglePanel, frame: Frame): ChartConfiguration {
  switch (spec.type) {
    case 'lines':
      return linesConfig(spec, frame);
    case 'scatter':
      return scatterConfig(spec, frame);
    case 'bars':
      return barsConfig(spec, frame);
    case 'histogram':
      return histogramConfig(spec, frame);
    case 'heatmap':
      return heatmapConfig(spec, frame);
    case 'contour':
      return contourConfig(spec, frame);
    default:
      return spec satisfies never;
  }
}

/** Panels side by side under one title. */
async function renderMultiples(spec: SmallMultiples): Promise<RenderedChart> {
  const { ratio } = THEME;
  const width = THEME.width + 180;
  const columns = Math.min(spec.columns, spec.panels.length);
  const rows = Math.ceil(spec.panels.length / columns);
  const panel = { width: Math.floor((width - 20) / columns), height: columns === 1 ? 300 : 330, small: true };
  loadFonts();
  const lines = wrap(spec.title, 20, width - 40, true);
  const subtitle = wrap(spec.subtitle ?? '', 13, width - 40);
  const top = 22 + lines.length * 27 + subtitle.length * 19;
  const height = top + rows * panel.height + 10;
  const images = await Promise.all(spec.panels.map((single) => loadImage(renderPanel(single, panel))));
  const canvas = createCanvas(width * ratio, height * ratio);
  const ctx = canvas.getContext('2d');
  ctx.scale(ratio, ratio);
  ctx.fillStyle = THEME.background;
  ctx.fillRect(0, 0, width, height);
  ctx.textBaseline = 'top';
  ctx.fillStyle = THEME.text;
  ctx.font = `bold 20px ${THEME.font}`;
  lines.forEach((line, i) => ctx.fillText(line, 20, 14 + i * 27));
  ctx.fillStyle = THEME.muted;
  ctx.font = `13px ${THEME.font}`;
  subtitle.forEach((line, i) => ctx.fillText(line, 20, 16 + lines.length * 27 + i * 19));
  images.forEach((image, i) => {
    ctx.drawImage(image, 10 + (i % columns) * panel.width, top + Math.floor(i / columns) * panel.height, panel.width, panel.height);
  });
  return { png: canvas.toBuffer('image/png'), width: canvas.width, height: canvas.height };
}
