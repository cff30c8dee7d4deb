import { slack } from '../../adapters/slack/index.ts';
import { WORKSPACE } from '../../sandbox/clinic.ts';
import type { SlackEphemeral, SlackMessage, SlackWorkspace } from '../../sandbox/slack/index.ts';
import type { Card, ChatUser } from '../../src/index.ts';
import { type App, openApp } from './contract-app.ts';
import { KEY, WAITING } from './contract-cards.ts';
import { createPeople, type PeopleActs } from './flow-acts.ts';

export const NURSES = 'C0NURSES';

/** The Slack adapter in front of the sandbox's workspace, with a desk that answers as it is told. */
export interface Workspace extends App, PeopleActs {
  readonly slack: SlackWorkspace;
  userOf(person: string): ChatUser;
  /** Posts a card into the nurses' channel. */
  post(card?: Card): Promise<SlackMessage>;
  /** The newest private answer of this person. */
  newest(person: string): SlackEphemeral;
  /** What was written to this person's own chat. */
  inbox(person: string): string[];
}

/** Opens it; `close` it at the end. */
export async function openWorkspace(): Promise<Workspace> {
  const app = await openApp(slack);
  const workspace = app.sandbox.slack;
  return {
    ...app,
    ...createPeople(app.sandbox),
    slack: workspace,
    userOf: (id) => ({ platform: 'slack', tenant: WORKSPACE.id, id }),
    post: async (card = WAITING) => {
      const ref = await app.platform.post({ platform: 'slack', kind: 'channel', id: NURSES }, card, KEY);
      const message = workspace.messages(NURSES).find(({ ts }) => ref.endsWith(ts));
      if (message === undefined) throw new Error('The card was not posted.');
      return message;
    },
    newest: (person) => {
      const newest = workspace.ephemerals(person).at(-1);
      if (newest === undefined) throw new Error(`Nothing was said to ${person}.`);
      return newest;
    },
    inbox: (person) => workspace.messages(`D${person.slice(1)}`).map(({ text }) => text),
  };
}
