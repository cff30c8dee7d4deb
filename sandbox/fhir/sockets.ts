import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest } from '@medplum/core';
import type { Bundle, Resource, Subscription, SubscriptionStatus } from '@medplum/fhirtypes';
import { asDict, asText, parseJson } from '../dict.ts';
import { acceptWebSocket, type WebSocketPeer } from '../websocket.ts';
import { subscriptionOf } from './auth.ts';
import { isForSocket, matches } from './criteria.ts';
import type { FateOf } from './fate.ts';
import type { Faults } from './faults.ts';
import type { Change, Store } from './store.ts';

/** Where Medplum's clients look for it, whatever the binding token says. */
export const SOCKET_PATH = '/ws/subscriptions-r4';
const HEARTBEAT_MS = 10_000;

export interface EventSocketOptions {
  readonly store: Store;
  readonly faults: Faults;
  readonly fateOf: FateOf;
}

/** The websockets on which Medplum tells of changes: what is said while nobody listens is never said again. */
export interface EventSockets {
  /** Takes a connection; false when the path is not this one. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** How many Subscriptions are bound to some connection. */
  bound(): number;
  /** Ends every connection, as a lost network does. */
  drop(): void;
  close(): void;
}

interface Connection {
  readonly peer: WebSocketPeer;
  /** Ids of the Subscriptions that it is bound to. */
  readonly bound: Set<string>;
}

export function createEventSockets({ store, faults, fateOf }: EventSocketOptions): EventSockets {
  const connections = new Set<Connection>();
  const late = new Set<NodeJS.Timeout>();
  const stopListening = store.listen((change) => {
    // As with rest-hooks: the writer never waits, but may hear of its own write first.
    setImmediate(() => void tell(change));
  });
  const heartbeats = setInterval(() => {
    for (const { peer, bound } of connections) {
      if (bound.size > 0) peer.send(bundle([...bound].map((id) => status('heartbeat', id))));
    }
  }, HEARTBEAT_MS).unref();

  async function tell(change: Change): Promise<void> {
    // A deletion carries what was deleted, and looks like any other change.
    const resource = change.version.resource ?? change.previous;
    if (resource === undefined) return;
    for (const connection of connections) {
      for (const id of connection.bound) {
        const subscription = store.current('Subscription', id);
        if (subscription === undefined || !isForSocket(subscription)) continue;
        if (!(await matches(subscription as Subscription, change))) continue;
        if (faults.take(['drop-socket'], { resourceType: change.resourceType })) {
          connection.peer.drop();
          continue;
        }
        const text = bundle([status('event-notification', id, resource)], resource);
        for (const lateMs of fateOf('event', change)) {
          if (lateMs > 0) after(lateMs, () => connection.peer.send(text));
          else connection.peer.send(text);
        }
      }
    }
  }

  function after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      late.delete(timer);
      work();
    }, ms);
    late.add(timer);
  }

  function hear({ peer, bound }: Connection, text: string): void {
    const { type, payload } = asDict(parseJson(text));
    const id = subscriptionOf(asText(asDict(payload).token) ?? '');
    switch (type) {
      case 'ping':
        peer.send(JSON.stringify({ type: 'pong' }));
        break;
      case 'bind-with-token':
        if (id !== undefined) bound.add(id);
        peer.send(id ? bundle([status('handshake', id)]) : JSON.stringify(badRequest('Invalid token')));
        break;
      case 'unbind-from-token':
        bound.delete(id ?? '');
        break;
    }
  }

  return {
    upgrade: (request, socket, head) => {
      if (request.url?.split('?')[0] !== SOCKET_PATH) return false;
      let connection: Connection | undefined;
      const peer = acceptWebSocket(request, socket, head, {
        message: (text) => {
          if (connection) hear(connection, text);
        },
        closed: () => {
          if (connection) connections.delete(connection);
        },
      });
      if (peer) {
        connection = { peer, bound: new Set() };
        connections.add(connection);
      }
      return true;
    },

    bound: () => new Set([...connections].flatMap(({ bound }) => [...bound])).size,

    drop: () => {
      for (const { peer } of [...connections]) peer.drop();
    },

    close: () => {
      stopListening();
      clearInterval(heartbeats);
      for (const timer of late) clearTimeout(timer);
      for (const { peer } of [...connections]) peer.drop();
    },
  };
}

function status(
  type: SubscriptionStatus['type'],
  subscriptionId: string,
  about?: Resource & { id: string },
): SubscriptionStatus {
  return {
    resourceType: 'SubscriptionStatus',
    status: 'active',
    type,
    subscription: { reference: `Subscription/${subscriptionId}` },
    // Medplum's is always "0".
    ...(about && {
      notificationEvent: [
        {
          eventNumber: '0',
          timestamp: new Date().toISOString(),
          focus: { reference: `${about.resourceType}/${about.id}` },
        },
      ],
    }),
  };
}

function bundle(statuses: readonly SubscriptionStatus[], about?: Resource): string {
  const message: Bundle = {
    resourceType: 'Bundle',
    id: randomUUID(),
    type: 'history',
    timestamp: new Date().toISOString(),
    entry: [...statuses.map((resource) => ({ resource })), ...(about ? [{ resource: about }] : [])],
  };
  return JSON.stringify(message);
}
