import type { MedplumClient } from '@medplum/core';
import { OperationOutcomeError } from '@medplum/core';
import type { Bundle } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { hintOf, type Marks, storeHint } from './hints.ts';
import { CRITERIA } from './subscriptions.ts';

/** Whether Medplum can tell us of changes just now; `since` by the application's clock. */
export type SocketState =
  | { readonly kind: 'connected'; readonly since: Date }
  | { readonly kind: 'down'; readonly since: Date; readonly why: string };

/** Medplum's events over a connection that we open, for an installation without a public address. */
export interface SocketEvents {
  /** Begins to listen. What goes wrong is tried again for as long as it takes, and never thrown. */
  start(): void;
  stop(): void;
  state(): SocketState;
}

export interface SocketEventsParts {
  readonly client: Pick<
    MedplumClient,
    'subscribeToCriteria' | 'getMasterSubscriptionEmitter' | 'getSubscriptionManager'
  >;
  readonly marks: Marks;
  /** Looks at what was written while nobody listened: Medplum says none of it again. */
  catchUp(): void;
  readonly now: () => number;
  readonly log: Logger;
}

/** What is said where the project may not have such Subscriptions. */
export const NOT_ENABLED =
  'Medplum refuses WebSocket subscriptions: the project needs the feature websocket-subscriptions.';

const LOST = 'the connection was lost, or cannot be made';

/** So long a connection has to come about, before a new one is tried; longer and longer. */
const PATIENCE_MS = 5_000;
const MOST_PATIENCE_MS = 5 * 60_000;

/**
 * Listens to Tasks and messages through `medplum.subscribeToCriteria`. A message is a hint like any other: a deletion
 * looks like a change, and a write that was rolled back is told too, so only ids are taken from it.
 *
 * The client comes back by itself after a lost connection, but not after a refusal or a lost answer: that is done here.
 */
export function createSocketEvents({ client, marks, catchUp, now, log }: SocketEventsParts): SocketEvents {
  const bound = new Set<string>();
  const wanted: readonly string[] = Object.values(CRITERIA);
  let state: SocketState = { kind: 'down', since: new Date(now()), why: 'not connected yet' };
  let patience = PATIENCE_MS;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function heard(criteria: string): void {
    bound.add(criteria);
    catchUp();
    if (bound.size < wanted.length || state.kind === 'connected') return;
    clearTimeout(timer);
    patience = PATIENCE_MS;
    state = { kind: 'connected', since: new Date(now()) };
    log.info('Medplum tells us of changes over its websocket');
  }

  function lost(why: string): void {
    if (isStopped) return;
    const isNews = state.kind === 'connected' || state.why !== why;
    const since = state.kind === 'down' ? state.since : new Date(now());
    state = { kind: 'down', since, why };
    if (isNews) log.warn({ why }, 'Medplum cannot tell us of changes; they are found by the sweep');
  }

  function failed(error: unknown): void {
    const why = whyOf(error);
    if (state.kind === 'connected') {
      // While everything is bound, only the renewal of a token can fail, and the client tries it again.
      log.debug({ why }, 'Medplum’s websocket');
      return;
    }
    lost(why);
    if (why === NOT_ENABLED) patience = MOST_PATIENCE_MS;
    connectAnew();
  }

  function connectAnew(): void {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      patience = Math.min(2 * patience, MOST_PATIENCE_MS);
      connectAnew();
      client.getSubscriptionManager().reconnectWebSocket();
    }, patience).unref();
  }

  function take({ entry = [] }: Bundle): void {
    for (const { resource } of entry) {
      const hint = hintOf(resource);
      if (hint === undefined) continue;
      storeHint(hint, marks).catch((error: unknown) => {
        log.warn({ err: error }, 'an event could not be stored; the sweep finds what it was about');
      });
    }
  }

  return {
    start: () => {
      const all = client.getMasterSubscriptionEmitter();
      all.addEventListener('message', ({ payload }) => take(payload));
      all.addEventListener('error', ({ payload }) => failed(payload));
      all.addEventListener('close', () => {
        bound.clear();
        if (state.kind === 'connected') {
          lost(LOST);
          connectAnew();
        }
      });
      for (const criteria of wanted)
        client.subscribeToCriteria(criteria).addEventListener('connect', () => heard(criteria));
      connectAnew();
    },

    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      client.getSubscriptionManager().closeWebSocket();
    },

    state: () => state,
  };
}

/** Only what an outcome says: the message of another error may quote what it could not read. */
function whyOf(error: unknown): string {
  const text = error instanceof OperationOutcomeError ? error.outcome.issue[0]?.details?.text : undefined;
  if (text === undefined) return 'Medplum did not answer as it should';
  if (isNotEnabled(text)) return NOT_ENABLED;
  return text.includes('WebSocket connection closed') ? LOST : text;
}

/** Whether Medplum's words say that the project lacks the feature. */
export function isNotEnabled(text: string): boolean {
  return text.includes('WebSocket subscriptions not enabled');
}
