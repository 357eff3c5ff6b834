import { connect, createServer, type Socket } from 'node:net';

/** A way to a database that can be cut. */
export interface CutWay {
  /** The database's address, by this way. */
  url: string;
  /** Breaks every connection, and lets none through until it is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens a port before a database, through which its connections go until they are cut, as when its machine restarts. */
export async function openWay(database: string): Promise<CutWay> {
  const { hostname, port } = new URL(database);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((socket) => {
    if (!whole) return void socket.destroy();
    const there = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(database);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend() {
      whole = true;
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
