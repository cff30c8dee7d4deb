import type { MedplumClient } from '@medplum/core';
import { plan } from '../medplum/setup.ts';
import type { Part } from '../medplum/setup-parts.ts';
import { type Finding, note, wrong } from './findings.ts';

/** What is wrong with the parts; nothing where each is as it should be. */
export async function partFindings(client: MedplumClient, parts: readonly Part[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const part of parts) {
    const step = await plan(client, part);
    const what = `The ${part.resource.resourceType} ${part.name}`;
    if (step.kind === 'create') findings.push(wrong(`${what} is missing. Run: switchboard setup`));
    if (step.kind === 'update') findings.push(wrong(`${what} ${step.why}. Run: switchboard setup`));
    if (step.kind === 'left alone') findings.push(note(`${what}: ${step.why}.`));
    findings.push(...step.remarks.map((remark) => note(`${what}: ${remark}.`)));
  }
  return findings;
}
