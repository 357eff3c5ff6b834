// The picture of a chart as chats show it, made in the page: light, at twice its size, to be saved.

import { Chart } from 'chart.js';
import { configure } from '../../../../charts/configure.ts';
import { paintSheet, sheetOf } from '../../../../charts/sheet.ts';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { PNG } from '../../../../charts/theme.ts';
import { FONT, measure } from './draw.ts';
import { offer } from './files.ts';

const LETTERS = { font: FONT, measure };

export async function savePng(spec: ChartSpec, name: string): Promise<void> {
  const sheet = sheetOf(spec, LETTERS);
  const images = sheet.panels.map((panel) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: panel.frame.width, height: panel.frame.height });
    const { config } = configure(panel.spec, panel.frame);
    return new Chart(canvas, config);
  });
  const canvas = Object.assign(document.createElement('canvas'), { width: sheet.width * PNG.ratio, height: sheet.height * PNG.ratio });
  paintSheet(
    canvas.getContext('2d')!,
    sheet,
    images.map((chart) => chart.canvas),
    LETTERS,
  );
  for (const chart of images) chart.destroy();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) offer(name, blob);
}
