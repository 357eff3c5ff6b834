// The peer of `npm run bench -- web`, in a process of its own: what is said goes to every page as it is, once as the
// line and once as its answer; nobody is told apart, and nothing is stored, limited, read or answered.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const pages = new Set<ServerResponse>();
/** As long as what the program sends for the bench's line and for its answer. */
const [LINE, ANSWER] = [process.argv[2], process.argv[3]].map((length) => 'x'.repeat(Number(length)));

const event = (id: string, text: string) => `event: message\ndata: ${JSON.stringify({ id, text })}\n\n`;

const server = createServer(async (req, res) => {
  if (req.url!.endsWith('/events')) {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write('event: ready\ndata: {}\n\n');
    pages.add(res);
    res.on('close', () => pages.delete(res));
    return;
  }
  let body = '';
  for await (const chunk of req.setEncoding('utf8')) body += chunk;
  res.setHeader('Content-Type', 'application/json');
  const { id } = JSON.parse(body) as { id?: string };
  if (id) for (const said of [event(`u:${id}`, LINE!), event(`b:${id}`, ANSWER!)]) for (const page of pages) page.write(said);
  res.end('{"token":"anybody"}');
});
server.listen(0, '127.0.0.1', () => process.stderr.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
