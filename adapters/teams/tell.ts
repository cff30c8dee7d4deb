import type { Log } from '../../src/index.ts';
import { type Api, activitiesOf, attachment } from './api.ts';
import type { Connector } from './connector.ts';
import type { AdaptiveCard } from './shapes.ts';

/** Where one person can be told something that nobody else sees. */
export interface Ear {
  readonly aadObjectId: string;
  readonly teamsId: string;
  readonly serviceUrl: string;
  readonly conversation: string;
  /** In their own chat with us everything is private. */
  readonly isPersonal: boolean;
}

/** A sentence, or a card that needs to be pressed. */
export type Note = string | AdaptiveCard;

/**
 * Tells one person something: in a channel as a targeted message that only they see, else in their chat with us.
 * Never throws: what was done is done, even when nobody could be told.
 */
export async function tell(connector: Connector, api: Api, ear: Ear, note: Note, log: Log): Promise<void> {
  const content =
    typeof note === 'string' ? { text: note, textFormat: 'plain' } : { attachments: [attachment(note)] };
  const here = async () => {
    const path = activitiesOf(ear.conversation);
    const target = ear.isPersonal ? {} : { recipient: { id: ear.teamsId, isTargeted: true } };
    const flag = ear.isPersonal ? '' : '?isTargetedActivity=true';
    await connector.call('POST', ear.serviceUrl, `${path}${flag}`, {
      type: 'message',
      ...content,
      ...target,
    });
  };
  const inTheirChat = async () => {
    const chat = await api.openChat(ear.aadObjectId);
    await connector.call('POST', chat.serviceUrl, activitiesOf(chat.conversation), {
      type: 'message',
      ...content,
    });
  };
  for (const way of ear.isPersonal ? [here] : [here, inTheirChat]) {
    try {
      await way();
      return;
    } catch (error) {
      log.warn({ err: error, user: ear.aadObjectId }, 'a private answer did not arrive this way');
    }
  }
}
