import { setTimeout as sleep } from 'node:timers/promises';
import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import { latestAnswer } from '../record/answer.ts';
import { deedOf } from '../record/provenance.ts';
import { predecessorOf } from '../record/successor.ts';
import { type Writes, writesOf } from '../record/writes.ts';
import type { Member } from '../routing/eligibility.ts';
import { VISIBILITIES } from '../routing/pools.ts';
import { findReason, type Reasons } from '../routing/reasons.ts';
import { shorten, unknownReason, unknownUntil } from '../slash.ts';
import { checkInputs, decide, findVerb } from '../verbs/index.ts';
import { parseUntil } from '../verbs/until.ts';
import {
  type Accepted,
  type Inputs,
  type Refused,
  refuse,
  type Situation,
  type Verb,
} from '../verbs/verb.ts';
import { apology } from './apology.ts';
import type { Committed } from './commit.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { Answer, CommandRequest } from './ports/desk.ts';
import { NO_FUSE } from './ports/fuse.ts';
import { RecordError } from './ports/record.ts';
import { resolveTask } from './resolve-task.ts';
import { findTarget } from './targets.ts';

/** How often a command is decided anew when somebody else was quicker. */
const TRIES = 3;

/** A Task whose place was taken again and again is followed back this far. */
const LONGEST_DESCENT = 5;

/** Runs what people ask to be done: read, decide, write. */
export interface Commands {
  /** Understands a command's words and runs it. Never throws. */
  run(request: CommandRequest): Promise<Answer>;
  /** Decides and writes one that is understood. */
  settle(verb: Verb, inputs: Inputs, taskId: string, actor: Member): Promise<Accepted | Refused>;
}

export function createCommands(parts: DeskParts): Commands {
  const { people, ledger, pools, log, fuse = NO_FUSE } = parts;

  async function run(request: CommandRequest): Promise<Answer> {
    try {
      return toAnswer(await command(request));
    } catch (error) {
      const level = error instanceof RecordError ? 'warn' : 'error';
      log[level]({ err: error, verb: request.verb }, 'a command failed');
      return { kind: 'refused', sentence: apology(error) };
    }
  }

  async function command(request: CommandRequest): Promise<Accepted | Refused> {
    const verb = findVerb(request.verb);
    if (verb === undefined) return refuse(`There is no “${shorten(request.verb)}”.`);
    const plain = plainInputs(verb, request, parts.reasons());
    if ('kind' in plain) return plain;
    // The target is looked up later; what is wrong with the rest can be said at once.
    const fault = checkInputs(verb, {
      ...plain,
      ...(request.inputs.target && { target: request.inputs.target }),
    });
    if (fault) return fault;
    const taskId = await resolveTask(request.task, ledger);
    if (typeof taskId !== 'string') return taskId;
    const identity = await people.identify(request.by);
    if (identity.kind === 'stranger') return refuse(identity.sentence);
    const { target } = request.inputs;
    const found = target && (await findTarget(target, request.by, pools, people));
    if (found && found.kind === 'refused') return found;
    return settle(verb, { ...plain, ...(found && { target: found }) }, taskId, identity.member);
  }

  /** Read, decide, write; where somebody else was quicker, again on what the record says now. */
  async function settle(
    verb: Verb,
    inputs: Inputs,
    taskId: string,
    actor: Member,
  ): Promise<Accepted | Refused> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const situation = await situationOf(verb, taskId, actor);
      if (situation === undefined)
        return refuse(`There is no Task “${shorten(taskId)}” in the record any more.`);
      const decision = decide(verb, inputs, situation);
      if (decision.kind === 'refused') return decision;
      const author = await parts.authorOf(actor);
      if ('kind' in author) return author;
      const outcome = await write(writesOf(decision, situation, author, parts.recipients));
      if (typeof outcome !== 'string') return outcome;
      fuse('committed', taskId);
      log.info({ task: taskId, verb: verb.name, by: actor.practitioner.id, outcome, attempt }, 'command');
      if (outcome === 'lost') continue;
      await mark(taskId);
      fuse('marked', taskId);
      if (decision.successor) await markSuccessor(taskId);
      return outcome === 'done' ? decision : refuse(UNKNOWN);
    }
    return refuse(
      'Others are changing this Task at this very moment; nothing of yours was written. Try again.',
    );
  }

  /** What somebody's own access does not allow is an answer to them, not a fault. */
  async function write(writes: Writes): Promise<Committed | Refused> {
    try {
      return await parts.commit.run(writes);
    } catch (error) {
      if (!(error instanceof RecordError) || error.kind !== 'forbidden' || !writes.as) throw error;
      log.info({ err: error, task: writes.task.id, as: writes.as }, 'not allowed to this person');
      return refuse(apology(error, writes.as));
    }
  }

  async function situationOf(verb: Verb, taskId: string, actor: Member): Promise<Situation | undefined> {
    const seen = await withRetries(() => parts.store.observe(taskId));
    if (seen === undefined) return undefined;
    const { rules, now } = parts;
    const { task, thread } = seen;
    const messages =
      verb.needsAnswer && thread ? await withRetries(() => parts.store.messages(thread.id)) : [];
    const answer = latestAnswer(messages, task);
    const origin = verb.needsOrigin ? await originOf(task) : undefined;
    const at = now();
    return { ...seen, actor, pools, rules, now: at, ...(answer && { answer }), ...(origin && { origin }) };
  }

  /** The performerType that a Task without one had last, or the Task whose place it took. */
  async function originOf(task: Task & { id: string }): Promise<readonly CodeableConcept[] | undefined> {
    if (task.performerType?.length) return undefined;
    let next: string | undefined = task.id;
    for (let looked = 0; next !== undefined && looked < LONGEST_DESCENT; looked++) {
      const id: string = next;
      const versions = await withRetries(() => parts.store.versions(id));
      const found = versions.find((version) => version.performerType?.length)?.performerType;
      if (found) return found;
      next = versions[0] && predecessorOf(versions[0]);
    }
    return undefined;
  }

  /** The new Task's card is not left to an event. Where this fails the sweep finds it. */
  async function markSuccessor(taskId: string): Promise<void> {
    try {
      const seen = await parts.store.observe(taskId);
      const successor = seen?.provenances.map(deedOf).find((deed) => deed?.successor)?.successor;
      if (successor) await mark(successor.id);
    } catch (error) {
      log.warn({ err: error, task: taskId }, 'the card of the new Task will follow with the next sweep');
    }
  }

  /** Cards follow by a job. The record is written already, so a ledger that is away must not turn yes into no. */
  async function mark(taskId: string): Promise<void> {
    try {
      await inTime(parts.jobs.mark(taskId));
    } catch (error) {
      log.error({ err: error, task: taskId }, 'the cards will follow with the next sweep');
    }
  }

  return { run, settle };
}

