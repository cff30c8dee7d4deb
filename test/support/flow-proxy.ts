import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A wire to a server that can be cut and mended; the server itself notices nothing but lost connections. */
export interface Wire {
  /** The address of the server, by way of the wire. */
  readonly url: string;
  /** Ends every connection, and refuses new ones. */
  cut(): Promise<void>;
  /** Keeps every connection open, and lets nothing through: packets that get lost. */
  silence(): void;
  mend(): Promise<void>;
  /** How many connections were asked for. */
  readonly asked: number;
  close(): Promise<void>;
}

/** @param to an address with host and port; everything else of it stays as it is. */
export async function openWire(to: string): Promise<Wire> {
  const target = new URL(to);
  const port = Number(target.port || 5432);
  const open = new Set<Socket>();
  let isSilent = false;
  let asked = 0;
  let server: Server | undefined;

  function join(from: Socket): void {
    asked++;
    const there = connect(port, target.hostname);
    for (const [one, other] of [
      [from, there],
      [there, from],
    ] as const) {
      open.add(one);
      one.on('data', (chunk) => {
        if (!isSilent) other.write(chunk);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        if (!isSilent) other.end();
      });
    }
  }

  async function listen(at: number): Promise<number> {
    const made = createServer(join);
    server = made;
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject);
      made.listen(at, '127.0.0.1', resolve);
    });
    return (made.address() as AddressInfo).port;
  }

  async function cut(): Promise<void> {
    const closing = server;
    server = undefined;
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()));
  }

  const own = await listen(0);
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return {
    url: url.href,
    cut,
    silence: () => {
      isSilent = true;
    },
    mend: async () => {
      if (isSilent) await cut();
      isSilent = false;
      if (server === undefined) await listen(own);
    },
    get asked() {
      return asked;
    },
    close: cut,
  };
}
