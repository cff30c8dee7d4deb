import type { Task } from '@medplum/fhirtypes';
import { type Answerer, completionOf } from '../duties/answered.ts';
import { coverOf, hasNews } from '../duties/coverage.ts';
import { type FollowUpRules, raiseOf } from '../duties/follow-up.ts';
import type { Message } from '../duties/thread.ts';
import type { Outcome } from '../ledger/jobs.ts';
import type { RecipientRule } from '../record/recipients.ts';
import { type Author, SERVICE, writesOf } from '../record/writes.ts';
import { CLOSED } from '../routing/task.ts';
import type { Accepted } from '../verbs/verb.ts';
import { type AbsenceParts, createAbsences, practitionerId } from './absence.ts';
import type { Commit } from './commit.ts';
import { createIntake, type IntakeParts } from './intake.ts';
import { lastPoolOf } from './last-pool.ts';
import { withRetries } from './patience.ts';
import { type Fuse, NO_FUSE } from './ports/fuse.ts';
import type { Jobs, Journal, Ledger } from './ports/ledger.ts';
import { type Observation, RecordError, type RecordStore, type ThreadView } from './ports/record.ts';

/** Looks at a thread, and does what Switchboard does by itself: intake, follow-ups, answers, coverage. */
export type Threads = (threadId: string) => Promise<Outcome>;

export interface ThreadsParts extends IntakeParts, AbsenceParts {
  readonly store: Pick<RecordStore, 'threadView' | 'observe' | 'versions' | 'createTask' | 'findTask'>;
  readonly ledger: Pick<Ledger, 'sawMessages'> & { readonly journal: Pick<Journal, 'isOpen'> };
  readonly jobs: Pick<Jobs, 'mark'>;
  readonly commit: Pick<Commit, 'run'>;
  readonly followUps: FollowUpRules;
  readonly completeWhenAnsweredBy: Answerer;
  readonly recipients: RecipientRule;
  readonly fuse?: Fuse;
}

/** A decision of ours, and who answers for it. */
interface Step {
  readonly decision: Accepted;
  readonly author: Author;
}

/** Two or three things may be due to a Task, and others may be quicker once or twice. */
const ROUNDS = 6;
/** A change is being written, or others are at it. */
const SOON_MS = 1_000;
/** The record is away, or wants to be left alone. */
const AWAY_MS = 15_000;
/** Somebody has to mend something first: an AccessPolicy, say. */
const BROKEN_MS = 5 * 60_000;

const DONE: Outcome = { kind: 'done' };

/**
 * Reads a thread and does what is due: a Task for a patient who waits and has none; the end of one whose patient has an
 * answer; a higher priority where the patient writes again; somebody else for an owner who is away. What is due is read
 * off the record alone, so a hint may be lost, doubled, late or out of order, and any replica may follow it.
 *
 * Never throws: a queue gives up after some tries, and a patient's message must not be forgotten because the record was
 * away for longer. It is looked at again until that goes well.
 */
