import type { Provenance, Reference, Task } from '@medplum/fhirtypes';
import { type Reason, reasonCoding } from '../routing/reasons.ts';
import type { Accepted } from '../verbs/verb.ts';

/** Our own codes for what was done to a Task, beside HL7's "it was updated". */
export const VERB_SYSTEM = 'urn:switchboard:CodeSystem:verb';

const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT_TYPE = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';

/**
 * What goes beside every change: who did what to which Task, when (UTC), and why. The target is the Task without a
 * version, because a versioned one is not found by `Provenance?target=Task/x`; the version left stands in `entity`.
 */
export function provenanceOf(
  task: Task & { id: string },
  decision: Accepted,
  who: Reference,
  at: Date,
): Provenance {
  return {
    resourceType: 'Provenance',
    target: [{ reference: `Task/${task.id}` }],
    recorded: at.toISOString(),
    activity: {
      coding: [
        { system: DATA_OPERATION, code: 'UPDATE' },
        { system: VERB_SYSTEM, code: decision.verb },
      ],
    },
    ...(decision.reason && { reason: [{ coding: [reasonCoding(decision.reason)] }] }),
    agent: [
      { type: participant('author'), who: who as Provenance['agent'][number]['who'] },
      { type: participant('assembler'), who: { display: 'Switchboard' } },
    ],
    entity: [{ role: 'revision', what: { reference: versionLeft(task) } }],
  };
}

/**
 * The search that makes writing a Provenance repeatable (`If-None-Exist`): a version of a Task is left only once, so
 * there is at most one Provenance for leaving it, however often and by whomever the writing is tried.
 */
export function provenanceQuery(provenance: Provenance): string {
  return `target=${provenance.target[0]?.reference}&entity=${versionLeftOf(provenance)}`;
}

/** The version that the change left, e.g. `Task/1/_history/2`. */
export function versionLeftOf(provenance: Provenance): string | undefined {
  return provenance.entity?.[0]?.what.reference;
}

/** What a Provenance of ours says, for a card and for a history. */
export interface Deed {
  readonly verb: string;
  readonly who: Reference | undefined;
  /** UTC instant, ISO 8601. */
  readonly at: string;
  readonly reason: Pick<Reason, 'code' | 'display'> | undefined;
}

/** Reads a Provenance back; undefined for one that Switchboard did not write. */
export function deedOf(provenance: Provenance): Deed | undefined {
  const verb = provenance.activity?.coding?.find((coding) => coding.system === VERB_SYSTEM)?.code;
  if (verb === undefined) return undefined;
  const coding = provenance.reason?.[0]?.coding?.[0];
  return {
    verb,
    who: provenance.agent[0]?.who,
    at: provenance.recorded,
    reason:
      coding?.code === undefined ? undefined : { code: coding.code, display: coding.display ?? coding.code },
  };
}

function versionLeft(task: Task): string {
  return `Task/${task.id}/_history/${task.meta?.versionId}`;
}

function participant(code: 'author' | 'assembler') {
  return { coding: [{ system: PARTICIPANT_TYPE, code }] };
}
