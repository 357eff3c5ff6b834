import type { DemoNumbers, ImageBlock } from './lib/wire.ts';

export function showChart(block: ImageBlock, demo: DemoNumbers | undefined): void;
