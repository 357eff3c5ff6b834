import { render } from 'preact';
import { Blocks, type Drawn } from './blocks.tsx';

/** Blocks as a node, for the parts of the page that are not components. */
export function drawBlocks(message: Drawn): HTMLElement {
  const box = document.createElement('div');
  render(<Blocks message={message} inLab />, box);
  return box;
}
