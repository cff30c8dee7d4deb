import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** The system hands out none of these by itself: whoever asks it for any port does not get ours meanwhile. */
const [FROM, BELOW] = [20_000, 32_000];

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, BELOW);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
