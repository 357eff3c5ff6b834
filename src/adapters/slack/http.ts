import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HTTPReceiver } from '@slack/bolt';
import type { Logger } from 'pino';

/** Slack's own limit for what it sends is far below. */
const LARGEST = 4 * 1024 * 1024;

class TooLarge extends Error {}

/**
 * The server before Bolt's receiver, which reads fields of a body without a look at whether it is an object: a signed
 * `null` would end the program. It is read here, and what is no object goes no further; the receiver checks the
 * signature as ever.
 */
export function createFront(receiver: HTTPReceiver, log: Logger): Server {
  // Longer than proxies keep theirs (a minute), so that none sends into a connection that is just being closed.
  return createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    take(receiver, request, response).catch((error: unknown) => {
      const status = error instanceof TooLarge ? 413 : error instanceof SyntaxError ? 400 : 404;
      log.info({ status, reason: (error as Error | undefined)?.message }, 'a request was refused');
      if (!response.headersSent) response.writeHead(status, { Connection: 'close' });
      response.end();
    });
  });
}

async function take(receiver: HTTPReceiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    const body = await read(request);
    if (!isObject(parse(body.toString(), request.headers['content-type']))) throw new SyntaxError('the body is no object');
    // The receiver takes a body that is read already under this name.
    Object.assign(request, { rawBody: body });
  }
  receiver.requestListener(request, response);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) throw new TooLarge(`more than ${LARGEST} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** As the receiver reads it. @throws SyntaxError */
function parse(text: string, type: string | undefined): unknown {
  if (type !== 'application/x-www-form-urlencoded') return JSON.parse(text);
  const form = new URLSearchParams(text);
  const payloads = form.getAll('payload');
  return payloads.length === 1 ? JSON.parse(payloads[0]!) : Object.fromEntries(form);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
