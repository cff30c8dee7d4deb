import type { TeamsEvent } from './teams/events.ts';

/** What happens in the sandbox, for its page and for tests: ids only, the reader fetches the rest. */
export type SandboxEvent =
  | {
      readonly kind: 'fhir';
      readonly resourceType: string;
      readonly id: string;
      readonly versionId: string | undefined;
      readonly interaction: 'create' | 'update' | 'delete';
    }
  | {
      readonly kind: 'slack';
      readonly what: 'message' | 'ephemeral' | 'view' | 'home';
      readonly channel?: string;
      readonly user?: string;
      readonly ts?: string;
      readonly viewId?: string;
    }
  | TeamsEvent
  /** The clinic's clock was moved; `offset` is how far it is ahead of real time then, in milliseconds. */
  | { readonly kind: 'clock'; readonly offset: number };

/** A place to tell what happened, and to listen. Listeners are called in turn, at once. */
export interface Hub {
  emit(event: SandboxEvent): void;
  /** Gives back the function that ends the listening. */
  listen(listener: (event: SandboxEvent) => void): () => void;
}

export function createHub(): Hub {
  const listeners = new Set<(event: SandboxEvent) => void>();
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
