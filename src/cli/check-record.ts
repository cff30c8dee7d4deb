import type { MedplumClient } from '@medplum/core';
import type { Config } from '../config.ts';
import { resourcesOf } from '../medplum/bundles.ts';
import { createPeopleStore } from '../medplum/people.ts';
import { attempt, fresh, onBehalfOf } from '../medplum/requests.ts';
import { reasonParts } from '../medplum/setup-parts.ts';
import { createRecordStore } from '../medplum/store.ts';
import { holds } from '../routing/orphans.ts';
import { RecordError } from '../runtime/ports/record.ts';
import { leadChecks } from './check-clock.ts';
import { eventFindings } from './check-events.ts';
import { partFindings } from './check-parts.ts';
import { type Check, type Finding, fine, note, wrong } from './findings.ts';

/** What the doctor looks at in the record, in the order in which a fault in one explains the next. */
export function recordChecks(config: Config, client: MedplumClient, now: () => number): Check[] {
  const { pools } = config;
  const store = createRecordStore(client, config.rules);
  const people = createPeopleStore(client);
  return [
    { about: 'what the client may read', run: () => rights(client) },
    { about: 'transactions', run: async () => [transactions(await store.keepsTransactions())] },
    { about: 'writing on people’s behalf', run: async () => [await behalf(config, client)] },
    { about: 'how changes are told', run: () => eventFindings(config, client) },
    { about: 'the reasons', run: () => reasons(config, client, (set) => store.expand(set)) },
    ...pools.map((pool) => ({
      about: `the people of “${pool.name}”`,
      run: async () => {
        const found = await people.byRole(pool.performerType);
        const holders = found.filter((member) => holds(member, pool, new Date(now()))).length;
        if (holders > 0)
          return [fine(`“${pool.name}”: ${count(holders, 'person', 'people')} may claim now.`)];
        return [
          wrong(
            `“${pool.name}”: nobody holds an active role of ${pool.performerType.system}|${pool.performerType.code}, so ` +
              'nobody can claim there. Give somebody a PractitionerRole with this code.',
          ),
        ];
      },
    })),
    ...leadChecks(config, people),
  ];
}

const READ = ['Task', 'Communication', 'Provenance', 'Practitioner', 'PractitionerRole'] as const;

async function rights(client: MedplumClient): Promise<Finding[]> {
  const refused: string[] = [];
  for (const type of READ) {
    const isAllowed = await allowed(() => client.search(type, '_count=1', fresh()));
    if (!isAllowed) refused.push(type);
  }
  if (refused.length === 0) return [fine(`The client may read ${READ.join(', ')}.`)];
  return [
    wrong(
      `The client may not search ${refused.join(', ')}. Give its membership an AccessPolicy that grants what ` +
        'manifests/fhir/AccessPolicy-switchboard.json lists.',
    ),
  ];
}

function transactions(areKept: boolean): Finding {
  return areKept
    ? fine('The server keeps transactions: a change and its reason are written together.')
    : fine(
        'The server runs transactions as batches: changes go through the journal, which is safe. The project feature ' +
          'transaction-bundles would make them one request.',
      );
}

async function behalf({ onBehalfOf: mode }: Config, client: MedplumClient): Promise<Finding> {
  if (mode === 'never') return fine('The service writes in its own name (onBehalfOf: never).');
  // With `prefer` the service writes where it cannot be done otherwise: no fault.
  const cannot = (why: string) =>
    mode === 'require'
      ? wrong(`${why} With onBehalfOf: require nobody can act.`)
      : note(`${why} The service writes in its own name, and the Provenance names the person.`);

  let members: string[] = [];
  const isReadable = await allowed(async () => {
    const found = await client.search('ProjectMembership', '_count=1000', fresh());
    members = resourcesOf(found)
      .filter((one) => one.resourceType === 'ProjectMembership')
      .flatMap(({ active, profile }) => (active === false ? [] : (profile.reference ?? [])))
      .filter((profile) => profile.startsWith('Practitioner/'));
  });
  if (!isReadable) {
    return cannot(
      'The client may not read ProjectMemberships: its own membership must be an administrator’s (admin: true).',
    );
  }
  const [one] = members;
  if (one === undefined) return cannot('No Practitioner has a membership of the project.');
  const isAllowed = await allowed(() =>
    client.search('Practitioner', `_id=${one.split('/')[1]}`, onBehalfOf(one)),
  );
  if (!isAllowed) {
    return cannot(
      'The client may not act on anybody’s behalf: its own membership must be an administrator’s (admin: true).',
    );
  }
  return fine('Changes are written on behalf of people who have a membership of the project.');
}

async function reasons(
  config: Config,
  client: MedplumClient,
  expand: (valueSet: string) => Promise<readonly unknown[]>,
): Promise<Finding[]> {
  const findings = await partFindings(client, reasonParts());
  if (findings.length === 0) findings.push(fine('The CodeSystems and ValueSets of Switchboard are loaded.'));
  for (const [kind, valueSet] of Object.entries(config.reasons)) {
    if (valueSet === undefined) continue;
    try {
      const { length } = await expand(valueSet);
      findings.push(
        length > 0
          ? fine(`${valueSet}: ${count(length, 'reason', 'reasons')}.`)
          : wrong(`${valueSet} (reasons.${kind}) has no codes; the built-in reasons are used instead.`),
      );
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      findings.push(
        wrong(
          `${valueSet} (reasons.${kind}) cannot be expanded (${error.kind}): is it in the project, and its CodeSystems ` +
            'too? The built-in reasons are used instead.',
        ),
      );
    }
  }
  return findings;
}

/** False where the server says that we may not. */
async function allowed(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt('looking what is allowed', work);
    return true;
  } catch (error) {
    if (error instanceof RecordError && error.kind === 'forbidden') return false;
    throw error;
  }
}

function count(many: number, one: string, more: string): string {
  return `${many} ${many === 1 ? one : more}`;
}
