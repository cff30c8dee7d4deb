import type { Card } from '../../src/cards/card.ts';
import { type Surface, surfaceKey } from '../../src/cards/surfaces.ts';
import {
  ChatError,
  type ChatErrorKind,
  type ChatPlatform,
  type ChatProfile,
  type PostKey,
} from '../../src/runtime/ports/chat.ts';

/** What goes wrong at the next call. `after`: the message stands, and the answer was lost. */
interface Fault {
  readonly on: 'post' | 'update' | 'find' | 'profile';
  readonly kind: ChatErrorKind;
  readonly after?: boolean;
  readonly retryAfterMs?: number;
  readonly surface?: string;
}

/** A chat platform in memory: what stands where. */
export class FakeChat implements ChatPlatform {
  readonly name = 'chat';
  /** By its ref. */
  readonly messages = new Map<
    string,
    { readonly surface: Surface; readonly card: Card; readonly key: PostKey }
  >();
  readonly calls: string[] = [];
  readonly profiles = new Map<string, ChatProfile>();
  #faults: Fault[] = [];

  fail(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** The cards that stand on a surface, oldest first. */
  at(id: string): Card[] {
    return [...this.messages.values()].filter(({ surface }) => surface.id === id).map(({ card }) => card);
  }

  start = async (): Promise<void> => undefined;
  stop = async (): Promise<void> => undefined;
  routes = () => [];
  direct = (id: string): Surface => ({ platform: 'chat', kind: 'person', id });

  post = (surface: Surface, card: Card, key: PostKey): Promise<string> =>
    this.#call('post', surface.id, () => {
      const ref = `m${this.messages.size + 1}`;
      this.messages.set(ref, { surface, card, key });
      return ref;
    });

  update = (ref: string, card: Card): Promise<void> =>
    this.#call('update', this.messages.get(ref)?.surface.id ?? '?', () => {
      const message = this.messages.get(ref);
      if (message === undefined) throw new ChatError('gone', 'updating in a test');
      this.messages.set(ref, { ...message, card });
    });

  find = (surface: Surface, key: PostKey): Promise<string | undefined> =>
    this.#call('find', surface.id, () => {
      const isIt = ([, one]: [string, { surface: Surface; key: PostKey }]) =>
        surfaceKey(one.surface) === surfaceKey(surface) && one.key.card === key.card;
      return [...this.messages].find(isIt)?.[0];
    });

  profile = (user: { readonly id: string }): Promise<ChatProfile> =>
    this.#call('profile', user.id, () => this.profiles.get(user.id) ?? { email: undefined, outsider: false });

  async #call<T>(on: Fault['on'], where: string, work: () => T): Promise<T> {
    this.calls.push(`${on} ${where}`);
    const fault = this.#faults.find(
      (one) => one.on === on && (one.surface === undefined || one.surface === where),
    );
    if (fault === undefined) return work();
    this.#faults = this.#faults.filter((one) => one !== fault);
    if (fault.after) work();
    const { retryAfterMs } = fault;
    throw new ChatError(fault.kind, `${on} in a test`, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
}
