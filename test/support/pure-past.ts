import type { Provenance, Task } from '@medplum/fhirtypes';
import { STEP_SYSTEM, VERB_SYSTEM } from '../../src/record/provenance.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { type Reason, reasonCoding } from '../../src/routing/reasons.ts';
import { refTo, TASK_ID, taskIn } from './pure-clinic.ts';

/*
 * The past of a Task, as a server keeps it: versions that are written one after the other, and Provenances beside them.
 */

interface Told {
  readonly reason?: Reason | undefined;
  /** The version that was left; `v1` where not said. */
  readonly left?: string;
  readonly task?: string;
  /** The step of an escalation ladder. */
  readonly step?: string;
  /** Id and name of the Task that took its place. */
  readonly successor?: readonly [id: string, where: string];
}

/** What we write beside a change; `by` is a person or the name of the service. */
export function provenance(verb: string, by: Member | string, at: string, told: Told = {}): Provenance {
  const { reason, left = 'v1', task = TASK_ID, step, successor } = told;
  return {
    resourceType: 'Provenance',
    target: [
      { reference: `Task/${task}` },
      ...(successor ? [{ reference: `Task/${successor[0]}`, display: successor[1] }] : []),
    ],
    recorded: at,
    activity: {
      coding: [{ system: VERB_SYSTEM, code: verb }, ...(step ? [{ system: STEP_SYSTEM, code: step }] : [])],
    },
    ...(reason && { reason: [{ coding: [reasonCoding(reason)] }] }),
    agent: [{ who: typeof by === 'string' ? { display: by } : refTo(by) }],
    entity: [{ role: 'revision', what: { reference: `Task/${task}/_history/${left}` } }],
  };
}

/** One more version: what it changes (what is undefined goes away), and when it was written. */
export type Step = { readonly [K in keyof Task]?: Task[K] | undefined } & { readonly at: string };

type Version = Task & { id: string };

/** The versions that a server has after these steps, newest first: `v1`, `v2` and so on. */
export function versionsOf(steps: readonly Step[], first: Version = taskIn()): Version[] {
  const versions: Version[] = [];
  for (const { at, ...changes } of steps) {
    const meta = { ...changes.meta, versionId: `v${versions.length + 1}`, lastUpdated: at };
    const stored: Version = JSON.parse(JSON.stringify({ ...(versions[0] ?? first), ...changes, meta }));
    versions.unshift(stored);
  }
  return versions;
}
