import type { ListedPerson, TeamsMessage, TeamsTenant } from '../../sandbox/teams/index.ts';

/** What single people see in a tenant. */
export interface Eyes {
  personOf(id: string): ListedPerson;
  /** The sentences of their targeted messages. */
  targeted(id: string): string[];
  /** The sentences in their own chat with the bot. */
  ownChat(id: string): string[];
  /** The cards that were given to them in private, oldest first, as they see them now. */
  cardsOf(id: string): unknown[];
  /** The message with the newest of these. */
  newestCard(id: string): Pick<TeamsMessage, 'conversation' | 'activityId' | 'attachments'>;
}

/** What the bot wrote. */
export function fromBot(messages: readonly TeamsMessage[]): TeamsMessage[] {
  return messages.filter(({ from }) => from.user === undefined);
}

export function eyesIn(tenant: TeamsTenant): Eyes {
  const personOf = (id: string): ListedPerson => {
    const person = tenant.people().find((one) => one.id === id);
    if (person === undefined) throw new Error(`There is no ${id}.`);
    return person;
  };
  const targeted = (id: string) => fromBot(tenant.targeted(id));
  const ownChat = (id: string) => fromBot(tenant.messages(personOf(id).personal, id));
  const privateCards = (id: string) =>
    [...targeted(id), ...ownChat(id)]
      .filter(({ attachments }) => attachments.length > 0)
      .sort((a, b) => Number(a.activityId) - Number(b.activityId));
  return {
    personOf,
    targeted: (id) => targeted(id).map(({ text }) => text),
    ownChat: (id) => ownChat(id).map(({ text }) => text),
    cardsOf: (id) => privateCards(id).map(({ attachments }) => attachments[0]?.content),
    newestCard: (id) => {
      const newest = privateCards(id).at(-1);
      if (newest === undefined) throw new Error(`${id} was given no card.`);
      const { conversation, activityId, attachments } = newest;
      return { conversation, activityId, attachments };
    },
  };
}
