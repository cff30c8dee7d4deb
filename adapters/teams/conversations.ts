import type { Memory } from '../../src/index.ts';

/** Where a conversation is reached. */
export interface Place {
  readonly serviceUrl: string;
  readonly tenant: string;
}

/** A person as activities show them: enough to write to them, and to look them up. Ids only. */
export interface Seen extends Place {
  /** `29:...`, the id that the connector knows. */
  readonly teamsId: string;
  /** A conversation in which we have met them. */
  readonly conversation: string;
}

/** The parts of an activity that say where it comes from. */
export interface Origin {
  readonly serviceUrl?: string;
  readonly conversation?: { readonly id?: string; readonly tenantId?: string };
  readonly channelData?: {
    readonly channel?: { readonly id?: string };
    readonly tenant?: { readonly id?: string };
  };
  readonly from?: { readonly id?: string; readonly aadObjectId?: string };
}

/** What is remembered of conversations and people, so that we can write first. */
export interface Conversations {
  /** Learns from an activity. Writes only what is new. */
  learn(origin: Origin): Promise<void>;
  place(channelId: string): Promise<Place | undefined>;
  seen(aadObjectId: string): Promise<Seen | undefined>;
  /** The message that a post became, for one whose answer was lost later. */
  remember(card: string, ref: string): Promise<void>;
  /** The Task whose card begins a thread. */
  begins(thread: string, taskId: string): Promise<void>;
  taskOf(thread: string): Promise<string | undefined>;
  recall(card: string): Promise<string | undefined>;
  /** Whether we have just come to this chat: once, until we leave it. */
  isNew(chat: string): Promise<boolean>;
  left(chat: string): Promise<void>;
}

export function createConversations(memory: Memory): Conversations {
  // What was written last, so that an ordinary activity costs no write.
  const written = new Map<string, string>();
  // What was learned last, written or not: whoever presses is known by their own activity while the memory is away.
  const learned = new Map<string, string>();
  const greeted = new Set<string>();

  async function keep(values: Readonly<Record<string, object>>): Promise<void> {
    const texts = Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)] as const);
    for (const [key, text] of texts) learned.set(key, text);
    for (const [key, text] of texts) {
      if (written.get(key) === text) continue;
      await memory.set(key, text);
      written.set(key, text);
    }
  }

  async function read<T>(key: string): Promise<T | undefined> {
    const text = await memory.get(key).catch((error: unknown) => {
      const known = learned.get(key);
      if (known === undefined) throw error;
      return known;
    });
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  return {
    learn: async ({ serviceUrl, conversation, channelData, from }) => {
      const id = conversation?.id;
      if (!serviceUrl || !id) return;
      const place: Place = { serviceUrl, tenant: channelData?.tenant?.id ?? conversation?.tenantId ?? '' };
      const seen: Seen | undefined = from?.id ? { ...place, teamsId: from.id, conversation: id } : undefined;
      await keep({
        [`channel:${channelData?.channel?.id ?? rootOf(id)}`]: place,
        ...(seen && from?.aadObjectId && { [`person:${from.aadObjectId}`]: seen }),
      });
    },
    place: (channelId) => read<Place>(`channel:${channelId}`),
    seen: (aadObjectId) => read<Seen>(`person:${aadObjectId}`),
    remember: (card, ref) => memory.set(`post:${card}`, ref),
    recall: (card) => memory.get(`post:${card}`),
    begins: (thread, taskId) => memory.set(`thread:${thread}`, taskId),
    taskOf: (thread) => memory.get(`thread:${thread}`),
    isNew: async (chat) => {
      // Taken before anything is waited for: two activities of one installation come at the same moment.
      if (greeted.has(chat)) return false;
      greeted.add(chat);
      if ((await memory.get(`greeted:${chat}`)) === 'yes') return false;
      await memory.set(`greeted:${chat}`, 'yes');
      return true;
    },
    left: async (chat) => {
      greeted.delete(chat);
      await memory.set(`greeted:${chat}`, 'no');
    },
  };
}

/** A thread's conversation is named after its channel: `19:...@thread.tacv2;messageid=1`. */
function rootOf(conversationId: string): string {
  return conversationId.split(';')[0] ?? conversationId;
}
