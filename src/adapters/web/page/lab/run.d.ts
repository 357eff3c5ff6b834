import type { DemoNumbers, ReplyJson } from '../lib/wire.ts';

export function startRun(
  run: { demo: string; params: DemoNumbers['params']; seed?: number },
  onProgress: (progress: { place: number; fraction: number }) => void,
  signal?: AbortSignal,
): Promise<ReplyJson>;
