// What is wrong with the texts on a page's canvases: cut off at the edge, or written over one another.
import type { Page } from 'playwright-core';

/** Given to `addInitScript`: notes where each text is written, until its canvas is cleared. */
const NOTE = `(() => {
  const drawing = CanvasRenderingContext2D.prototype;
  const { fillText, clearRect } = drawing;
  const written = new Map();
  drawing.clearRect = function (...box) {
    written.set(this.canvas, []);
    return clearRect.apply(this, box);
  };
  drawing.fillText = function (text, x, y, ...rest) {
    const { actualBoundingBoxLeft: l, actualBoundingBoxRight: r, actualBoundingBoxAscent: a, actualBoundingBoxDescent: d } = this.measureText(text);
    const turn = this.getTransform();
    const corners = [[x - l, y - a], [x + r, y - a], [x - l, y + d], [x + r, y + d]].map(([x, y]) => turn.transformPoint({ x, y }));
    const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
    if (String(text).trim()) written.get(this.canvas)?.push({ text, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) });
    return fillText.call(this, text, x, y, ...rest);
  };
  globalThis.textsOnCanvas = () => [...written].filter(([canvas]) => canvas.isConnected && canvas.width > 0).map(([{ width, height }, texts]) => ({ width, height, texts }));
})()`;

interface Written {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const noteTexts = (page: Page): Promise<unknown> => page.addInitScript(NOTE);

/** Every text that leaves its canvas, or lies on another, by more than a pixel's shade of the letters. */
export async function misplacedTexts(page: Page): Promise<string[]> {
  const canvases = (await page.evaluate('textsOnCanvas()')) as { width: number; height: number; texts: Written[] }[];
  const tolerance = 1.5 * ((await page.evaluate('devicePixelRatio')) as number);
  return canvases.flatMap(({ width, height, texts }) => [
    ...texts
      .filter(({ left, right, top, bottom }) => Math.min(left, top, width - right, height - bottom) < -tolerance)
      .map(({ text }) => `“${text}” is cut off`),
    ...texts.flatMap((one, i) =>
      texts
        .slice(i + 1)
        .filter(
          (other) =>
            Math.min(one.right, other.right) - Math.max(one.left, other.left) > tolerance &&
            Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > tolerance,
        )
        .map((other) => `“${one.text}” and “${other.text}” overlap`),
    ),
  ]);
}
