import type { Communication, Patient, Task } from '@medplum/fhirtypes';
import { stringify } from 'yaml';
import type { ClinicPatient, ClinicPool } from '../sandbox/clinic.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { messageIn, patientReference, threadHeader, threadTask } from '../sandbox/thread.ts';

const SYSTEM = 'urn:switchboard:bench:role';

/** So many pools, with a channel each: every other one in Teams. */
export function manyPools(count: number): ClinicPool[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `bench-${i + 1}`;
    const channel = { id: `C0BENCH${i + 1}`, name: id };
    return { id, name: `Pool ${i + 1}`, system: SYSTEM, code: id, channel };
  });
}

/** A configuration file for these pools. */
export function configurationOf(pools: readonly ClinicPool[]): string {
  return stringify({
    pools: pools.map(({ id, name, system, code, channel }, i) => ({
      id,
      name,
      performerType: `${system}|${code}`,
      channels: [i % 2 === 0 ? { slack: channel.id } : { teams: teamsChannelOf(channel) }],
    })),
    sweep: { seconds: 10 },
  });
}

function teamsChannelOf({ name }: ClinicPool['channel']): string {
  return `19:${name}@thread.tacv2`;
}

/** The patients of the record, in the form that messages are made of. */
export async function patientsOf({ fhir }: Sandbox): Promise<(ClinicPatient & { id: string })[]> {
  const found = await fhir.repository.searchResources<Patient>({ resourceType: 'Patient', count: 100 });
  return found.map(({ id, name, birthDate = '' }) => ({
    key: id,
    id,
    given: name?.[0]?.given?.[0] ?? '',
    family: name?.[0]?.family ?? '',
    birthDate,
    gender: 'unknown',
  }));
}

/** A patient has written to a pool; gives the Task that waits there. */
export async function writeTo(
  { fhir }: Sandbox,
  pool: ClinicPool,
  patient: ClinicPatient & { id: string },
  priority: NonNullable<Task['priority']>,
): Promise<Task & { id: string }> {
  const sent = new Date().toISOString();
  const parts = { patient, pool, text: 'Can I take it with breakfast?', priority, sent } as const;
  const repository = fhir.repositoryFor({ author: `Patient/${patient.id}` });
  const header = await repository.createResource<Communication>(threadHeader(parts));
  const words = { sender: patientReference(patient), text: parts.text, sent };
  await repository.createResource<Communication>(messageIn(header, words));
  return repository.createResource<Task>(threadTask(parts, `Communication/${header.id}`));
}

/** Somebody takes a Task without Switchboard. */
export async function claimElsewhere({ fhir }: Sandbox, taskId: string, owner: string): Promise<void> {
  await fhir.repository.patchResource('Task', taskId, [
    { op: 'add', path: '/owner', value: { reference: owner } },
    { op: 'replace', path: '/status', value: 'accepted' },
  ]);
}
