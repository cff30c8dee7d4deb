import type { PatchOperation } from '@medplum/core';
import type { Bundle, BundleEntry, Coding, Communication, Provenance, Task } from '@medplum/fhirtypes';
import { provenanceQuery } from '../../src/record/provenance.ts';
import type { Writes } from '../../src/record/writes.ts';
import type { Journal } from '../../src/runtime/ports/ledger.ts';
import {
  type Queue,
  RecordError,
  type RecordErrorKind,
  type RecordStore,
  type ThreadView,
  type Transacted,
} from '../../src/runtime/ports/record.ts';
import { applied, stored } from './pure-record.ts';

export type Step =
  | 'task'
  | 'thread'
  | 'create'
  | 'provenance'
  | 'transaction'
  | 'removal'
  | 'observe'
  | 'versions'
  | 'header'
  | 'messages'
  | 'view';

/** What goes wrong at the next call of a step. */
export interface Fault {
  readonly on: Step;
  readonly kind: RecordErrorKind;
  /** `before` (if not said): nothing was done. `after`: it was, and the answer was lost. `late`: it will be, with the next write. */
  readonly done?: 'before' | 'after' | 'late';
  readonly times?: number;
  readonly retryAfterMs?: number;
  /** Only for a write on somebody's behalf. */
  readonly onBehalf?: boolean;
  /** What somebody else does at that moment. */
  readonly meanwhile?: () => void;
}

type Stored<T> = T & { id: string };

/** A record in memory that guards its patches as a server does, and fails where it is told to. */
export class FakeRecord implements RecordStore {
  /** The versions of the Task that it is about, newest first. */
  past: Stored<Task>[];
  header: Stored<Communication> | undefined;
  /** The messages of the thread, oldest first. */
  said: Stored<Communication>[] = [];
  readonly provenances: Provenance[] = [];
  /** Without, a transaction is run as a batch. */
  transactions = true;
  /** What the next batch refuses, whatever it is. */
  refusedInBatch: 'Task' | 'Communication' | 'Provenance' | 'successor' | undefined;
  /** Every call, in order. */
  readonly calls: Step[] = [];
  /** On whose behalf each write was asked for, in order. */
  readonly onBehalfOf: [step: Step, as: string | undefined][] = [];
  /** The versions of Tasks that were created here, newest first, by their ids. */
  #created = new Map<string, Stored<Task>[]>();
  #faults: { fault: Fault; left: number }[] = [];
  #late: (() => void)[] = [];
  #version = 1;

  constructor(task: Stored<Task>, header?: Stored<Communication>) {
    this.past = [task];
    this.header = header;
  }

  get current(): Stored<Task> {
    const [newest] = this.past;
    if (newest === undefined) throw new RecordError('gone', 'reading');
    return newest;
  }