export function createThreads(parts: ThreadsParts): Threads {
  const { store, ledger, jobs, commit, log, now, fuse = NO_FUSE } = parts;
  const intake = createIntake(parts);
  const absences = createAbsences(parts);

  async function look(threadId: string): Promise<Outcome> {
    const view = await withRetries(() => store.threadView(threadId));
    if (view === undefined) return DONE;
    for (const { id } of view.tasks) {
      // Half of a change would be seen: a Task that has just gone, say, and not yet the one that takes its place.
      if (await ledger.journal.isOpen(id)) return again(SOON_MS);
    }
    const open = openTasks(view);
    const made = open.length === 0 ? await intake(view) : undefined;
    let settled = true;
    for (const { id } of made ? [made] : open) settled = (await mind(id, view)) && settled;
    if (!settled) return again(SOON_MS);
    await ledger.sawMessages(view.messages.map(({ id, meta }) => ({ id, versionId: meta?.versionId ?? '' })));
    return DONE;
  }

  /** Does what is due to one Task, one thing after the other; its cards follow. False where it is not settled yet. */
  async function mind(taskId: string, view: ThreadView): Promise<boolean> {
    const settled = await settle(taskId, view);
    await jobs.mark(taskId);
    fuse('marked', taskId);
    return settled;
  }

  async function settle(taskId: string, view: ThreadView): Promise<boolean> {
    for (let round = 1; round <= ROUNDS; round++) {
      const seen = await withRetries(() => store.observe(taskId));
      const step = seen && !isClosed(seen.task) && (await nextStep(seen, view.messages));
      if (!step) return true;
      const { decision, author } = step;
      const writes = writesOf(decision, { ...seen, now: now() }, author, parts.recipients);
      const outcome = await commit.run(writes);
      fuse('committed', taskId);
      log.info({ task: taskId, thread: view.header.id, verb: decision.verb, outcome }, 'duty');
      if (outcome === 'unknown') return false;
      if (outcome === 'done' && decision.change.status === 'completed')
        await lookBehind(view.header.id, taskId);
    }
    return false;
  }

  async function nextStep(seen: Observation, messages: readonly Message[]): Promise<Step | undefined> {
    const { task, provenances } = seen;
    const completion = completionOf(
      task,
      messages,
      parts.completeWhenAnsweredBy,
      await namesOfOwner(task, messages),
    );
    if (completion) return completion;
    const decision =
      raiseOf(task, provenances, messages, parts.followUps) ?? (await coverFor(seen, messages));
    return decision && { decision, author: SERVICE };
  }

  /** What the owner answers under: their Practitioner, and their PractitionerRoles where such a one has written. */
  async function namesOfOwner({ owner }: Task, messages: readonly Message[]): Promise<string[]> {
    const id = practitionerId(owner);
    if (owner?.reference === undefined) return [];
    const asRole = messages.some(({ sender }) => sender?.reference?.startsWith('PractitionerRole/'));
    const member = id !== undefined && asRole ? await withRetries(() => parts.people.member(id)) : undefined;
    return [owner.reference, ...(member?.roles ?? []).map((role) => `PractitionerRole/${role.id}`)];
  }

  async function coverFor(
    { task, provenances }: Observation,
    messages: readonly Message[],
  ): Promise<Accepted | undefined> {
    if (task.owner === undefined || !hasNews(task, provenances, messages)) return undefined;
    const gone = await absences.ofOwner(task);
    if (gone === undefined) return undefined;
    const home = await lastPoolOf(task, store);
    return coverOf(task, { ...gone, home }, parts.pools);
  }

  /**
   * What the patient wrote while we were writing nobody has seen, though it came before the Task was closed; the Task has
   * dealt with nothing but what was answered.
   */
  async function lookBehind(threadId: string, closed: string): Promise<void> {
    const view = await withRetries(() => store.threadView(threadId));
    if (view === undefined || openTasks(view).length > 0) return;
    const made = await intake(view, closed);
    if (made) await mind(made.id, view);
  }

  return async (threadId) => {
    try {
      return await look(threadId);
    } catch (error) {
      const wait = waitAfter(error);
      const level = wait === BROKEN_MS ? 'error' : 'warn';
      log[level]({ err: error, thread: threadId, wait }, 'a thread could not be looked at; it will be again');
      return again(wait);
    }
  };
}

function openTasks({ tasks }: ThreadView): ThreadView['tasks'] {
  return tasks.filter((task) => !isClosed(task));
}

function isClosed({ status }: Task): boolean {
  return CLOSED.includes(status);
}

function again(afterMs: number): Outcome {
  return { kind: 'again', afterMs };
}

/** How long until it may be better, in milliseconds. */
function waitAfter(error: unknown): number {
  if (!(error instanceof RecordError)) return BROKEN_MS;
  if (error.kind === 'forbidden' || error.kind === 'invalid') return BROKEN_MS;
  return Math.max(error.retryAfterMs ?? 0, AWAY_MS);
}
