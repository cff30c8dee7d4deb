import { useEffect, useRef, useState } from 'react';
import type { SandboxEvent } from '../../events.ts';
import { sentenceOf } from './http.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { stream } from './stream.ts';

/** A platform's places and what is said in them. */
export interface Conversations<Place, Message> {
  readonly places: readonly Place[];
  /** By the id of their place, oldest first. */
  readonly messages: ReadonlyMap<string, readonly Message[]>;
  readonly error: string | undefined;
  readonly loaded: boolean;
}

/** Where a platform's conversations come from. */
export interface Source<Place, Message> {
  /** Another key loads everything anew. */
  readonly key: string;
  loadPlaces(): Promise<readonly Place[]>;
  loadMessages(place: string): Promise<readonly Message[]>;
  /** The place whose messages an event changes; undefined for any other event. */
  placeOf(event: SandboxEvent): string | undefined;
}

/** All places of a platform with their messages; an event in one place loads that place only. */
export function useConversations<Place extends { readonly id: string }, Message>(
  source: Source<Place, Message>,
): Conversations<Place, Message> {
  const [state, setState] = useState<Conversations<Place, Message>>({
    places: [],
    messages: new Map(),
    error: undefined,
    loaded: false,
  });
  const latest = useRef(source);
  latest.current = source;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  useEffect(() => {
    let gone = false;
    const perPlace = new Map<string, Refresher>();

    const change = (part: (before: Conversations<Place, Message>) => object) => {
      if (!gone) setState((before) => ({ ...before, error: undefined, ...part(before) }));
    };

    const refresherOf = (place: string): Refresher => {
      const known = perPlace.get(place);
      if (known !== undefined) return known;
      const made = createRefresher(async () => {
        try {
          const messages = await latest.current.loadMessages(place);
          change((before) => ({ messages: new Map(before.messages).set(place, messages) }));
        } catch (error) {
          change(() => ({ error: sentenceOf(error) }));
        }
      });
      perPlace.set(place, made);
      return made;
    };

    const everything = createRefresher(async () => {
      try {
        const places = await latest.current.loadPlaces();
        if (gone) return;
        change(() => ({ places }));
        await Promise.all(places.map((place) => refresherOf(place.id).now()));
        change(() => ({ loaded: true }));
      } catch (error) {
        change(() => ({ error: sentenceOf(error) }));
      }
    });

    void everything.now();
    const deaf = stream.listen((event) => {
      if (event.kind === 'resync') return everything.soon();
      const place = latest.current.placeOf(event);
      if (place === undefined) return;
      if (perPlace.has(place)) refresherOf(place).soon();
      else everything.soon();
    });
    return () => {
      gone = true;
      deaf();
      everything.stop();
      for (const refresher of perPlace.values()) refresher.stop();
    };
  }, [source.key]);

  return state;
}
