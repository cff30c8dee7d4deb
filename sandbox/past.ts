import type { Practitioner, Reference } from '@medplum/fhirtypes';
import type { ClinicPatient } from './clinic.ts';
import { PEOPLE, POOLS } from './clinic.ts';
import type { FhirServer } from './fhir/index.ts';
import { categoryFor, messageIn, patientReference, threadHeader, threadTask } from './thread.ts';

const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/** Answered messages of the last days: who wrote to which pool, who answered, and how fast. */
const STORIES = [
  { hoursAgo: 76, pool: 'registered-nurse', patient: 'homer', by: 'U0ANA', claimed: 12, answered: 31 },
  { hoursAgo: 52, pool: 'cardiology', patient: 'june', by: 'U0BEN', claimed: 25, answered: 140 },
  { hoursAgo: 29, pool: 'pharmacy', patient: 'rosa', by: 'U0MEI', claimed: 6, answered: 15 },
  { hoursAgo: 27, pool: 'registered-nurse', patient: 'tove', by: 'U0GRACE', claimed: 48, answered: 95 },
] as const;

const ASKED = 'Is it all right to take the tablets with breakfast?';
const ANSWERED = 'Yes, with food is best. Write again if anything changes.';

/** Who lives in the clinic, by the ids of the server. */
export interface Residents {
  readonly patients: readonly (ClinicPatient & { readonly id: string })[];
  practitionerOf(slackId: string): string | undefined;
}

/** Writes a few completed threads of the days before, so that the place looks lived in. Nothing of it is open. */
export async function writePast(
  fhir: FhirServer,
  { patients, practitionerOf }: Residents,
  now: Date,
): Promise<void> {
  for (const { hoursAgo, pool: poolId, patient: key, by, claimed, answered } of STORIES) {
    const pool = POOLS.find(({ id }) => id === poolId);
    const patient = patients.find((candidate) => candidate.key === key);
    const person = PEOPLE.find(({ slackId }) => slackId === by);
    if (!pool || !patient || !person) throw new Error(`clinic.ts lacks ${poolId}, ${key} or ${by}`);

    const start = now.getTime() - hoursAgo * HOUR_MS;
    const at = (minutes: number) => new Date(start + minutes * MINUTE_MS).toISOString();
    const then = (minutes: number, author: string) => fhir.repositoryFor({ now: () => at(minutes), author });
    const asPatient = then(0, `Patient/${patient.id}`);
    const asPerson = (minutes: number) => then(minutes, `Practitioner/${practitionerOf(by)}`);
    const parts = { patient, pool, text: ASKED, priority: 'routine', sent: at(0) } as const;
    const owner: Reference<Practitioner> = {
      reference: `Practitioner/${practitionerOf(by)}`,
      display: `${person.given} ${person.family}`,
    };

    const header = await asPatient.createResource(threadHeader(parts, categoryFor(pool)));
    const focus = `Communication/${header.id}`;
    const sender = patientReference(patient);
    await asPatient.createResource(messageIn(header, { sender, text: ASKED, sent: at(0) }));
    const task = await asPatient.createResource(threadTask(parts, focus));
    const accepted = await asPerson(claimed).updateResource({
      ...task,
      status: 'accepted',
      businessStatus: { text: 'claimed' },
      owner,
    });
    const reply = await asPerson(answered).createResource(
      messageIn(header, { sender: owner, recipient: sender, text: ANSWERED, sent: at(answered) }),
    );
    await asPerson(answered).updateResource({ ...header, status: 'completed', recipient: [owner] });
    await asPerson(answered).updateResource({
      ...accepted,
      status: 'completed',
      businessStatus: { text: 'answered' },
      executionPeriod: { start: at(claimed), end: at(answered) },
      output: [{ type: { text: 'Reply' }, valueReference: { reference: `Communication/${reply.id}` } }],
    });
  }
}
