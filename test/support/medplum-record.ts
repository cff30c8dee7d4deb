import { randomUUID } from 'node:crypto';
import { MedplumClient, type PatchOperation, type WithId } from '@medplum/core';
import type { Patient, Practitioner, Resource } from '@medplum/fhirtypes';
import {
  type ClinicPatient,
  type ClinicPerson,
  type ClinicPool,
  PATIENTS,
  PEOPLE,
  POOLS,
  WORKSPACE,
} from '../../sandbox/clinic.ts';
import type { PatientWords, StaffWords } from '../../sandbox/messages.ts';
import { SANDBOX_APP } from '../../sandbox/teams/index.ts';
import { aadObjectIdOf } from '../../sandbox/teams/people.ts';
import {
  messageIn,
  openHeader,
  patientReference,
  threadHeader,
  threadMessage,
  threadTask,
} from '../../sandbox/thread.ts';
import { type ClinicRecord, newestFirst } from './record.ts';

const SNOMED = 'http://snomed.info/sct';
const SANDBOX_CATEGORY = 'urn:switchboard:sandbox:category';

/** Where the server is; set by `npm run test:medplum` alone, so that no other test run ever writes to it. */
export function medplumSettings(): { baseUrl: string; clientId: string; clientSecret: string } | undefined {
  if (process.env.TEST_RECORD !== 'medplum') return undefined;
  const { MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID, MEDPLUM_CLIENT_SECRET } = process.env;
  if (!MEDPLUM_BASE_URL || !MEDPLUM_CLIENT_ID || !MEDPLUM_CLIENT_SECRET)
    throw new Error(
      'npm run test:medplum needs MEDPLUM_BASE_URL, MEDPLUM_CLIENT_ID and MEDPLUM_CLIENT_SECRET.',
    );
  return {
    baseUrl: `${MEDPLUM_BASE_URL.replace(/\/+$/, '')}/`,
    clientId: MEDPLUM_CLIENT_ID,
    clientSecret: MEDPLUM_CLIENT_SECRET,
  };
}

/**
 * A clinic of its own inside any project: its pools have codes that nobody else uses, its people carry identifiers of
 * a system of its own, and all that it made is taken away at the end.
 */
