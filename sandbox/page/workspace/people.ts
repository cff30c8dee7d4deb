import type { Pool } from '../data/clinic.ts';
import type { Person } from '../data/slack.ts';

/** Why somebody cannot claim, in a few words. */
const OBSTACLES: Readonly<Record<string, string>> = {
  'not-linked': 'not linked to a Practitioner',
  'inactive-practitioner': 'no longer active',
  'ended-role': 'role has ended',
  'no-role': 'has no role',
};

/** "Registered nurse, Cardiologist"; with an obstacle, what it is. */
export function roleOf(person: Person, pools: readonly Pool[]): string {
  const names = person.pools.map((id) => pools.find((pool) => pool.id === id)?.name ?? id);
  return [...names, ...obstacleOf(person)].join(' · ');
}

/** Featured people first, otherwise in the order they were given. */
export function inOrder(people: readonly Person[]): readonly Person[] {
  return [...people.filter((person) => person.featured), ...people.filter((person) => !person.featured)];
}

/** Everyone whose name or role holds each of the words typed. */
export function matching(people: readonly Person[], pools: readonly Pool[], text: string): readonly Person[] {
  const words = text
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return people.filter((person) => {
    const line = `${person.name} ${roleOf(person, pools)}`.toLocaleLowerCase();
    return words.every((word) => line.includes(word));
  });
}

function obstacleOf({ obstacle }: Person): readonly string[] {
  return obstacle === undefined ? [] : [OBSTACLES[obstacle] ?? obstacle];
}
