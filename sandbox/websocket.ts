/**
 * The server's end of a websocket, as much of RFC 6455 as the sandbox uses: text frames, ping, pong, close.
 * Written out because nothing that the product installs can be a websocket server.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { BODY_LIMIT } from './http.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OP = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

export interface WebSocketPeer {
  send(text: string): void;
  ping(): void;
  close(): void;
  /** Ends the connection without a word, as a lost network does. */
  drop(): void;
}

/** Answers the upgrade; gives `undefined` (and ends the socket) when the request is no websocket handshake. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  on: { readonly message: (text: string) => void; readonly closed: () => void },
): WebSocketPeer | undefined {
  const key = request.headers['sec-websocket-key'];
  if (!key || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return undefined;
  }
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );

  let waiting: Buffer = head;
  let parts: Buffer[] = [];
  let open = true;

  const write = (op: number, payload: Buffer): void => {
    if (open && socket.writable) socket.write(frame(op, payload));
  };
  const end = (): void => {
    if (!open) return;
    open = false;
    on.closed();
    socket.destroy();
  };
  const close = (): void => {
    write(OP.close, Buffer.from([0x03, 0xe8]));
    // A peer that never answers the close must not keep the server from ending.
    setTimeout(end, 500).unref();
  };

  const take = (one: Frame): void => {
    if (one.op === OP.ping) write(OP.pong, one.payload);
    else if (one.op === OP.close) {
      write(OP.close, one.payload);
      end();
    } else if (one.op === OP.text || one.op === OP.continuation) {
      parts.push(one.payload);
      if (!one.final) return;
      const text = Buffer.concat(parts).toString('utf8');
      parts = [];
      on.message(text);
    }
  };

  const read = (): void => {
    for (let next = parse(waiting); next && open; next = parse(waiting)) {
      if (next === 'broken') {
        end();
        return;
      }
      waiting = waiting.subarray(next.size);
      take(next);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    read();
  });
  socket.on('error', end);
  socket.on('close', end);
  read();

  return {
    send: (text) => write(OP.text, Buffer.from(text)),
    ping: () => write(OP.ping, Buffer.from('sandbox')),
    close,
    drop: end,
  };
}

interface Frame {
  readonly op: number;
  readonly final: boolean;
  readonly payload: Buffer;
  /** How many bytes the frame took. */
  readonly size: number;
}

/** The first frame in these bytes; `undefined` when it is not whole yet, `broken` when the peer breaks the rules. */
function parse(bytes: Buffer): Frame | 'broken' | undefined {
  const first = bytes[0];
  const second = bytes[1];
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < header) return undefined;
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const masked = (second & 0x80) !== 0;
  if (!masked || length > BODY_LIMIT) return 'broken';
  const size = header + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(header, header + 4);
  const payload = Buffer.from(bytes.subarray(header + 4, size));
  for (let i = 0; i < payload.length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return { op: first & 0x0f, final: (first & 0x80) !== 0, payload, size };
}

function frame(op: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | op;
  if (length < 126) header[1] = length;
  else if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}
