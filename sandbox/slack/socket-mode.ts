import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { asDict, asText, parseJson } from '../dict.ts';
import { acceptWebSocket, type WebSocketPeer } from '../websocket.ts';
import { pathOf } from './http.ts';
import { APP, type State } from './state.ts';

const TICKET_LIFE_MS = 30_000;
const PING_EVERY_MS = 5_000;
const HOST = 'applink-sandbox';

export type EnvelopeType = 'interactive' | 'slash_commands' | 'events_api';

export interface SocketMode {
  /** Whether an application is connected, so that deliveries go this way. */
  connected(): boolean;
  /** Sends one envelope; gives the payload of the acknowledgement, or `undefined` after `ms` without one. */
  send(envelope: string, id: string, ms: number): Promise<unknown>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Asks every connection to come back anew, as Slack does when it renews its servers. */
  refresh(): void;
  close(): void;
}

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export function createSocketMode(state: State, tickets: Map<string, number>): SocketMode {
  const peers = new Set<WebSocketPeer>();
  const waiting = new Map<string, (payload: unknown) => void>();
  // Clients close a connection on which no ping comes.
  const pings = setInterval(() => {
    for (const peer of peers) peer.ping();
  }, PING_EVERY_MS).unref();
  let turn = 0;

  return {
    connected: () => peers.size > 0,

    send: (envelope, id, ms) => {
      // Slack spreads envelopes over the connections of an app.
      const peer = [...peers][turn++ % peers.size];
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          resolve(undefined);
        }, ms);
        waiting.set(id, (payload) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(payload);
        });
        peer?.send(envelope);
      });
    },

    upgrade: (request, socket, head) => {
      if (!request.url?.startsWith('/slack/socket')) return false;
      const url = pathOf(request);
      const ticket = url.searchParams.get('ticket') ?? '';
      const issued = tickets.get(ticket);
      tickets.delete(ticket);
      if (issued === undefined || state.now() - issued > TICKET_LIFE_MS) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return true;
      }
      const peer = acceptWebSocket(request, socket, head, {
        message: (text) => {
          const ack = asDict(parseJson(text));
          waiting.get(asText(ack.envelope_id) ?? '')?.(ack.payload ?? {});
        },
        closed: () => {
          if (peer) peers.delete(peer);
        },
      });
      if (!peer) return true;
      peers.add(peer);
      peer.send(hello(peers.size));
      return true;
    },

    refresh: () => {
      const asked = JSON.stringify({
        type: 'disconnect',
        reason: 'refresh_requested',
        debug_info: { host: HOST },
      });
      for (const peer of peers) peer.send(asked);
    },

    close: () => {
      clearInterval(pings);
      for (const peer of peers) peer.close();
      peers.clear();
    },
  };
}

const hello = (connections: number): string =>
  JSON.stringify({
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: APP.id },
    debug_info: { host: HOST, approximate_connection_time: 18_060 },
  });

/** One delivery as Socket Mode wraps it. */
export function envelope(type: EnvelopeType, payload: unknown): { id: string; text: string } {
  const id = randomUUID();
  const retries = type === 'events_api' ? { retry_attempt: 0, retry_reason: '' } : {};
  const text = JSON.stringify({
    envelope_id: id,
    payload,
    type,
    accepts_response_payload: type !== 'events_api',
    ...retries,
  });
  return { id, text };
}
