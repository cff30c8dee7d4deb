import { readdirSync, readFileSync } from 'node:fs';
import { validateResource } from '@medplum/core';
import type { AccessPolicy, CodeSystem, Resource, ValueSet } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { FHIR_MANIFESTS } from '../manifests/fhir/resources.ts';
import { loadSchema } from '../sandbox/fhir/schema.ts';
import { COVER } from '../src/duties/coverage.ts';
import { RAISE } from '../src/duties/follow-up.ts';
import { VERB_SYSTEM } from '../src/record/provenance.ts';
import {
  COMPLETION_REASONS,
  ESCALATION_REASONS,
  NOT_ANSWERED_IN_TIME,
  NOT_CLAIMED_IN_TIME,
  REASONS,
  reasonCoding,
  SWITCHBOARD_REASON,
} from '../src/routing/reasons.ts';
import { VERBS } from '../src/verbs/index.ts';
import { readFolder } from './support/pure-sources.ts';

const FOLDER = new URL('../manifests/fhir/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function read<T extends Resource>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}

describe('What setup brings into a project', () => {
  it('can be read beforehand, file by file, as the code has it', () => {
    expect(FILES.sort()).toEqual(Object.keys(FHIR_MANIFESTS).sort());
    for (const [name, resource] of Object.entries(FHIR_MANIFESTS)) expect(read(name), name).toEqual(resource);
  });

  it.each(FILES)('is valid FHIR: %s', (name) => {
    loadSchema();

    expect(() => validateResource(read(name))).not.toThrow();
  });
});

describe('The CodeSystem of reasons', () => {
  it('has exactly the reasons that people are offered and those of Switchboard’s own, except the one that is the specification’s', () => {
    const { url, concept = [], count } = read<CodeSystem>('CodeSystem-reason.json');

    const lists = [...REASONS, ...COMPLETION_REASONS, ...ESCALATION_REASONS];
    const ours = [...lists, NOT_CLAIMED_IN_TIME, NOT_ANSWERED_IN_TIME].filter(
      ({ system }) => system === SWITCHBOARD_REASON,
    );
    expect(url).toBe(SWITCHBOARD_REASON);
    expect(new Set(concept.map(({ code, display }) => `${code} ${display}`))).toEqual(
      new Set(ours.map(({ code, display }) => `${code} ${display}`)),
    );
    expect(new Set(concept.map(({ code }) => code)).size).toBe(concept.length);
    expect(count).toBe(concept.length);
    expect(concept.map(({ code }) => code)).not.toContain('specialty-referral');
  });
});

describe('The CodeSystem of verbs', () => {
  it('has every verb, and all that is done without anybody, as the record names it', () => {
    const { url, concept = [] } = read<CodeSystem>('CodeSystem-verb.json');

    expect(url).toBe(VERB_SYSTEM);
    for (const { name, label } of VERBS)
      expect(concept).toContainEqual(expect.objectContaining({ code: name, display: label }));
    expect(concept.map(({ code }) => code)).toEqual([...VERBS.map(({ name }) => name), COVER, RAISE]);
  });
});

describe('The ValueSets of reasons', () => {
  it.each([
    ['ValueSet-reroute-reason.json', REASONS],
    ['ValueSet-completion-reason.json', COMPLETION_REASONS],
    ['ValueSet-escalation-reason.json', ESCALATION_REASONS],
  ])('list what people are offered, in the same order, defined and expanded: %s', (name, reasons) => {
    const { compose, expansion } = read<ValueSet>(name);

    const defined = compose?.include.flatMap(({ system, concept = [] }) =>
      concept.map(({ code, display }) => ({ system, code, display })),
    );
    const offered = reasons.map(reasonCoding);
    expect(expansion?.contains).toEqual(offered);
    expect(expansion?.total).toBe(offered.length);
    expect(defined).toHaveLength(offered.length);
    expect(defined).toEqual(expect.arrayContaining(offered));
  });

  it('have the specification’s specialty-referral, of the system that it names, for rerouting', () => {
    const { expansion } = read<ValueSet>('ValueSet-reroute-reason.json');

    expect(expansion?.contains).toContainEqual({
      system: 'https://medplum.com/CodeSystem/reroute-reason',
      code: 'specialty-referral',
      display: 'Specialty referral',
    });
  });
});

describe('The AccessPolicy', () => {
  const policy = read<AccessPolicy>('AccessPolicy-switchboard.json');
  const granted = (type: string) =>
    policy.resource?.find(({ resourceType }) => resourceType === type)?.interaction;

  it('grants nothing on everything, and deleting only of Subscriptions', () => {
    expect(policy.resource?.map(({ resourceType }) => resourceType)).not.toContain('*');
    expect(
      policy.resource
        ?.filter(({ interaction }) => interaction?.includes('delete'))
        .map((one) => one.resourceType),
    ).toEqual(['Subscription']);
  });

  it('keeps what patients and staff wrote from being changed', () => {
    const communication = policy.resource?.find(({ resourceType }) => resourceType === 'Communication');

    expect(communication?.readonlyFields).toEqual(['payload', 'sender', 'subject']);
    expect(communication?.interaction).not.toContain('create');
  });

  it.each([
    ['search', /client\.search(?:Resources)?\(\s*'(\w+)'/g],
    ['history', /client\.readHistory\(\s*'(\w+)'/g],
    ['read', /client\.readResource\(\s*'(\w+)'/g],
    ['read', /client\.fhirUrl\('(?!Appointment)(\w+)', [^)]*'\$/g],
    ['create', /client\.post\(client\.fhirUrl\('(\w+)'\)/g],
  ])('lets the service %s every type of which it does that: %s', (interaction, pattern) => {
    const types = new Set(
      readFolder('src/medplum').flatMap(({ code }) =>
        [...code.matchAll(pattern)].map(([, type]) => type ?? ''),
      ),
    );
    // Memberships are an administrator's, whatever a policy says.
    types.delete('ProjectMembership');

    expect(types.size).toBeGreaterThan(0);
    for (const type of types) expect(granted(type), type).toContain(interaction);
  });
});
