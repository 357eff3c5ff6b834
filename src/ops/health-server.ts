import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from './readiness.ts';

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

/**
 * `/livez` and `/readyz` of a process without the playground, at the address that the playground would have.
 * @throws an Error with code EADDRINUSE or EACCES when the port cannot be had.
 */
export async function serveHealth(look: () => Promise<Readiness>, { host, port }: { host: string; port: number }): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const say = (status: number, body: unknown) =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'GET') return say(405, { ok: false });
    if (request.url === '/livez') return say(200, { ok: true });
    if (request.url !== '/readyz') return say(404, { ok: false, hint: 'GET /livez, GET /readyz' });
    look().then(
      (readiness) => say(readiness.ready ? 200 : 503, readiness),
      (error: unknown) => say(503, { ready: false, reasons: [{ code: 'internal', text: String(error) }] }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
