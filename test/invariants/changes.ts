import type { Provenance, Task } from '@medplum/fhirtypes';
import type { Sandbox } from '../../sandbox/server.ts';
import { type Deed, deedOf, versionLeftOf } from '../../src/record/provenance.ts';
import { SNOOZE_URL } from '../../src/record/snooze.ts';
import type { Past } from './record.ts';

/** Somebody pressed something, and what they were told. */
export interface Pressed {
  /** The clinic's id of the person. */
  readonly by: string;
  readonly verb: string;
  /** Undefined where nobody knows which Task it was. */
  readonly task: string | undefined;
  /** `unknown`: no answer came, or one that says that nobody knows. */
  readonly answer: 'done' | 'no' | 'unknown';
}

/**
 * I3: whatever Switchboard wrote to a Task has one Provenance, whatever a Provenance tells was written; and what people
 * were told is what the record says.
 */
export function checkChanges(
  { fhir, practitionerOf }: Pick<Sandbox, 'fhir' | 'practitionerOf'>,
  pasts: readonly Past[],
  pressed: readonly Pressed[],
): string[] {
  const us = `ClientApplication/${fhir.clientId}`;
  const told = pressed.map((one) => ({ ...one, by: `Practitioner/${practitionerOf(one.by)}` }));
  return [...pasts.flatMap((past) => unexplained(past, us)), ...untrueAnswers(pasts, told)];
}

/** What no Provenance tells, and Provenances that tell of nothing. */
function unexplained({ task, versions, provenances }: Past, us: string): string[] {
  const left = new Set<Provenance>(provenances);
  const take = (fitting: (one: Provenance) => boolean): boolean => {
    const found = [...left].find(fitting);
    return found !== undefined && left.delete(found);
  };
  const ours = versions.flatMap((after, i) => {
    const before = versions[i - 1];
    return before && authorOf(after) === us ? [{ before, after, i }] : [];
  });
  const open = ours.filter(
    ({ before, after }) => !take((one) => leftIn(one) === before.meta?.versionId && fits(one, before, after)),
  );
  // A claim goes through although somebody has written something else since it was decided.
  const silent = open.filter(({ before, after, i }) => {
    const earlier = versions.slice(0, i).map(({ meta }) => meta?.versionId);
    return !take(
      (one) => deedOf(one)?.verb === 'claim' && earlier.includes(leftIn(one)) && fits(one, before, after),
    );
  });
  return [
    ...silent.map(
      ({ i }) =>
        `I3: change ${i} of Task/${task.id} was written by Switchboard, and no Provenance tells why.`,
    ),
    ...[...left].map((one) => {
      const deed = deedOf(one);
      return `I3: a Provenance tells that ${nameOf(deed)} did “${deed?.verb}” to Task/${task.id}, and no change shows it.`;
    }),
  ];
}

function authorOf({ meta }: Task): string | undefined {
  return meta?.author?.reference;
}

function leftIn(one: Provenance): string | undefined {
  return versionLeftOf(one)?.split('/').at(-1);
}

/** Whether this change of the Task is what the Provenance tells of. */
function fits(provenance: Provenance, before: Task, after: Task): boolean {
  const deed = deedOf(provenance);
  const who = deed?.who?.reference;
  switch (deed?.verb) {
    case 'claim':
      return before.owner === undefined && after.owner?.reference === who;
    case 'accept':
      return before.status !== after.status && after.status === 'accepted' && after.owner?.reference === who;
    case 'release':
      return before.owner !== undefined && after.owner === undefined;
    case 'reroute':
      return (
        before.owner?.reference !== after.owner?.reference ||
        after.status === 'cancelled' ||
        JSON.stringify(before.performerType) !== JSON.stringify(after.performerType)
      );
    case 'complete':
      return before.status !== 'completed' && after.status === 'completed';
    case 'escalate':
      return after.businessStatus?.text === 'escalated';
    case 'note':
      return (after.note?.length ?? 0) > (before.note?.length ?? 0);
    case 'snooze':
    case 'keep':
      return after.extension?.some(({ url }) => url === SNOOZE_URL) ?? false;
    default:
      return deed !== undefined;
  }
}

/** Where people were told something else than what the record says. */
function untrueAnswers(pasts: readonly Past[], pressed: readonly Pressed[]): string[] {
  const recorded = new Map<string, number>();
  for (const { task, provenances } of pasts) {
    for (const deed of provenances.map(deedOf)) {
      if (deed?.who?.reference?.startsWith('Practitioner/') !== true) continue;
      const key = keyOf(deed.who.reference, deed.verb, task.id);
      recorded.set(key, (recorded.get(key) ?? 0) + 1);
    }
  }
  const there = new Set(pasts.map(({ task }) => task.id));
  // What happened to a Task that is gone nobody can look up.
  const known = pressed.filter(({ task }) => task === undefined || there.has(task));
  const byKey = Map.groupBy(known, ({ by, verb, task }) => keyOf(by, verb, task ?? ANY));
  return [...new Set([...recorded.keys(), ...byKey.keys()])].flatMap((key) => {
    const [by = '', verb = '', task = ''] = key.split(' ');
    if (task === ANY) return [];
    const done = byKey.get(key)?.filter(({ answer }) => answer === 'done').length ?? 0;
    const unknown =
      (byKey.get(key)?.filter(({ answer }) => answer === 'unknown').length ?? 0) +
      (byKey.get(keyOf(by, verb, ANY))?.length ?? 0);
    const times = recorded.get(key) ?? 0;
    if (times >= done && times <= done + unknown) return [];
    const doubt = unknown > 0 ? `, and ${unknown} times nobody knew` : '';
    return [
      `I3: “${verb}” of Task/${task} by ${by} was answered “done” ${done} times${doubt}; the record has it ${times} times.`,
    ];
  });
}

const ANY = '*';

function keyOf(by: string, verb: string, task: string): string {
  return `${by} ${verb} ${task}`;
}

function nameOf(deed: Deed | undefined): string {
  return deed?.who?.reference ?? deed?.who?.display ?? 'nobody';
}
