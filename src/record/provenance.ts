import type { Practitioner, Provenance, Reference, Task } from '@medplum/fhirtypes';
import { type Reason, reasonCoding } from '../routing/reasons.ts';
import type { Accepted } from '../verbs/verb.ts';
import { SUCCESSOR_PLACEHOLDER } from './successor.ts';

/** Our own codes for what was done to a Task, beside HL7's "it was updated". */
export const VERB_SYSTEM = 'urn:switchboard:CodeSystem:verb';

/** The coding beside the verb that says which step of which pool's ladder it was: `<pool id>/<index>/<kind>`. */
export const STEP_SYSTEM = 'urn:switchboard:CodeSystem:escalation-step';

const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT_TYPE = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';

/**
 * What goes beside every change: who did what to which Task, when (UTC), and why. The target is the Task without a
 * version, because a versioned one is not found by `Provenance?target=Task/x`; the version left stands in `entity`.
 * Where another Task takes this one's place, that one is the second target: either leads to the reason.
 *
 * @param as `Practitioner/<id>` on whose behalf it is written, where it is.
 */
export function provenanceOf(
  task: Task & { id: string },
  decision: Accepted,
  who: Reference<Practitioner>,
  at: Date,
  as?: string,
): Provenance {
  return {
    resourceType: 'Provenance',
    // An agent that is only named in words is not found by a search; a tag is.
    ...(who.reference === undefined && { meta: { tag: [{ system: VERB_SYSTEM, code: decision.verb }] } }),
    target: [{ reference: `Task/${task.id}` }, ...successorTarget(decision)],
    recorded: at.toISOString(),
    activity: {
      coding: [
        { system: DATA_OPERATION, code: 'UPDATE' },
        { system: VERB_SYSTEM, code: decision.verb },
        ...(decision.step ? [{ system: STEP_SYSTEM, code: decision.step }] : []),
      ],
    },
    ...(decision.reason && { reason: [{ coding: [reasonCoding(decision.reason)] }] }),
    agent: [
      { type: participant('author'), who },
      {
        type: participant('assembler'),
        who: { display: 'Switchboard' },
        ...(as && { onBehalfOf: { reference: as } }),
      },
    ],
    entity: [{ role: 'revision', what: { reference: versionLeft(task) } }],
  };
}

/**
 * The search that makes writing a Provenance repeatable (`If-None-Exist`): nobody leaves a version of a Task twice, so
 * there is one Provenance for it, even of two commands whose answers were lost. Two people may leave the same version: a
 * claim survives what somebody else writes meanwhile. What the service does by itself is known by its verb: two replicas
 * may do the same at once, and where the answer of one was lost, nobody can tell whose write it was.
 */
export function provenanceQuery(provenance: Provenance): string {
  const { target, agent } = provenance;
  const who = agent[0]?.who.reference;
  const own = encodeURIComponent(`${VERB_SYSTEM}|${codeOf(provenance, VERB_SYSTEM)}`);
  const whose = who === undefined ? `_tag=${own}` : `agent=${who}`;
  return `target=${target[0]?.reference}&entity=${versionLeftOf(provenance)}&${whose}`;
}

/** The version that the change left, e.g. `Task/1/_history/2`. */
export function versionLeftOf(provenance: Provenance): string | undefined {
  return provenance.entity?.[0]?.what.reference;
}

/** What a Provenance of ours says, for a card and for a history. */
export interface Deed {
  readonly verb: string;
  /** The id of the Task that it was done to. For the Task that took its place, it is how that one came. */
  readonly to: string;
  /** The Task that took its place, and what the pool or the person is called who has that one. */
  readonly successor?: { readonly id: string; readonly where: string | undefined };
  readonly who: Reference | undefined;
  /** UTC instant, ISO 8601. */
  readonly at: string;
  readonly reason: Pick<Reason, 'code' | 'display'> | undefined;
  /** The step of a pool's escalation ladder that it was, where it was one. */
  readonly step?: Step;
}

/** Which step of which pool's ladder; `index` counts from 0. */
export interface Step {
  readonly pool: string;
  readonly index: number;
  /** What it did, e.g. `mention`. */
  readonly kind: string;
}

/** Reads a Provenance back; undefined for one that Switchboard did not write. */
export function deedOf(provenance: Provenance): Deed | undefined {
  const verb = codeOf(provenance, VERB_SYSTEM);
  if (verb === undefined) return undefined;
  const step = readStep(codeOf(provenance, STEP_SYSTEM));
  const coding = provenance.reason?.[0]?.coding?.[0];
  const [to, successor] = provenance.target;
  const successorId = taskId(successor);
  return {
    verb,
    to: taskId(to) ?? '',
    ...(successorId && { successor: { id: successorId, where: successor?.display } }),
    who: provenance.agent[0]?.who,
    at: provenance.recorded,
    reason:
      coding?.code === undefined ? undefined : { code: coding.code, display: coding.display ?? coding.code },
    ...(step && { step }),
  };
}

function codeOf({ activity }: Provenance, system: string): string | undefined {
  return activity?.coding?.find((coding) => coding.system === system)?.code;
}

function readStep(code = ''): Step | undefined {
  const [, pool, index, kind] = /^([^/]+)\/(\d{1,3})\/([^/]+)$/.exec(code) ?? [];
  return pool && index && kind ? { pool, index: Number(index), kind } : undefined;
}

function successorTarget({ successor }: Accepted): Reference[] {
  if (successor === undefined) return [];
  const { owner, performerType } = successor;
  const where = owner?.display ?? performerType?.[0]?.coding?.[0]?.display;
  return [{ reference: SUCCESSOR_PLACEHOLDER, ...(where && { display: where }) }];
}

function taskId(reference: Reference | undefined): string | undefined {
  const [type, id] = reference?.reference?.split('/') ?? [];
  return type === 'Task' ? id : undefined;
}

function versionLeft(task: Task): string {
  return `Task/${task.id}/_history/${task.meta?.versionId}`;
}

function participant(code: 'author' | 'assembler') {
  return { coding: [{ system: PARTICIPANT_TYPE, code }] };
}
