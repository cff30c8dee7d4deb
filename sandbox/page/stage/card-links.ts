import { createContext, useContext } from 'react';
import type { Platform } from './platforms.ts';
import type { CardPlace } from './twins.ts';

/** What ties a card to the rest of the stage: the record, and the same Task's card on the other platform. */
export interface CardLinks {
  /** The Task whose record is shown. */
  readonly selected: string | undefined;
  /** Asked for by hand, or by a press on one of the card's elements. */
  show(task: string, how: 'asked' | 'pressed'): void;
  twin(platform: Platform, task: string, channel: string): CardPlace | undefined;
  open(card: CardPlace): void;
  /** The card that was asked to be looked at; another object asks again. */
  readonly revealed: CardPlace | undefined;
}

const context = createContext<CardLinks | undefined>(undefined);

export const CardLinksProvider = context.Provider;

export function useCardLinks(): CardLinks {
  const links = useContext(context);
  if (links === undefined) throw new Error('useCardLinks needs a CardLinksProvider above it');
  return links;
}
