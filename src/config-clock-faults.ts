import type { LadderStep } from './clock/pool-clock.ts';
import { merged, type PoolSettings, type Settings } from './config-clock.ts';

/** A fault that is seen only where settings meet, and where it stands in the file. */
export interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type FilePool = PoolSettings & { readonly id: string; readonly rerouteTo?: readonly string[] | undefined };
type File = Settings & { readonly pools: readonly FilePool[] };

/** A setting where it is written, and the pools in which it holds. */
interface Written<T> {
  readonly value: T;
  readonly path: readonly (string | number)[];
  readonly pools: readonly FilePool[];
}

/** What of the clock does not fit together: its settings with one another, and with the pools that there are. */
export function clockFaults(file: File): Fault[] {
  const ladders = everywhere(file, 'escalation', file.escalation, (pool) => pool.escalation).filter(
    ({ value }) => value.length > 0,
  );
  const reminders = everywhere(file, 'reminders', file.reminders, (pool) => pool.reminders).filter(
    ({ value }) => value !== false,
  );
  return [
    ...ladders
      .filter((one) => never(one, file, 'claimWithin'))
      .map(({ path }) => ({ path, message: 'never begins: no claimWithin is set' })),
    ...ladders.flatMap((one) => stepFaults(one, file)),
    ...reminders
      .filter((one) => never(one, file, 'answerWithin'))
      .map(({ path }) => ({ path, message: 'are never sent: no answerWithin is set' })),
  ];
}

/** The clinic’s, for the pools that have none of their own, and each pool’s own. */
function everywhere<T>(
  { pools }: File,
  name: keyof Settings,
  clinics: T,
  own: (pool: FilePool) => T | undefined,
): Written<T>[] {
  const written = pools.flatMap((pool, i): Written<T>[] => {
    const value = own(pool);
    return value === undefined ? [] : [{ value, path: ['pools', i, name], pools: [pool] }];
  });
  const others = pools.filter((pool) => own(pool) === undefined);
  return [{ value: clinics, path: [name], pools: others }, ...written];
}

/** Whether it holds somewhere, and nowhere has the target without which it never comes to it. */
function never({ pools }: Written<unknown>, file: File, target: keyof Settings['targets']): boolean {
  return pools.length > 0 && !pools.some((pool) => hasTarget(pool, file, target));
}

function hasTarget(pool: FilePool, file: File, target: keyof Settings['targets']): boolean {
  return Object.keys(merged(file, pool).targets[target]).length > 0;
}

function stepFaults({ value, path, pools }: Written<readonly LadderStep[]>, file: File): Fault[] {
  const climbed = pools.filter((pool) => hasTarget(pool, file, 'claimWithin'));
  return value.flatMap((step, i) => {
    switch (step.kind) {
      case 'lead':
        return climbed
          .filter((pool) => merged(file, pool).leads.length === 0)
          .map(({ id }) => ({ path: [...path, i, 'tell'], message: `tells nobody: ${id} has no leads` }));
      case 'reroute': {
        const at = [...path, i, 'rerouteTo'];
        if (!file.pools.some(({ id }) => id === step.pool))
          return [{ path: at, message: `names no pool: ${step.pool}` }];
        return climbed.flatMap((pool) => {
          // The clinic's ladder has no such step in the pool that it would lead to.
          if (pool.id === step.pool && pool.escalation === undefined) return [];
          const message = rerouteFault(pool, step.pool);
          return message === undefined ? [] : [{ path: at, message }];
        });
      }
      case 'mention':
        return [];
      default:
        return step satisfies never;
    }
  });
}

function rerouteFault({ id, rerouteTo }: FilePool, target: string): string | undefined {
  if (id === target) return `is the pool itself: ${id}`;
  if (rerouteTo && !rerouteTo.includes(target))
    return `is not among what ${id} may be rerouted to: ${target}`;
  return undefined;
}
