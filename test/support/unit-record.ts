import type { PatchOperation } from '@medplum/core';
import type { Bundle, Communication, Provenance, Task } from '@medplum/fhirtypes';
import { versionLeftOf } from '../../src/record/provenance.ts';
import type { Writes } from '../../src/record/writes.ts';
import type { Journal } from '../../src/runtime/ports/ledger.ts';
import { RecordError, type RecordErrorKind, type RecordStore } from '../../src/runtime/ports/record.ts';
import { applied, stored } from './pure-record.ts';

export type Step = 'task' | 'thread' | 'provenance' | 'transaction' | 'observe' | 'versions' | 'header';

/** What goes wrong at the next call of a step. */
export interface Fault {
  readonly on: Step;
  readonly kind: RecordErrorKind;
  /** `before` (if not said): nothing was done. `after`: it was, and the answer was lost. `late`: it will be, with the next write. */
  readonly done?: 'before' | 'after' | 'late';
  readonly times?: number;
  readonly retryAfterMs?: number;
  /** What somebody else does at that moment. */
  readonly meanwhile?: () => void;
}

type Stored<T> = T & { id: string };

/** A record in memory that guards its patches as a server does, and fails where it is told to. */
export class FakeRecord implements RecordStore {
  /** The Task's versions, newest first. */
  history: Stored<Task>[];
  header: Stored<Communication> | undefined;
  readonly provenances: Provenance[] = [];
  /** Every call, in order. */
  readonly calls: Step[] = [];
  #faults: { fault: Fault; left: number }[] = [];
  #late: (() => void)[] = [];
  #version = 1;

  constructor(task: Stored<Task>, header?: Stored<Communication>) {
    this.history = [task];
    this.header = header;
  }

  get current(): Stored<Task> {
    const [newest] = this.history;
    if (newest === undefined) throw new RecordError('gone', 'reading');
    return newest;
  }

  fail(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  heal(): void {
    this.#faults = [];
  }

  /** Somebody else changes the Task. */
  change(more: Partial<Task>): void {
    this.history.unshift(stored({ ...this.current, ...more }, this.#next()));
  }

  /** Somebody else changes the thread header. */
  changeHeader(more: Partial<Communication>): void {
    if (this.header) this.header = stored({ ...this.header, ...more }, this.#next());
  }

  observe = (_taskId: string) =>
    this.#step('observe', () => {
      const [task] = this.history;
      return task && { task, thread: this.header, provenances: [...this.provenances] };
    });

  versions = (_taskId: string) => this.#step('versions', () => [...this.history]);

  thread = (_id: string) => this.#step('header', () => this.header);

  patch = (type: 'Task' | 'Communication', _id: string, patch: readonly PatchOperation[]) =>
    this.#step(type === 'Task' ? 'task' : 'thread', () => this.#patch(type, patch));

  addProvenance = (provenance: Provenance) => this.#step('provenance', () => this.#add(provenance));

  transact = (bundle: Bundle) =>
    this.#step('transaction', () => {
      const before = { history: [...this.history], header: this.header };
      try {
        for (const { request, resource } of bundle.entry ?? []) {
          if (resource?.resourceType === 'Provenance') this.#add(resource);
          if (resource?.resourceType !== 'Binary') continue;
          const patch: PatchOperation[] = JSON.parse(Buffer.from(resource.data ?? '', 'base64').toString());
          this.#patch(request?.url?.startsWith('Task/') ? 'Task' : 'Communication', patch);
        }
      } catch (error) {
        Object.assign(this, before);
        throw error;
      }
    });

  newestMessage = async (): Promise<Communication | undefined> => undefined;
  keepsTransactions = async (): Promise<boolean> => false;
  unclaimed = (): AsyncIterable<Stored<Task>> => nothing();
  ownedBy = (): AsyncIterable<Stored<Task>> => nothing();
  changedSince = (): AsyncIterable<Stored<Task>> => nothing();
  newestChange = async (): Promise<Date | undefined> => undefined;

  async #step<T>(on: Step, work: () => T): Promise<T> {
    this.calls.push(on);
    if (on === 'task' || on === 'transaction') for (const late of this.#late.splice(0)) late();
    const waiting = this.#faults.find((one) => one.fault.on === on && one.left > 0);
    if (waiting === undefined) return work();
    waiting.left--;
    const { kind, done, retryAfterMs, meanwhile } = waiting.fault;
    if (done === 'after') work();
    if (done === 'late') this.#late.push(work);
    meanwhile?.();
    throw new RecordError(kind, `${on} in a test`, retryAfterMs === undefined ? {} : { retryAfterMs });
  }

  #patch(type: 'Task' | 'Communication', patch: readonly PatchOperation[]): void {
    try {
      if (type === 'Task') this.history.unshift(stored(applied(this.current, patch), this.#next()));
      else if (this.header) this.header = stored(applied(this.header, patch), this.#next());
    } catch (error) {
      throw new RecordError('lost', `${type} in a test`, { cause: error });
    }
  }

  #add(provenance: Provenance): void {
    const left = versionLeftOf(provenance);
    if (!this.provenances.some((one) => versionLeftOf(one) === left)) this.provenances.unshift(provenance);
  }

  #next(): string {
    this.#version++;
    return `v${this.#version}`;
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** A journal in memory; everything in it counts as abandoned. */
export function memoryJournal(): Journal & { readonly open: Map<string, Writes> } {
  const open = new Map<string, Writes>();
  let last = 0;
  return {
    open,
    begin: async (writes) => {
      const id = `j${++last}`;
      open.set(id, writes);
      return id;
    },
    isOpen: async (taskId) => [...open.values()].some((writes) => writes.task.id === taskId),
    end: async (id) => {
      open.delete(id);
    },
    abandoned: async () => [...open].map(([id, writes]) => ({ id, writes })),
  };
}
