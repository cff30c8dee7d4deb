import type { Coding, Task } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { closedAt } from '../duties/closing.ts';
import { INTAKE, type IntakeRule, waitingIn } from '../duties/intake.ts';
import type { Message } from '../duties/thread.ts';
import { heardAt } from '../record/answer.ts';
import { nameOf } from '../routing/eligibility.ts';
import type { Pool } from '../routing/pools.ts';
import { CLOSED, type TaskRules } from '../routing/task.ts';
import { practitionerId } from './absence.ts';
import { withRetries } from './patience.ts';
import type { People } from './people.ts';
import { RecordError, type RecordStore, type ThreadView } from './ports/record.ts';

export interface IntakeParts {
  readonly store: Pick<RecordStore, 'createTask' | 'findTask' | 'versions'>;
  /** When a message came into the record (UTC, ISO 8601). */
  readonly arrivedAt: (messageId: string) => Promise<string | undefined>;
  readonly people: Pick<People, 'member'>;
  readonly intake: readonly IntakeRule[];
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly now: () => Date;
  readonly log: Logger;
}

type Stored = Task & { id: string };

/**
 * “Create a Task for a Thread”: makes one for a thread that has no open Task and in which the patient waits, and gives
 * the one that the thread has then. A closed Task has dealt with what was in the record when it was closed.
 *
 * @param justClosed the id of a Task that we have closed ourselves, in this look: it has dealt with nothing but its answer.
 */
export type Intake = (view: ThreadView, justClosed?: string) => Promise<Stored | undefined>;

export function createIntake(parts: IntakeParts): Intake {
  const { store, people, pools, log } = parts;

  async function isDealtWith(message: Message, closings: readonly string[]): Promise<boolean> {
    const last = closings.toSorted().at(-1);
    const said = heardAt(message);
    if (last === undefined || last < said) return false;
    if ((message.meta?.lastUpdated ?? said) <= last) return true;
    // Said before, and written since: it came late, or somebody has only marked it as read.
    return ((await withRetries(() => parts.arrivedAt(message.id))) ?? said) <= last;
  }

  /** When the closed Tasks were closed, as far as that was after the instant. */
  async function closingsSince(tasks: readonly Stored[], instant: string): Promise<string[]> {
    const later = tasks.filter(({ meta }) => (meta?.lastUpdated ?? '') >= instant);
    const found = await Promise.all(
      later.map(async ({ id }) => closedAt(await withRetries(() => store.versions(id)))),
    );
    return found.filter((one) => one !== undefined);
  }

  /**
   * Unless the thread has an open Task: two replicas, or a Bot of the project, may have had the same idea.
   * One that cannot be told apart from several means that there is one. Nor where one was made for this message: its
   * answer may have been lost, and by the next try it may be closed.
   */
  async function create(task: Task, threadId: string): Promise<Stored | undefined> {
    const isOpen = `status:not=${CLOSED.join(',')}${parts.rules.ignoredCodes.map(isNot).join('')}`;
    const isOurs = `identifier=${encodeURIComponent(`${INTAKE}|${messageOf(task)}`)}`;
    try {
      const named = await withOwner(task);
      const there = await withRetries(
        async () =>
          (await store.findTask(isOurs)) ??
          (await store.createTask(named, `focus=Communication/${threadId}&${isOpen}`)),
      );
      if (CLOSED.includes(there.status)) return undefined;
      const isNew = there.identifier?.some(
        ({ system, value }) => system === INTAKE && value === messageOf(task),
      );
      log.info({ thread: threadId, task: there.id, new: isNew ?? false }, 'intake');
      return there;
    } catch (error) {
      if (!(error instanceof RecordError && error.kind === 'lost')) throw error;
      log.warn({ err: error, thread: threadId }, 'a thread has several open Tasks');
      return undefined;
    }
  }

  /** A person is named as they are called. */
  async function withOwner(task: Task): Promise<Task> {
    const id = practitionerId(task.owner);
    const member = id === undefined ? undefined : await withRetries(() => people.member(id));
    if (member === undefined) return task;
    return { ...task, owner: { ...task.owner, display: nameOf(member.practitioner) } };
  }

  return async ({ header, messages, tasks }, justClosed) => {
    const waiting = waitingIn(header, messages, parts.intake, pools, parts.now());
    const [first] = waiting;
    if (first === undefined) return undefined;
    const others = tasks.filter(({ id }) => id !== justClosed);
    const closings = await closingsSince(others, heardAt(first.message));
    for (const { message, task } of waiting) {
      if (!(await isDealtWith(message, closings))) return create(task, header.id);
    }
    return undefined;
  };
}

function isNot({ system, code }: Coding): string {
  return `&code:not=${encodeURIComponent(`${system}|${code}`)}`;
}

function messageOf(task: Task): string | undefined {
  return task.identifier?.find(({ system }) => system === INTAKE)?.value;
}
