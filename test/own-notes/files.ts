import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A content network on loopback: files by path, and what each was asked for with. */
export async function openFiles() {
  const files = new Map<string, { body: Buffer; type: string; token?: string }>();
  const asked: { path: string; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!;
    const token = request.headers.authorization;
    asked.push({ path, token });
    const file = files.get(path);
    if (!file) return response.writeHead(404).end();
    // Slack shows its page for signing in to who may not have the file.
    if (file.token && token !== `Bearer ${file.token}`)
      return response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Sign in');
    return response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    add(name: string, text: string | Buffer, token?: string) {
      const body = Buffer.from(text);
      files.set(`/${name}`, { body, type: 'text/markdown', ...(token && { token }) });
      return { size: body.length, url: `http://127.0.0.1:${port}/${name}` };
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
