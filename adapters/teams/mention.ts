import { decode } from './html.ts';

/** What a person typed to the bot: the command's word and the rest. */
export interface Typed {
  readonly word: string;
  readonly text: string;
}

/** The parts of a message activity that matter here. */
export interface MessageBody {
  readonly text?: string;
  readonly recipient?: { readonly id?: string };
  readonly conversation?: { readonly conversationType?: string };
  readonly entities?: readonly {
    readonly type?: string;
    readonly text?: string;
    readonly mentioned?: Mentioned;
  }[];
}

interface Mentioned {
  readonly id?: string;
  readonly aadObjectId?: string;
}

/**
 * Reads `<at>Switchboard</at> /reroute a1b2c3 <at>Mei Tanaka</at> because workload`: our own mention goes, another
 * person's becomes `user:<id>`, the slash may be left out, and so may our name be said in words. The rest is the core's
 * grammar. Whoever says nothing, or hello, gets their Home in their own chat with us, and help elsewhere.
 *
 * @param idOf the Entra object id of a mentioned person, whom the activity names by their Teams id only.
 */
export function readMessage(message: MessageBody, idOf: (teamsId: string) => string | undefined): Typed {
  let text = message.text ?? '';
  for (const entity of message.entities ?? []) {
    if (entity.type !== 'mention' || !entity.text) continue;
    const { id = '', aadObjectId } = entity.mentioned ?? {};
    const isUs = id === message.recipient?.id;
    // A function, because a name may hold what `replace` would take for a pattern.
    text = text.replace(entity.text, () => (isUs ? ' ' : ` user:${aadObjectId ?? idOf(id) ?? id} `));
  }
  const plain = decode(text.replace(TAG, ' ')).trim().replace(OUR_NAME, '');
  const nothing = message.conversation?.conversationType === 'personal' ? 'home' : 'help';
  const [, word = nothing, rest = ''] = /^\/?([A-Za-z-]+\b|\S+)\s*([\s\S]*)$/.exec(plain) ?? [];
  return GREETING.test(word) ? { word: nothing, text: '' } : { word, text: rest.trim() };
}

/** The people whom a message mentions by nothing but their Teams id. */
export function strangersIn(message: MessageBody): string[] {
  return (message.entities ?? []).flatMap(({ type, mentioned: { id, aadObjectId } = {} }) =>
    type === 'mention' && id && !aadObjectId && id !== message.recipient?.id ? [id] : [],
  );
}

/** Tags that Teams puts around what people type. What they typed may hold the signs too: “BP <90, pulse >120”. */
const TAG = /<\/?(?:at|p|div|span|br)(?:\s[^<>]{0,200})?\/?>/gi;

/** A mention that Teams did not make one, or the one word that stands before all others on another platform. */
const OUR_NAME = /^[@/]?switchboard(?![\w-])[,:]?\s*/i;

const GREETING = /^(?:hi|hello|hey)$/i;
