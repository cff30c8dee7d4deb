import { type Dict, isDict } from '../data/teams.ts';

/**
 * The Task that a card is about: the one that all its actions name, or, in a card without such actions, the one that
 * its links lead to. A listing of several Tasks is about none of them, and so is a card of rows, also of a single one.
 */
export function taskOfCard(card: Dict): string | undefined {
  if (hasRows(card)) return undefined;
  const named = new Set(tasksNamedIn(card));
  if (named.size > 0) return only(named);
  return only(new Set([...JSON.stringify(card).matchAll(/\/Task\/([\w-]+)/g)].map(([, id]) => id ?? '')));
}

/** The Task that an action's data name. */
export function taskOfData(data: unknown): string | undefined {
  return isDict(data) && typeof data.task === 'string' ? data.task : undefined;
}

function tasksNamedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(tasksNamedIn);
  if (!isDict(value)) return [];
  const own = taskOfData(value.data);
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(tasksNamedIn)];
}

/** Whether what goes with the presses says that they stand among rows. */
function hasRows(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasRows);
  if (!isDict(value)) return false;
  return (isDict(value.data) && value.data.among !== undefined) || Object.values(value).some(hasRows);
}

const only = (ids: ReadonlySet<string>): string | undefined => (ids.size === 1 ? [...ids][0] : undefined);
