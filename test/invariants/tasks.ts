import type { Communication, Task } from '@medplum/fhirtypes';
import { INTAKE } from '../../src/duties/intake.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { type RecipientRule, recipientPatch } from '../../src/record/recipients.ts';
import { SUCCESSOR_SYSTEM } from '../../src/record/successor.ts';
import { CLOSED } from '../../src/routing/task.ts';
import type { Past, Whole } from './record.ts';

/** I4: the recipients of a thread follow the owner of its open Task. */
export function checkRecipients({ pasts, headers }: Whole, rule: RecipientRule): string[] {
  const open = pasts.filter(({ task }) => !CLOSED.includes(task.status));
  const byThread = Map.groupBy(open, ({ task }) => task.focus?.reference);
  return [...byThread].flatMap(([focus, same]) => {
    const header = headers.get(focus?.split('/')[1] ?? '');
    if (header === undefined) return [];
    const owners = same.map(({ task }) => task.owner?.reference).filter((one) => one !== undefined);
    // Two Tasks on one thread share its recipients: each owner stands there, and nobody's are alone.
    const kind = same.length > 1 ? 'follow' : rule;
    return same.flatMap((past) => strayIn(past, header, owners, kind));
  });
}

function strayIn(
  { task, versions }: Past,
  header: Communication,
  owners: readonly string[],
  rule: RecipientRule,
): string[] {
  const held = versions.map((version) => version.owner?.reference).filter((one) => one !== undefined);
  const former = held.filter((one) => !owners.includes(one));
  const owner = task.owner?.reference?.startsWith('Practitioner/')
    ? { reference: task.owner.reference }
    : undefined;
  if (recipientPatch(header, { owner, former }, rule) === undefined) return [];
  const there = header.recipient?.map(({ reference }) => reference).join(', ') ?? 'nobody';
  return [
    `I4: Task/${task.id} is ${owner?.reference ?? 'nobody'}’s, and the recipients of its thread are ${there}.`,
  ];
}

/** Nothing that Switchboard does by itself was done twice: no Task made, no step of a ladder taken. */
export function checkDoubles({ pasts }: Whole): string[] {
  return [...doubledTasks(pasts.map(({ task }) => task)), ...pasts.flatMap(doubledSteps)];
}

function doubledTasks(tasks: readonly Task[]): string[] {
  const made = tasks.flatMap(({ identifier = [] }) =>
    identifier.filter(({ system }) => system === INTAKE || system === SUCCESSOR_SYSTEM),
  );
  const byIdentifier = Map.groupBy(made, ({ system, value }) => `${system}|${value}`);
  const open = tasks.filter(({ status, focus }) => focus && !CLOSED.includes(status));
  const byThread = Map.groupBy(open, ({ focus }) => focus?.reference);
  return [
    ...[...byIdentifier]
      .filter(([, same]) => same.length > 1)
      .map(([identifier, same]) => `I5: ${same.length} Tasks were made for ${identifier}.`),
    ...[...byThread]
      .filter(([, same]) => same.length > 1 && same.some(isOurs))
      .map(([focus, same]) => `I5: ${focus} has ${same.length} open Tasks.`),
  ];
}

function isOurs({ identifier = [] }: Task): boolean {
  return identifier.some(({ system }) => system === INTAKE);
}

function doubledSteps({ task, provenances }: Past): string[] {
  const deeds = provenances
    .toSorted((a, b) => a.recorded.localeCompare(b.recorded))
    .map(deedOf)
    .filter((deed) => deed !== undefined);
  const taken = new Set<string>();
  return deeds.flatMap(({ verb, step }) => {
    // Whoever takes the Task ends the ladder; it begins anew where they give it back.
    if (verb === 'claim' || verb === 'accept') taken.clear();
    if (step === undefined) return [];
    const name = `${step.pool}/${step.index}/${step.kind}`;
    if (!taken.has(name)) {
      taken.add(name);
      return [];
    }
    return [`I5: the step ${name} of the ladder was taken twice for Task/${task.id}.`];
  });
}
