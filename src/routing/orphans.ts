import type { Task } from '@medplum/fhirtypes';
import { isActive, type Member, roleCodings } from './eligibility.ts';
import { joinWords, type Pool, performerTypeName, poolsOf } from './pools.ts';
import { ownerName, sameCoding, standingOf, type TaskRules } from './task.ts';

/** Why nobody can take a Task up, or go on with it; `name` is the pool's, or the owner's. */
export interface Stuck {
  readonly kind: 'unstaffed' | 'no-channel' | 'no-pool' | 'owner-inactive' | 'owner-gone';
  readonly name: string;
}

/** On whom a Task depends: on whoever may claim it, or on the Practitioner who owns it. */
export type Dependence =
  | { readonly kind: 'pools'; readonly pools: readonly Pool[] }
  | { readonly kind: 'owner'; readonly practitionerId: string };

/** What is known of those on whom a Task depends. */
export interface Known {
  /** Whether somebody holds an active role of the pool now. */
  staffed(pool: Pool): boolean;
  readonly owner: 'active' | 'inactive' | 'gone';
}

/**
 * On whom the Task depends; undefined where it is none of our concern: closed, no work, on hold, somebody else's kind
 * of owner, or in no pool of ours and not about a message.
 */
export function dependenceOf(task: Task, pools: readonly Pool[], rules: TaskRules): Dependence | undefined {
  const own = poolsOf(task, pools);
  const isOurs = own.length > 0 || (task.focus?.reference?.startsWith('Communication/') ?? false);
  const standing = standingOf(task, rules);
  if (!isOurs || standing === 'ignored' || standing === 'closed') return undefined;
  if (standing === 'unclaimed') return task.performerType?.length ? { kind: 'pools', pools: own } : undefined;
  // What nobody owns and nobody may claim (a draft, something on hold) waits on purpose.
  const [type, practitionerId] = task.owner?.reference?.split('/') ?? [];
  return type === 'Practitioner' && practitionerId ? { kind: 'owner', practitionerId } : undefined;
}

/** Why the Task is stuck, every reason there is; none for a Task that somebody can go on with. */
export function stuckBecause(
  task: Task,
  dependence: Dependence,
  pools: readonly Pool[],
  known: Known,
): Stuck[] {
  if (dependence.kind === 'owner') {
    const name = ownerName(task);
    if (known.owner === 'active') return [];
    return [{ kind: known.owner === 'gone' ? 'owner-gone' : 'owner-inactive', name }];
  }
  const own = dependence.pools;
  if (own.length === 0) return [{ kind: 'no-pool', name: performerTypeName(task, pools) ?? 'a role' }];
  const name = joinWords(own.map((pool) => pool.name)) ?? '';
  return [
    ...(own.some((pool) => known.staffed(pool)) ? [] : [{ kind: 'unstaffed', name } as const]),
    ...(own.some(({ channels }) => channels.length > 0) ? [] : [{ kind: 'no-channel', name } as const]),
  ];
}

/** Whether the person may claim what waits in the pool now. */
export function holds(member: Member, { performerType }: Pool, now: Date): boolean {
  return (
    isActive(member.practitioner) && roleCodings(member, now).some((held) => sameCoding(held, performerType))
  );
}

/** Why, to go on after "It is stuck: ". */
export function whyStuck({ kind, name }: Stuck): string {
  switch (kind) {
    case 'unstaffed':
      return `nobody holds an active role for “${name}”`;
    case 'no-channel':
      return `“${name}” has no channel here`;
    case 'no-pool':
      return `no pool is configured for “${name}”`;
    case 'owner-inactive':
      return `its owner, ${name}, is not active in the record any more`;
    case 'owner-gone':
      return `its owner, ${name}, is no longer in the record`;
    default:
      return kind satisfies never;
  }
}

/** What whoever looks after the installation can do about it, beside rerouting the Task. */
export function remedyOf({ kind, name }: Stuck): string | undefined {
  switch (kind) {
    case 'unstaffed':
      return `give somebody the role “${name}” in the record`;
    case 'no-channel':
      return `give “${name}” a channel in switchboard.yaml`;
    case 'no-pool':
      return 'add the pool to switchboard.yaml';
    case 'owner-inactive':
    case 'owner-gone':
      return undefined;
    default:
      return kind satisfies never;
  }
}
