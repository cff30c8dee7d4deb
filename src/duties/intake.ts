import type { CodeableConcept, Communication, Task } from '@medplum/fhirtypes';
import { heardAt } from '../record/answer.ts';
import { fold, type Pool, performerTypeOf } from '../routing/pools.ts';
import type { Priority } from '../routing/priority.ts';
import { fromPatient, isAnswered, type Message, nameOnly, type PatientMessage } from './thread.ts';
import { mostUrgent } from './urgency.ts';

/** A concept as the configuration names it: by system and code, or by what it is called. */
export type ConceptName = { readonly system: string; readonly code: string } | { readonly text: string };

/** Which messages need a tracked response, and from whom. The first rule that fits counts. */
export interface IntakeRule {
  /** All that are given must fit; none for every message. */
  readonly when: {
    readonly category?: readonly ConceptName[] | undefined;
    readonly topic?: readonly ConceptName[] | undefined;
    readonly medium?: readonly ConceptName[] | undefined;
  };
  readonly make:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'pool'; readonly pool: string; readonly priority: Priority }
    | { readonly kind: 'person'; readonly practitioner: string; readonly priority: Priority };
}

/** A message of the patient that waits for an answer, and the Task that a rule wants for it. */
export interface Waiting {
  readonly message: Message;
  readonly task: Task;
}

/** The system of the identifier by which a Task names the message that it was made for. */
export const INTAKE = 'urn:switchboard:intake';

/** What is older than this when it is looked at is history: an import, or an old thread that somebody puts in order. */
const HISTORY_MS = 7 * 24 * 3_600_000;

/**
 * The patient's messages in a thread that nobody has answered and for which a rule wants a tracked response, the one
 * that waits longest first: “Does this message require a tracked response? If not, keep it as Communication only.”
 * Whether a Task of the thread has dealt with them already is not looked at.
 */
export function waitingIn(
  header: Message,
  messages: readonly Message[],
  rules: readonly IntakeRule[],
  pools: readonly Pool[],
  now: Date,
): Waiting[] {
  if (header.status === 'entered-in-error') return [];
  return fromPatient(messages)
    .filter((message) => now.getTime() - Date.parse(heardAt(message)) < HISTORY_MS)
    .flatMap((message) => {
      const rule = rules.find(({ when }) => fits(when, message, header));
      const task = rule && taskFor(rule.make, message, header, pools, now);
      return task && !isAnswered(message, messages, task) ? [{ message, task }] : [];
    });
}

/** True when the concept carries the code, or is called so in any case. */
export function isCalled(concept: CodeableConcept, name: ConceptName): boolean {
  if ('system' in name) {
    return concept.coding?.some(({ system, code }) => system === name.system && code === name.code) ?? false;
  }
  const wanted = fold(name.text);
  const names = [concept.text, ...(concept.coding ?? []).flatMap(({ display, code }) => [display, code])];
  return names.some((one) => one !== undefined && fold(one) === wanted);
}

/** A message is of the kind that it says, or that its thread says. */
function fits(when: IntakeRule['when'], message: Communication, header: Communication): boolean {
  const said = (of: (one: Communication) => readonly (CodeableConcept | undefined)[] | undefined) =>
    [message, header].flatMap((one) => of(one) ?? []).filter((concept) => concept !== undefined);
  return [
    { names: when.category, concepts: said((one) => one.category) },
    { names: when.topic, concepts: said((one) => [one.topic]) },
    { names: when.medium, concepts: said((one) => one.medium) },
  ].every(
    ({ names, concepts }) =>
      names === undefined || names.some((name) => concepts.some((concept) => isCalled(concept, name))),
  );
}

/** The specification's “Create a Task for a Thread”: for a pool by `performerType`, for one person by `owner`. */
function taskFor(
  make: IntakeRule['make'],
  message: PatientMessage,
  header: Message,
  pools: readonly Pool[],
  now: Date,
): Task | undefined {
  if (make.kind === 'nothing') return undefined;
  const pool = make.kind === 'pool' ? pools.find(({ id }) => id === make.pool) : undefined;
  if (make.kind === 'pool' && pool === undefined) return undefined;
  const patient = header.subject ?? message.subject;
  const saidAt = heardAt(message);
  return {
    resourceType: 'Task',
    identifier: [{ system: INTAKE, value: message.id }],
    status: 'requested',
    businessStatus: { text: make.kind === 'pool' ? 'unassigned' : 'assigned' },
    intent: 'order',
    priority: mostUrgent([make.priority, message.priority ?? header.priority]),
    code: { text: 'Respond to patient message' },
    focus: { reference: `Communication/${header.id}` },
    ...(patient && { for: nameOnly(patient) }),
    requester: nameOnly(message.sender),
    // Since when the patient waits, whenever we come to look.
    authoredOn: saidAt < now.toISOString() ? saidAt : now.toISOString(),
    ...(pool && { performerType: performerTypeOf(pool) }),
    ...(make.kind === 'person' && { owner: { reference: make.practitioner } }),
  };
}