/** Nobody waits longer to hear that their change is in the record. */
const MARK_MS = 3_000;

/** Throws where the mark takes too long; it may still come to be. */
async function inTime(mark: Promise<void>): Promise<void> {
  const tooLate = new AbortController();
  const limit = sleep(MARK_MS, undefined, { signal: tooLate.signal }).then(() => {
    throw new Error('the job queue does not answer');
  });
  try {
    await Promise.race([mark, limit]);
  } finally {
    tooLate.abort();
    // Whichever comes second is of no interest to anybody.
    for (const late of [mark, limit]) late.catch(() => undefined);
  }
}

const UNKNOWN =
  'The record went silent in the middle of this. Whether it was done will show on the card as soon as the record answers again.';

/** The inputs that need no look-up, understood. */
export function plainInputs(
  verb: Verb,
  { inputs }: CommandRequest,
  reasons: Reasons,
): Omit<Inputs, 'target'> | Refused {
  const known = reasons[verb.reasons ?? 'reroute'];
  const reason = inputs.reason === undefined ? undefined : findReason(inputs.reason, known);
  if (inputs.reason && reason === undefined)
    return refuse(unknownReason(inputs.reason, verb, known), 'reason');
  const visibility = VISIBILITIES.find((one) => one === inputs.visibility);
  if (inputs.visibility && visibility === undefined)
    return refuse(`“${shorten(inputs.visibility)}” is neither ${VISIBILITIES.join(' nor ')}.`, 'visibility');
  const until = inputs.until === undefined ? undefined : parseUntil(inputs.until);
  if (inputs.until && until === undefined) return refuse(unknownUntil(inputs.until, verb), 'until');
  const note = inputs.note?.trim();
  return {
    ...(reason && { reason }),
    ...(visibility && { visibility }),
    ...(until && { until }),
    ...(note && { note }),
  };
}

/** What the person is told of a decision. */
export function toAnswer(decision: Accepted | Refused): Answer {
  const { sentence } = decision;
  if (decision.kind === 'accepted')
    return { kind: 'done', sentence, ...(isUnseen(decision) && { isUnseen: true }) };
  const { field } = decision;
  return { kind: 'refused', sentence, ...(field && { field }) };
}

/** A note and a snooze stand in the record, and on no card. */
function isUnseen({ change, successor }: Accepted): boolean {
  return successor === undefined && Object.keys(change).every((key) => key === 'snooze');
}
