import type { PatchOperation } from '@medplum/core';
import type { Communication, Practitioner, Reference } from '@medplum/fhirtypes';

/** How the thread header's `recipient` follows the Task's owner. */
export type RecipientRule = 'follow' | 'replace';

/** Who owns the Task, and who did and must not stand in the header for that reason any more. */
export interface Ownership {
  readonly owner: Reference<Practitioner> | undefined;
  readonly former: readonly string[];
}

/**
 * The JSON Patch that makes a thread header's recipients follow the Task's owner, or undefined where they do.
 *
 * `follow`: former owners' entries go, the owner's comes, everybody else stays, because Medplum's data model lists
 * all participants there. `replace`: the literal form of the specification, the owner and nobody else.
 */
export function recipientPatch(
  header: Communication,
  ownership: Ownership,
  rule: RecipientRule,
): PatchOperation[] | undefined {
  const before = header.recipient ?? [];
  const after = recipientsAfter(before, ownership, rule);
  if (same(before, after)) return undefined;
  return [
    { op: 'test', path: '/meta/versionId', value: header.meta?.versionId },
    after.length > 0 ? { op: 'add', path: '/recipient', value: after } : { op: 'remove', path: '/recipient' },
  ];
}

type Recipients = NonNullable<Communication['recipient']>;

function recipientsAfter(before: Recipients, { owner, former }: Ownership, rule: RecipientRule): Recipients {
  if (rule === 'replace') return owner ? [owner as Recipients[number]] : [];
  const stays = before.filter(
    (one) => one.reference === owner?.reference || !former.includes(one.reference ?? ''),
  );
  const isThere = stays.some((one) => one.reference === owner?.reference);
  return owner && !isThere ? [...stays, owner as Recipients[number]] : stays;
}

function same(a: readonly Reference[], b: readonly Reference[]): boolean {
  return a.length === b.length && a.every((one, i) => one.reference === b[i]?.reference);
}