  /** The Tasks that were created here, as they are now, oldest first. */
  get created(): Stored<Task>[] {
    return [...this.#created.values()].flatMap((versions) => versions.slice(0, 1));
  }

  fail(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  heal(): void {
    this.#faults = [];
  }

  /** Somebody else changes the Task, or one that was created here. */
  change(more: Partial<Task>, taskId = this.current.id): void {
    const versions = this.#versionsOf(taskId);
    const [newest] = versions;
    if (newest) versions.unshift(stored({ ...newest, ...more }, this.#next()));
  }

  /** Somebody else changes the thread header. */
  changeHeader(more: Partial<Communication>): void {
    if (this.header) this.header = stored({ ...this.header, ...more }, this.#next());
  }

  observe = (taskId: string) =>
    this.#step('observe', () => {
      const [task] = this.#versionsOf(taskId);
      const target = `Task/${task?.id}`;
      const provenances = this.provenances.filter((one) =>
        one.target.some(({ reference }) => reference === target),
      );
      return task && { task, thread: this.header, provenances };
    });

  messages = (_threadId: string) => this.#step('messages', () => [...this.said]);

  threadView = (_threadId: string) =>
    this.#step('view', (): ThreadView | undefined => {
      const tasks = [...this.past.slice(0, 1), ...this.created];
      return this.header && { header: this.header, messages: [...this.said], tasks };
    });

  versions = (taskId: string) => this.#step('versions', () => [...this.#versionsOf(taskId)]);

  history = (taskId: string) =>
    this.#step('versions', () => ({ versions: [...this.#versionsOf(taskId)], truncated: false }));

  thread = (_id: string) => this.#step('header', () => this.header);

  patch = (type: 'Task' | 'Communication', id: string, patch: readonly PatchOperation[], as?: string) =>
    this.#write(type === 'Task' ? 'task' : 'thread', as, () => this.#patch(type, id, patch));

  createTask = (task: Task, unless: string, as?: string) =>
    this.#write('create', as, () => this.#create(task, unless));

  addProvenance = (provenance: Provenance, as?: string) =>
    this.#write('provenance', as, () => this.#add(provenance));

  findTask = async (query: string) => this.#find(query);

  removeProvenance = (provenance: Provenance) =>
    this.#write('removal', undefined, () => {
      const at = this.provenances.findIndex(
        (one) => one.recorded === provenance.recorded && provenanceQuery(one) === provenanceQuery(provenance),
      );
      if (at >= 0) this.provenances.splice(at, 1);
    });

  transact = (bundle: Bundle, as?: string) =>
    this.#write('transaction', as, (): Transacted => {
      if (!this.transactions) return this.#runEach(bundle);
      const { past, header } = this;
      const before = [...past];
      const told = [...this.provenances];
      const created = new Map([...this.#created].map(([id, versions]) => [id, [...versions]]));
      try {
        this.#runAll(bundle);
      } catch (error) {
        this.past = before;
        this.header = header;
        this.#created = created;
        this.provenances.splice(0, Infinity, ...told);
        throw error;
      }
      return { kind: 'whole' };
    });

  keepsTransactions = async (): Promise<boolean> => this.transactions;
  unclaimed = (): AsyncIterable<Stored<Task>> => nothing();
  queue = async (): Promise<Queue> => ({ tasks: [], total: 0 });
  owned = (): AsyncIterable<Stored<Task>> => nothing();
  ownedBy = (): AsyncIterable<Stored<Task>> => nothing();
  changedSince = (): AsyncIterable<Stored<Task>> => nothing();
  changedIn = (): AsyncIterable<Stored<Task>> => nothing();
  tasksByIds = async (ids: readonly string[]): Promise<readonly Stored<Task>[]> =>
    ids.flatMap((id) => this.#versionsOf(id).slice(0, 1)).filter(({ id }) => ids.includes(id));
  newestChange = async (): Promise<Date | undefined> => undefined;
  messagesChangedSince = (): AsyncIterable<Stored<Communication>> => nothing();
  newestMessageChange = async (): Promise<Date | undefined> => undefined;
  expand = async (): Promise<readonly Coding[]> => [];

  async #write<T>(on: Step, as: string | undefined, work: () => T): Promise<T> {
    this.onBehalfOf.push([on, as]);
    return this.#step(on, work, as);
  }

  async #step<T>(on: Step, work: () => T, as?: string): Promise<T> {
    this.calls.push(on);
    if (on === 'task' || on === 'transaction') for (const late of this.#late.splice(0)) late();
    const waiting = this.#faults.find(
      ({ fault, left }) => fault.on === on && left > 0 && (as !== undefined || !fault.onBehalf),
    );
    if (waiting === undefined) return work();
    waiting.left--;
    const { kind, done, retryAfterMs, meanwhile } = waiting.fault;
    if (done === 'after') work();
    if (done === 'late') this.#late.push(work);
    meanwhile?.();
    throw new RecordError(kind, `${on} in a test`, retryAfterMs === undefined ? {} : { retryAfterMs });
  }

  /** As a server without transactions does: what can be done is done, and each entry says what became of it. */
  #runEach({ entry = [] }: Bundle): Transacted {
    const ids = new Map<string, string>();
    const done = entry.map(() => false);
    const inOrder = entry.map((one, i) => ({ ...one, i })).sort(byMethod);
    for (const { i, ...one } of inOrder) {
      try {
        this.#refuse(one);
        this.#runOne(one, ids);
        done[i] = true;
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
      }
    }
    this.refusedInBatch = undefined;
    return done.includes(false) ? { kind: 'in parts', done } : { kind: 'whole' };
  }

  #refuse({ request, resource }: BundleEntry): void {
    const [type] = request?.url?.split('/') ?? [];
    const about = resource?.resourceType === 'Task' ? 'successor' : type;
    if (about === this.refusedInBatch) throw new RecordError('invalid', 'an entry in a test');
  }

  /** In the order of a server: what is created comes before what is patched. */
  #runAll({ entry = [] }: Bundle): void {
    const ids = new Map<string, string>();
    for (const one of entry.toSorted(byMethod)) this.#runOne(one, ids);
  }

  #runOne({ fullUrl = '', request, resource }: BundleEntry, ids: Map<string, string>): void {
    switch (resource?.resourceType) {
      case 'Task':
        ids.set(fullUrl, `Task/${this.#create(resource, request?.ifNoneExist ?? '').id}`);
        return;
      case 'Provenance':
        this.#add(withIds(resource, ids));
        return;
      case 'Binary': {
        const patch: PatchOperation[] = JSON.parse(Buffer.from(resource.data ?? '', 'base64').toString());
        const [type, id = ''] = request?.url?.split('/') ?? [];
        this.#patch(type === 'Task' ? 'Task' : 'Communication', id, patch);
      }
    }
  }

  /** A Task that was created here, or the one that the record is about, under whatever id. */
  #versionsOf(taskId: string): Stored<Task>[] {
    return this.#created.get(taskId) ?? this.past;
  }

  #patch(type: 'Task' | 'Communication', id: string, patch: readonly PatchOperation[]): void {
    try {
      if (type === 'Task') {
        const versions = this.#versionsOf(id);
        const [newest] = versions;
        if (newest === undefined) throw new RecordError('gone', 'a patch in a test');
        versions.unshift(stored(applied(newest, patch), this.#next()));
      } else if (this.header) this.header = stored(applied(this.header, patch), this.#next());
    } catch (error) {
      if (error instanceof RecordError) throw error;
      throw new RecordError('lost', `${type} in a test`, { cause: error });
    }
  }

  #find(query: string): Stored<Task> | undefined {
    return [...this.past.slice(0, 1), ...this.created].find((one) => isFound(one, query));
  }

  #create(task: Task, unless: string): Stored<Task> {
    const there = this.#find(unless);
    if (there) return there;
    const id = `created-${this.#created.size + 1}`;
    const made = stored({ ...task, id }, this.#next());
    this.#created.set(id, [made]);
    return made;
  }

  #add(provenance: Provenance): void {
    const query = provenanceQuery(provenance);
    if (!this.provenances.some((one) => provenanceQuery(one) === query)) this.provenances.unshift(provenance);
  }

  #next(): string {
    this.#version++;
    return `v${this.#version}`;
  }
}

