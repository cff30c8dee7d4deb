import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/server.ts';
import { deedOf, versionLeftOf } from '../../src/record/provenance.ts';
import { readRecord } from '../invariants/record.ts';
import type { Attempt } from './people.ts';

/** What whoever looks for the cause of a violation wants to see of the Tasks in it, beside what the processes said. */
export async function writeEvidence(
  folder: string,
  sandbox: Sandbox,
  pressed: readonly Attempt[],
  violations: readonly string[],
): Promise<void> {
  const { pasts } = await readRecord(sandbox);
  const named = new Set(
    violations.flatMap((one) => [...one.matchAll(/Task\/([\w-]{36})/g)].map(([, id]) => id)),
  );
  const tasks = pasts
    .filter(({ task }) => named.has(task.id))
    .map(({ task, versions, provenances }) => ({
      task: task.id,
      versions: versions.map(({ meta, status, owner, performerType, businessStatus, note, priority }) => ({
        version: meta?.versionId,
        at: meta?.lastUpdated,
        author: meta?.author?.reference,
        onBehalfOf: meta?.onBehalfOf?.reference,
        status,
        owner: owner?.reference,
        pool: performerType?.[0]?.coding?.[0]?.display,
        businessStatus: businessStatus?.text,
        priority,
        notes: note?.length,
      })),
      provenances: provenances.map((one) => ({ ...deedOf(one), left: versionLeftOf(one) })),
      pressed: pressed.filter((one) => one.task === task.id || one.task === undefined),
    }));
  const everything = {
    violations,
    tasks,
    pressed: pressed.map((one) => ({ ...one, by: nameOf(sandbox, one.by) })),
  };
  await writeFile(join(folder, 'evidence.json'), JSON.stringify(everything, undefined, 1));
}

function nameOf({ practitionerOf }: Sandbox, by: string): string {
  return `${by} Practitioner/${practitionerOf(by)}`;
}
