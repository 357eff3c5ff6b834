// Where the browser cannot run an experiment, the server does: line by line how it gets on, then the reply.
import type { Check, DemoResult } from '../../../../core/result.ts';
import type { DemoCheck } from '../../../../demos/demo.ts';
import { restoreOutcome } from '../../../../demos/restore.ts';
import { plain, postJson } from '../lib/session.ts';
import type { ReplyJson } from '../lib/wire.ts';
import { Failed, type Job, type Ran, type Underway } from './engine.ts';

/**
 * Aborting the signal closes the connection, which stops the run.
 * @throws Failed with what the server says, TypeError when the connection fails, or the signal's AbortError
 */
export async function runOnServer(
  { demo, params, seed }: Job,
  onProgress: (underway: Underway) => void,
  signal: AbortSignal,
): Promise<Ran> {
  const response = await postJson('/api/runs', { demo, params, seed }, signal);
  const reply: ReplyJson = response.ok ? await follow(response, onProgress) : await response.json();
  if (reply.result?.kind !== 'demo') throw new Failed(plain(reply.text));
  const { series, measures, checks, diverged, backend, ms } = reply.result as unknown as DemoResult;
  const outcome = restoreOutcome({ series, measures, checks: checks.map(asPrediction), ...(diverged && { diverged }) });
  return { outcome, backend, ms, where: 'server' };
}

async function follow(response: Response, onProgress: (underway: Underway) => void): Promise<ReplyJson> {
  let text = '';
  for await (const chunk of chunks(response.body!.pipeThrough(new TextDecoderStream()))) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) {
      const { progress, reply } = JSON.parse(line) as { progress?: Underway; reply?: ReplyJson };
      if (reply) return reply;
      if (progress) onProgress(progress);
    }
  }
  throw new TypeError('the connection ended before the run');
}

/** Safari cannot iterate over a stream yet. */
async function* chunks(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function asPrediction({ id, claim, predicted, tolerance, range }: Check): DemoCheck {
  return { id, claim: { en: claim, zh: claim }, predicted, tolerance, ...(range && { range }) };
}
