// Starts a run and follows it line by line. Aborting the signal closes the connection, which stops the run.
import { postJson } from '../lib/session.ts';

/** @returns the reply; `onProgress({ place, fraction })` while it runs. Throws when the connection fails or is closed. */
export async function startRun({ demo, params, seed }, onProgress, signal) {
  const response = await postJson('/api/runs', { demo, params, seed }, signal);
  if (!response.ok) return response.json();
  let text = '';
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop();
    for (const line of lines) {
      const { progress, reply } = JSON.parse(line);
      if (reply) return reply;
      onProgress(progress);
    }
  }
  throw new Error('the connection ended before the run');
}

/** Safari cannot iterate over a stream yet. */
async function* chunks(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