export async function medplumRecord(
  settings: NonNullable<ReturnType<typeof medplumSettings>>,
): Promise<ClinicRecord> {
  const run = `urn:switchboard:test:${randomUUID()}`;
  // A clinic that is larger than its tests need would only use up the project's quota.
  const client = new MedplumClient({ ...settings, cacheTime: 0 });
  await client.startClientLogin(settings.clientId, settings.clientSecret);
  const made: string[] = [];
  let turn = 0;

  async function create<T extends Resource>(resource: T): Promise<WithId<T>> {
    const stored = await client.createResource(resource);
    made.push(`${stored.resourceType}/${stored.id}`);
    return stored;
  }

  const search: ClinicRecord['search'] = async (type, query) => {
    const found = await client.search(type, query, { cache: 'no-store' });
    return (found.entry ?? []).flatMap(({ resource }) =>
      resource?.resourceType === type ? [resource as never] : [],
    );
  };

  const staff = new Map<string, string>();
  for (const person of PEOPLE.filter(({ obstacle }) => obstacle !== 'not-linked')) {
    const practitioner = await create(toPractitioner(person, run));
    staff.set(person.slackId, `Practitioner/${practitioner.id}`);
    for (const pool of POOLS.filter(({ id }) => person.pools.includes(id))) {
      await create({
        resourceType: 'PractitionerRole',
        active: true,
        practitioner: { reference: `Practitioner/${practitioner.id}` },
        code: [{ coding: [{ system: run, code: pool.code, display: pool.name }] }],
        ...(person.obstacle === 'ended-role' && { period: { start: '2001-01-01', end: '2002-01-01' } }),
      });
    }
  }
  const patients: (ClinicPatient & { id: string })[] = [];
  for (const patient of PATIENTS) patients.push({ ...patient, id: (await create(toPatient(patient))).id });

  const partsOf = ({ pool: poolName, patient, text, priority }: PatientWords) => {
    const pool = POOLS.find(({ id, name }) => id === (poolName ?? 'registered-nurse') || name === poolName);
    const who = patients.find(({ key }) => key === patient) ?? patients[turn++ % patients.length];
    if (!pool || !who) throw new Error(`There is no pool ${poolName} or no patient ${patient}.`);
    const sent = new Date().toISOString();
    const parts = {
      patient: who,
      text: text ?? 'Could somebody call me back, please?',
      priority: priority ?? 'routine',
    };
    return { ...parts, pool: ours(pool), sent } as const;
  };
  const ours = (pool: ClinicPool): ClinicPool => ({ ...pool, system: run });
  const header = (thread: string) => client.readResource('Communication', thread, { cache: 'no-store' });

  return {
    env: {
      MEDPLUM_BASE_URL: settings.baseUrl,
      MEDPLUM_CLIENT_ID: settings.clientId,
      MEDPLUM_CLIENT_SECRET: settings.clientSecret,
      // It cannot reach this machine: everything is found by the sweep.
      MEDPLUM_WEBHOOK_SECRET: '',
    },

    configure: (yaml) =>
      yaml
        .replaceAll(`${SNOMED}|`, `${run}|`)
        .replaceAll(`${SANDBOX_CATEGORY}|`, `${run}|`)
        .replace(/^sweep:\n {2}seconds: .*$/m, 'sweep:\n  seconds: 1')
        .concat(
          'people:\n  identifierSystems:\n',
          `    "slack:${WORKSPACE.id}": ${run}:slack\n`,
          `    "teams:${SANDBOX_APP.tenantId}": ${run}:teams\n`,
        ),

    put: async (resource) => create(inRun(resource, run)),
    patch: async (type, id, patch) => {
      await client.patchResource(type, id, [...patch] as PatchOperation[]);
    },
    search,

    recorded: async (taskId) => {
      const task = await client.readResource('Task', taskId, { cache: 'no-store' });
      const focus = task.focus?.reference?.split('/')[1];
      const history = await client.readHistory('Task', taskId, { count: 1000 }, { cache: 'no-store' });
      return {
        task,
        thread: focus ? await header(focus) : undefined,
        provenances: newestFirst(await search('Provenance', `target=Task/${taskId}&_count=1000`)),
        versions: (history.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : [])),
      };
    },

    inbox: {
      write: async (message = {}) => {
        const parts = partsOf(message);
        const thread = await create(threadHeader(parts));
        const focus = `Communication/${thread.id}`;
        const first = await create(threadMessage(parts, focus));
        const task = await create(threadTask(parts, focus));
        return { task: task.id, thread: thread.id, message: first.id };
      },
      say: async (words: PatientWords = {}) => {
        const parts = partsOf(words);
        const thread = words.thread
          ? await header(words.thread)
          : await create(inRun(openHeader(parts), run));
        const sender = words.thread ? (thread.subject as never) : patientReference(parts.patient);
        const { text, sent } = parts;
        const message = await create(messageIn(thread, { text, sent, sender, priority: words.priority }));
        return { thread: thread.id, message: message.id };
      },
      answer: async ({ thread, by, text }: StaffWords) => {
        const reference = staff.get(by) ?? by;
        const words = { sender: { reference }, text, sent: new Date().toISOString() };
        const message = await create(messageIn(await header(thread), words));
        return { thread, message: message.id };
      },
    },

    practitioner: (slackId) => staff.get(slackId) ?? `Practitioner/nobody-${slackId}`,

    close: async () => {
      // What Switchboard made hangs on what we made: Tasks on our threads, Provenances on those Tasks.
      const threads = made.filter((one) => one.startsWith('Communication/'));
      const tasks = new Set(made.filter((one) => one.startsWith('Task/')));
      for (const thread of threads)
        for (const { id } of await search('Task', `focus=${thread}&_count=1000`)) tasks.add(`Task/${id}`);
      for (const task of tasks) {
        for (const { id } of await search('Provenance', `target=${task}&_count=1000`))
          await client.deleteResource('Provenance', id);
        await client.deleteResource('Task', task.split('/')[1] ?? '');
      }
      for (const reference of made.filter((one) => !tasks.has(one)).reverse()) {
        const [type, id] = reference.split('/') as [Resource['resourceType'], string];
        await client.deleteResource(type, id);
      }
    },
  };
}

/** Codes of the demo become the run's own, so that nothing is ever mixed up with what the project holds. */
function inRun<T extends Resource>(resource: T, run: string): T {
  const text = JSON.stringify(resource)
    .replaceAll(`"${SNOMED}"`, `"${run}"`)
    .replaceAll(`"${SANDBOX_CATEGORY}"`, `"${run}"`);
  return JSON.parse(text) as T;
}

function toPractitioner(
  { slackId, given, family, email, linkedBy, obstacle }: ClinicPerson,
  run: string,
): Practitioner {
  return {
    resourceType: 'Practitioner',
    active: obstacle !== 'inactive-practitioner',
    name: [{ given: [given], family }],
    // An address may stand on somebody of the project already: only who is known by it alone gets it.
    ...(linkedBy === 'email' && { telecom: [{ system: 'email', value: email }] }),
    ...(linkedBy === 'identifier' && {
      identifier: [
        { system: `${run}:slack`, value: slackId },
        { system: `${run}:teams`, value: aadObjectIdOf(slackId) },
      ],
    }),
  };
}

function toPatient({ given, family, birthDate, gender }: ClinicPatient): Patient {
  return { resourceType: 'Patient', name: [{ given: [given], family }], birthDate, gender };
}
