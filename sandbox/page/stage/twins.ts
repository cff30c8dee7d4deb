import { type Channel, dateOf, taskOf } from '../data/slack.ts';
import type { SlackConversations, TeamsConversations } from '../data/sources.ts';
import { cardOf } from '../data/teams.ts';
import { taskOfCard } from '../teams/card-task.ts';
import type { Platform } from './platforms.ts';

/** A card of a Task on one of the platforms. */
export interface CardPlace {
  readonly platform: Platform;
  readonly task: string;
  /** The id of its channel, and the name, which is the same on both platforms. */
  readonly place: string;
  readonly name: string;
  readonly message: string;
  /** When it last followed a change of the Task. */
  readonly updated: Date | undefined;
}

/** An edit so soon after the post belongs to the posting. */
const POSTING_MS = 2_000;

export const slackCards = (
  channels: readonly Channel[],
  messages: SlackConversations['messages'],
): readonly CardPlace[] =>
  channels.flatMap(({ id, name }) =>
    (messages.get(id) ?? []).flatMap((message): CardPlace[] => {
      const task = taskOf(message);
      if (task === undefined) return [];
      const updated = updateOf(dateOf(message.ts), message.edited && dateOf(message.edited.ts));
      return [{ platform: 'slack', task, place: id, name, message: message.ts, updated }];
    }),
  );

export const teamsCards = ({ places, messages }: TeamsConversations): readonly CardPlace[] =>
  places.flatMap(({ id, name }) =>
    (messages.get(id) ?? []).flatMap((message): CardPlace[] => {
      const card = cardOf(message);
      const task = card === undefined ? undefined : taskOfCard(card);
      if (task === undefined) return [];
      const { activityId, at, edited } = message;
      const updated = updateOf(new Date(at), edited === undefined ? undefined : new Date(edited));
      return [{ platform: 'teams', task, place: id, name, message: activityId, updated }];
    }),
  );

/** The same Task's card on the other platform: in the channel of the same name, otherwise the newest. */
export function twinOf(task: string, name: string, others: readonly CardPlace[]): CardPlace | undefined {
  const cards = others.filter((card) => card.task === task);
  return cards.findLast((card) => card.name === name) ?? cards.at(-1);
}

function updateOf(posted: Date, edited: Date | undefined): Date | undefined {
  return edited !== undefined && edited.getTime() - posted.getTime() > POSTING_MS ? edited : undefined;
}