/** A server puts the ids of what it creates where they were not known yet. */
function withIds(provenance: Provenance, ids: ReadonlyMap<string, string>): Provenance {
  const target = provenance.target.map((one) => {
    const made = ids.get(one.reference ?? '');
    return made === undefined ? one : { ...one, reference: made };
  });
  return { ...provenance, target };
}

/** Whether a search finds the Task, by what creating one is made conditional on. */
function isFound(task: Task, query: string): boolean {
  return [...new URLSearchParams(query)].every(([name, value]) => {
    switch (name) {
      case 'identifier':
        return task.identifier?.some((one) => `${one.system}|${one.value}` === value) ?? false;
      case 'focus':
        return task.focus?.reference === value;
      case 'status':
        return value.split(',').includes(task.status);
      case 'status:not':
        return !value.split(',').includes(task.status);
      case 'code:not':
        return !task.code?.coding?.some((one) => `${one.system}|${one.code}` === value);
      default:
        throw new Error(`the record of a test does not search by ${name}`);
    }
  });
}

async function* nothing(): AsyncGenerator<never> {}

/** Posts come before patches. */
function byMethod(a: BundleEntry, b: BundleEntry): number {
  const order = ['POST', 'PATCH'];
  return order.indexOf(a.request?.method ?? '') - order.indexOf(b.request?.method ?? '');
}

/** A journal in memory; everything in it that is no dead letter counts as abandoned. */
export function memoryJournal(): Journal & {
  readonly open: Map<string, Writes>;
  readonly parked: Set<string>;
} {
  const open = new Map<string, Writes>();
  const asBatch = new Set<string>();
  const failures = new Map<string, string[]>();
  const parked = new Set<string>();
  let last = 0;
  return {
    open,
    parked,
    begin: async (writes, ranAsBatch) => {
      const id = `j${++last}`;
      open.set(id, writes);
      if (ranAsBatch) asBatch.add(id);
      return id;
    },
    isOpen: async (taskId) => [...open].some(([id, writes]) => writes.task.id === taskId && !parked.has(id)),
    owes: async (taskId) => [...open].some(([id, writes]) => writes.task.id === taskId && !parked.has(id)),
    end: async (id) => {
      open.delete(id);
      parked.delete(id);
    },
    abandoned: async () =>
      [...open]
        .filter(([id]) => !parked.has(id))
        .map(([id, writes]) => ({ id, writes, ...(asBatch.has(id) && { ranAsBatch: true as const }) })),
    failed: async (id, owed, failure) => {
      if (open.has(id)) open.set(id, owed);
      const all = [...(failures.get(id) ?? []), failure];
      failures.set(id, all);
      return all.length;
    },
    park: async (id) => {
      parked.add(id);
    },
    stuck: async () =>
      [...parked].map((id) => ({
        id,
        taskId: open.get(id)?.task.id ?? '',
        ageMs: 0,
        failure: failures.get(id)?.at(-1) ?? '',
      })),
    retry: async (id) => {
      failures.delete(id);
      return parked.delete(id);
    },
  };
}
