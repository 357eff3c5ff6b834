import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, loadImage } from 'canvas';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { configure } from '../configure.ts';
import { type Frame, type Measure, wrap } from '../frame.ts';
import type { ChartSpec, RenderedChart, SinglePanel, SmallMultiples } from '../spec.ts';
import { LIGHT, PNG } from '../theme.ts';
import { FONTS } from './fonts.ts';

const require = createRequire(import.meta.url);
const context = createCanvas(8, 8).getContext('2d');
const measure: Measure = (text, font) => {
  context.font = font;
  return context.measureText(text).width;
};

/** A picture of this size, as chats show it. */
export function pngFrame(size: Pick<Frame, 'width' | 'height' | 'small'>): Frame {
  return { ...size, theme: LIGHT, font: PNG.font, ratio: PNG.ratio, measure };
}

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
function rendererFor({ width, height }: Pick<Frame, 'width' | 'height'>): ChartJSNodeCanvas {
  const key = `${width}x${height}`;
  let renderer = renderers.get(key);
  if (!renderer) {
    loadFonts();
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
  if (spec.type === 'multiples') return renderMultiples(spec);
  const frame = pngFrame(spec.size === 'small' ? { width: 560, height: 300, small: true } : { width: PNG.width, height: PNG.height });
  return {
    png: renderPanel(spec, frame),
    width: frame.width * PNG.ratio,
    height: frame.height * PNG.ratio,
  };
}

function renderPanel(spec: SinglePanel, frame: Frame): Buffer {
  const renderer = rendererFor(frame);
  return renderer.renderToBufferSync(configure(spec, frame).config, 'image/png');
}

/** Panels side by side under one title. */
async function renderMultiples(spec: SmallMultiples): Promise<RenderedChart> {
  const { ratio } = PNG;
  const width = PNG.width + 180;
  const columns = Math.min(spec.columns, spec.panels.length);
  const rows = Math.ceil(spec.panels.length / columns);
  const panel = pngFrame({ width: Math.floor((width - 20) / columns), height: columns === 1 ? 300 : 330, small: true });
  loadFonts();
  const lines = wrap(panel, spec.title, 20, width - 40, true);
  const subtitle = wrap(panel, spec.subtitle ?? '', 13, width - 40);
  const top = 22 + lines.length * 27 + subtitle.length * 19;
  const height = top + rows * panel.height + 10;
  const images = await Promise.all(spec.panels.map((single) => loadImage(renderPanel(single, panel))));
  const canvas = createCanvas(width * ratio, height * ratio);
  const ctx = canvas.getContext('2d');
  ctx.scale(ratio, ratio);
  ctx.fillStyle = LIGHT.background;
  ctx.fillRect(0, 0, width, height);
  ctx.textBaseline = 'top';
  ctx.fillStyle = LIGHT.text;
  ctx.font = `bold 20px ${PNG.font}`;
  lines.forEach((line, i) => ctx.fillText(line, 20, 14 + i * 27));
  ctx.fillStyle = LIGHT.muted;
  ctx.font = `13px ${PNG.font}`;
  subtitle.forEach((line, i) => ctx.fillText(line, 20, 16 + lines.length * 27 + i * 19));
  images.forEach((image, i) => {
    ctx.drawImage(image, 10 + (i % columns) * panel.width, top + Math.floor(i / columns) * panel.height, panel.width, panel.height);
  });
  return { png: canvas.toBuffer('image/png'), width: canvas.width, height: canvas.height };
}
