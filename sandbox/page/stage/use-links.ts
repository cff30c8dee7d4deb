import { useState } from 'react';
import type { Channel } from '../data/slack.ts';
import type { SlackConversations, TeamsConversations } from '../data/sources.ts';
import type { CardLinks } from './card-links.ts';
import type { Platform } from './platforms.ts';
import { type CardPlace, slackCards, teamsCards, twinOf } from './twins.ts';

interface Known extends Pick<CardLinks, 'selected' | 'show'> {
  readonly slack: SlackConversations;
  /** The Slack channels that the acting person sees. */
  readonly channels: readonly Channel[];
  readonly teams: TeamsConversations;
  /** Brings the platform and the channel of a card to the front. */
  goTo(platform: Platform, place: string): void;
}

/** Finds the cards of one Task on both platforms, and leads from one to the other. */
export function useLinks({ slack, channels, teams, selected, show, goTo }: Known): CardLinks {
  const [revealed, setRevealed] = useState<CardPlace>();
  const others: Readonly<Record<Platform, readonly CardPlace[]>> = {
    slack: teamsCards(teams),
    teams: slackCards(channels, slack.messages),
  };
  return {
    selected,
    show,
    revealed,
    twin: (platform, task, channel) => twinOf(task, channel, others[platform]),
    open: (card) => {
      goTo(card.platform, card.place);
      show(card.task, 'pressed');
      setRevealed({ ...card });
    },
  };
}
