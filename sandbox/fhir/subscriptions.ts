import { createHmac, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from '@medplum/fhirtypes';
import { matches } from './criteria.ts';
import type { FateOf } from './fate.ts';
import type { Change, Store } from './store.ts';

const SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';
const AT_ONCE = 20;
const TIMEOUT_MS = 120_000;

/** One attempt to call a rest-hook, for tests to look at. */
export interface Delivery {
  readonly subscription: string;
  /** For example `Task/<id>`. */
  readonly reference: string;
  readonly versionId: string;
  readonly interaction: Change['interaction'];
  /** 0 for the first. */
  readonly attempt: number;
  /** The HTTP status, or why there was none. */
  readonly result: number | 'lost' | 'unreachable';
}

export interface RestHookOptions {
  readonly store: Store;
  readonly fateOf: FateOf;
  /** How long to wait before each further attempt, in milliseconds. After the last the event is gone for good. */
  readonly retryMs: readonly number[];
}

/** Calls the rest-hooks of active Subscriptions after each committed write, as Medplum's workers do. */
export class RestHooks {
  readonly deliveries: Delivery[] = [];
  readonly #options: RestHookOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #stopListening: () => void;
  #free = AT_ONCE;
  readonly #queue: (() => void)[] = [];

  constructor(options: RestHookOptions) {
    this.#options = options;
    // Every call that waits for a retry listens for the end.
    setMaxListeners(0, this.#closing.signal);
    this.#stopListening = options.store.listen((change) => {
      // The writer never waits for this, but may hear of its own write here first.
      setImmediate(() => this.#start(this.#notify(change)));
    });
  }

  /** Resolves when nothing is under way any more, retries included. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#closing.abort();
    for (const wake of this.#queue.splice(0)) wake();
    await this.settled();
  }

  #start(work: Promise<void>): void {
    const quiet = work.catch(() => undefined).finally(() => this.#running.delete(quiet));
    this.#running.add(quiet);
  }

  async #notify(change: Change): Promise<void> {
    const { store, fateOf } = this.#options;
    for (const resource of store.all('Subscription')) {
      const subscription = resource as Subscription & { id: string };
      if (subscription.status !== 'active' || subscription.channel.type !== 'rest-hook') continue;
      if (!(await matches(subscription, change))) continue;
      const fate = fateOf('webhook', change);
      if (fate.length === 0) this.#record(subscription.id, change, 0, 'lost');
      for (const lateMs of fate) this.#start(this.#deliver(subscription, change, lateMs));
    }
  }

  async #deliver(subscription: Subscription & { id: string }, change: Change, lateMs: number): Promise<void> {
    if (lateMs > 0) await sleep(lateMs, undefined, { signal: this.#closing.signal });
    for (const [attempt, wait] of [0, ...this.#options.retryMs].entries()) {
      if (attempt > 0) {
        await sleep(wait, undefined, { signal: this.#closing.signal });
        if (this.#outdated(subscription.id, change)) return;
      }
      await this.#slot();
      if (this.#closing.signal.aborted) return;
      const result = await this.#post(subscription, change).finally(() => this.#release());
      this.#record(subscription.id, change, attempt, result);
      if (typeof result === 'number' && result >= 200 && result < 400) return;
    }
  }

  async #post(subscription: Subscription & { id: string }, change: Change): Promise<number | 'unreachable'> {
    const body = change.version.resource ? JSON.stringify(change.version.resource) : '{}';
    try {
      const response = await fetch(subscription.channel.endpoint ?? '', {
        method: 'POST',
        headers: headersOf(subscription, change, body),
        body,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 'unreachable';
    }
  }

  /** A retry is dropped when there is a newer version, and when nobody asks for it any more. */
  #outdated(subscriptionId: string, change: Change): boolean {
    const { store } = this.#options;
    const subscription = store.current('Subscription', subscriptionId) as Subscription | undefined;
    const newest = store.versions(change.resourceType, change.id).at(-1);
    return subscription?.status !== 'active' || newest?.versionId !== change.version.versionId;
  }

  #record(subscription: string, change: Change, attempt: number, result: Delivery['result']): void {
    const { resourceType, id, version, interaction } = change;
    const { versionId } = version;
    this.deliveries.push({
      subscription,
      reference: `${resourceType}/${id}`,
      versionId,
      interaction,
      attempt,
      result,
    });
  }

  /** The whole server calls at most 20 hooks at once: a slow receiver holds up all others. */
  async #slot(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #release(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#free += 1;
  }
}

function headersOf(subscription: Subscription & { id: string }, change: Change, body: string): Headers {
  const headers = new Headers();
  for (const line of subscription.channel.header ?? []) {
    // Medplum cuts at the next colon: `X: http://a` arrives as `http`.
    const [name, value] = line.split(':');
    if (name && value) headers.set(name.trim(), value.trim());
  }
  headers.set('content-type', 'application/fhir+json');
  headers.set('x-medplum-subscription', subscription.id);
  headers.set('x-medplum-interaction', change.interaction);
  headers.set('x-trace-id', randomUUID());
  if (!change.version.resource) {
    headers.set('x-medplum-deleted-resource', `${change.resourceType}/${change.id}`);
  }
  const secret = subscription.extension?.find(({ url }) => url === SECRET)?.valueString;
  if (secret) headers.set('x-signature', createHmac('sha256', secret).update(body).digest('hex'));
  return headers;
}
