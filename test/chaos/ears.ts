import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/server.ts';
import { teamsWordsOf } from '../support/flow-teams-card.ts';
import type { Platform } from './people.ts';

/** Does something, and gives the first words that this person alone is told of it; undefined where none come in time. */
export type Ear = (
  user: string,
  act: () => Promise<unknown>,
  withinMs: number,
) => Promise<string | undefined>;

interface Heard {
  readonly id: string;
  readonly words: string;
}

/** How people hear what is said to them alone. */
export function createEars({ slack, teams }: Sandbox): Readonly<Record<Platform, Ear>> {
  const chats = new Map(teams.people().map(({ id, personal }) => [id, personal]));

  const inSlack = (user: string): Heard[] =>
    [
      ...slack.ephemerals(user),
      // Where nothing else goes, it is said in direct messages. Cards there are no answers.
      ...slack.messages(`D${user.slice(1)}`).filter(({ metadata }) => metadata === undefined),
    ].map(({ ts, text }) => ({ id: ts, words: text }));

  const inTeams = (user: string): Heard[] =>
    [...teams.targeted(user), ...teams.messages(chats.get(user) ?? '')]
      .filter(({ from, text, attachments }) => {
        const said = JSON.stringify(attachments);
        // The card of a Task that is gone has no facts any more.
        const isCard =
          text === 'A card follows.' ||
          said.includes('"FactSet"') ||
          said.includes('no longer in the record');
        return from.user === undefined && !isCard;
      })
      .map((message) => ({ id: message.activityId, words: message.text || teamsWordsOf(message) }));

  const ear =
    (heard: (user: string) => Heard[]): Ear =>
    async (user, act, withinMs) => {
      const before = new Set(heard(user).map(({ id }) => id));
      await act();
      for (const until = Date.now() + withinMs; Date.now() < until; await sleep(60)) {
        const found = heard(user).find(({ id }) => !before.has(id));
        if (found) return found.words;
      }
      return undefined;
    };

  return { slack: ear(inSlack), teams: ear(inTeams) };
}

/** Where the newest card of a Task stands in a channel, as somebody would find it. */
export function cardsOf({ slack, teams }: Sandbox) {
  const isAbout = (metadata: unknown, task: string) => JSON.stringify(metadata ?? '').includes(`"${task}"`);
  return {
    slack: (task: string) => {
      const card = slack.messages().findLast(({ metadata }) => isAbout(metadata, task));
      return card && { channel: card.channel, ts: card.ts };
    },
    teams: (task: string) => {
      const card = teams
        .channels()
        .flatMap(({ id }) => teams.messages(id))
        .findLast(({ attachments }) => JSON.stringify(attachments).includes(`/Task/${task}`));
      return card && { conversation: card.conversation, activityId: card.activityId };
    },
  };
}
