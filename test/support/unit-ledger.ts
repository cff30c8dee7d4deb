import type { Posted } from '../../src/cards/diff.ts';
import { type Surface, surfaceKey } from '../../src/cards/surfaces.ts';
import type { ChatUser, Memory } from '../../src/runtime/ports/chat.ts';
import type { Jobs, Ledger, OpenHome, Version } from '../../src/runtime/ports/ledger.ts';
import { memoryDigests } from './unit-digests.ts';
import { MemoryLine } from './unit-line.ts';
import { memoryJournal } from './unit-record.ts';

interface Row extends Omit<Posted, 'state'> {
  readonly task: string;
  readonly state: Posted['state'] | 'dropped';
}

/** A ledger in memory, for code that needs one and is not about it. */
export class MemoryLedger implements Ledger {
  readonly cards = new Map<string, Row>();
  readonly versions = new Map<string, { versionId: string; owner: string | undefined }>();
  readonly cursors = new Map<string, Date>();
  readonly links: { user: ChatUser; practitionerId: string }[] = [];
  readonly remembered = new Map<string, string>();
  readonly messages = new Map<string, string>();
  readonly reserved = new Set<string>();
  readonly homes: OpenHome[] = [];
  readonly wakes = new Map<string, Date>();
  readonly journal = memoryJournal();
  readonly digests = memoryDigests();
  readonly line: MemoryLine;

  constructor(now: () => number = Date.now) {
    this.line = new MemoryLine(now);
  }

  cardsOf = async (taskId: string): Promise<readonly Posted[]> => {
    const mine = [...this.cards.values()].filter((row) => row.task === taskId && row.state !== 'dropped');
    const newest = new Map(mine.map((row) => [surfaceKey(row.surface), row]));
    return [...newest.values()].map(({ id, surface, state, ref, hash, occasion }) => ({
      id,
      surface,
      state: state === 'dropped' ? 'closed' : state,
      ref,
      hash,
      occasion,
    }));
  };

  madeAt = async (): Promise<Date> => new Date(0);

  beginPost = async (task: string, surface: Surface, occasion?: string): Promise<Posted> => {
    const id = `c${this.cards.size + 1}`;
    const row = { id, surface, state: 'posting' as const, ref: undefined, hash: undefined, occasion };
    this.cards.set(id, { ...row, task });
    return row;
  };

  posted = async (id: string, ref: string, hash: string): Promise<void> =>
    this.#set(id, { state: 'live', ref, hash });

  redrawing = async (id: string): Promise<void> => this.#set(id, { hash: undefined });

  redrawn = async (id: string, hash: string, state: 'live' | 'closed'): Promise<void> =>
    this.#set(id, { state, hash });

  dropCard = async (id: string): Promise<void> => this.#set(id, { state: 'dropped' });

  tasksWithOpenCards = async (): Promise<readonly string[]> => {
    const open = [...this.cards.values()].filter((row) => row.state === 'posting' || row.state === 'live');
    return [...new Set(open.map((row) => row.task))];
  };

  doubtCards = async (): Promise<void> => undefined;

  seen = async (id: string, versionId: string, owner: string | undefined): Promise<void> => {
    this.versions.set(id, { versionId, owner });
  };

  lastSeen = async (id: string) => this.versions.get(id);

  unseen = async (tasks: readonly { readonly id: string; readonly versionId: string }[]) =>
    tasks.filter((task) => this.versions.get(task.id)?.versionId !== task.versionId).map((task) => task.id);

  taskIdsByPrefix = async (prefix: string, limit: number): Promise<readonly string[]> =>
    [...this.versions.keys()].filter((id) => id.startsWith(prefix)).slice(0, limit);

  wakeAt = async (taskId: string, at: Date | undefined): Promise<void> => {
    if (at === undefined) this.wakes.delete(taskId);
    else this.wakes.set(taskId, at);
  };

  wakesDue = async (now: Date, limit: number): Promise<readonly string[]> =>
    [...this.wakes]
      .filter(([, at]) => at <= now)
      .toSorted(([, a], [, b]) => a.getTime() - b.getTime())
      .slice(0, limit)
      .map(([id]) => id);

  wokeUp = async (taskIds: readonly string[], now: Date): Promise<void> => {
    for (const id of taskIds) if ((this.wakes.get(id) ?? now) <= now) this.wakes.delete(id);
  };

  cursor = async (name: string): Promise<Date | undefined> => this.cursors.get(name);

  moveCursor = async (name: string, to: Date): Promise<void> => {
    this.cursors.set(name, to);
  };

  link = async (user: ChatUser, practitionerId: string): Promise<void> => {
    this.links.push({ user, practitionerId });
  };

  chatUsersOf = async (practitionerId: string): Promise<readonly ChatUser[]> =>
    this.links.filter((link) => link.practitionerId === practitionerId).map((link) => link.user);

  unseenMessages = async (messages: readonly Version[]): Promise<readonly string[]> =>
    messages.filter(({ id, versionId }) => this.messages.get(id) !== versionId).map(({ id }) => id);

  sawMessages = async (messages: readonly Version[]): Promise<void> => {
    for (const { id, versionId } of messages) this.messages.set(id, versionId);
  };

  reserve = async (taskIds: readonly string[]): Promise<string | undefined> => {
    const free = taskIds.find((id) => !this.reserved.has(id));
    if (free !== undefined) this.reserved.add(free);
    return free;
  };

  unreserve = async (taskId: string): Promise<void> => {
    this.reserved.delete(taskId);
  };

  homeOpened = async (user: ChatUser, practitionerId: string): Promise<void> => {
    this.homes.push({ user, practitionerId });
  };

  homesOpen = async (): Promise<readonly OpenHome[]> => this.homes;

  memoryOf = (platform: string): Memory => ({
    get: async (key) => this.remembered.get(`${platform} ${key}`),
    set: async (key, value) => {
      this.remembered.set(`${platform} ${key}`, value);
    },
    once: async (key) => {
      const name = `${platform} once ${key}`;
      const isFirst = !this.remembered.has(name);
      this.remembered.set(name, '');
      return isFirst;
    },
  });

  #set(id: string, more: Partial<Row>): void {
    const row = this.cards.get(id);
    if (row === undefined) throw new Error(`no card ${id}`);
    this.cards.set(id, { ...row, ...more });
  }
}

/** Jobs that are only remembered. */
export function rememberedJobs() {
  const marks: string[] = [];
  const threads: string[] = [];
  const homes: ChatUser[] = [];
  const digests: string[] = [];
  const jobs: Jobs = {
    mark: async (taskId) => {
      marks.push(taskId);
    },
    markThread: async (threadId) => {
      threads.push(threadId);
    },
    markHome: async (user) => {
      homes.push(user);
    },
    markDigest: async (digestId) => {
      digests.push(digestId);
    },
  };
  return { ...jobs, marks, threads, homes, digests };
}
