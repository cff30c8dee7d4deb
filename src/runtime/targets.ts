import { cut } from '../cards/cut.ts';
import { nearest } from '../queries/nearest.ts';
import { nearPools } from '../queries/tasks.ts';
import { nameOf, roleNames } from '../routing/eligibility.ts';
import { findPool, fold, joinWords, type Pool, searchPools } from '../routing/pools.ts';
import { shorten } from '../slash.ts';
import { type Refused, refuse, type Target } from '../verbs/verb.ts';
import type { People } from './people.ts';
import type { ChatUser } from './ports/chat.ts';
import type { Choice } from './ports/desk.ts';

/** What is not just words: `pool:cardiology`, `person:<Practitioner id>`, `user:<chat user id>` for a mention. */
const CHOSEN = /^(pool|person|user):(.+)$/;

/**
 * Understands where a Task should go: a choice of a dialog, a mention of a chat user, the name of a pool, or the name
 * of a person when exactly one active person has it. Anything else is refused with what would be understood.
 */
export async function findTarget(
  words: string,
  by: ChatUser,
  pools: readonly Pool[],
  people: People,
): Promise<Target | Refused> {
  const [, kind, id] = CHOSEN.exec(words.trim()) ?? [];
  if (kind === 'person' && id) {
    const member = await people.member(id);
    return member ? { kind: 'person', member } : refuse('This person is no longer in the record.', 'target');
  }
  const pool = findPool(kind === 'pool' && id ? id : words, pools);
  if (pool) return { kind: 'pool', pool };
  if (kind === 'pool') return refuse(unknown(words, pools), 'target');
  if (kind === 'user' && id) {
    const identity = await people.identify({ ...by, id });
    if (identity.kind === 'member') return { kind: 'person', member: identity.member };
    return refuse('The person you mention is not linked to a Practitioner in the record.', 'target');
  }
  return byName(words, pools, people);
}

async function byName(words: string, pools: readonly Pool[], people: People): Promise<Target | Refused> {
  const typed = words.replace(/^@/, '');
  const found = await people.search(typed);
  const exact = found.filter((member) => fold(nameOf(member.practitioner)) === fold(typed));
  const candidates = exact.length > 0 ? exact : found;
  const [only] = candidates;
  if (only && candidates.length === 1) return { kind: 'person', member: only };
  if (candidates.length === 0)
    return refuse(unknown(words, pools, await nearTargets(typed, pools, people)), 'target');
  const names = candidates
    .slice(0, 5)
    .map((member) => nameOf(member.practitioner))
    .join(', ');
  return refuse(`“${shorten(words)}” fits several people: ${names}. Write the whole name.`, 'target');
}

/** So many words of a name are looked for by themselves: a slip is in one of them. */
const NAME_WORDS = 3;

/** The pools and people that somebody may have meant. */
async function nearTargets(typed: string, pools: readonly Pool[], people: People): Promise<string[]> {
  const near = nearPools(typed, pools);
  if (near.length > 0) return near;
  const parts = typed.split(/\s+/).filter((part) => part.length > 2);
  if (parts.length === 0 || parts.length > NAME_WORDS) return [];
  const found = await Promise.all(parts.map((part) => people.search(part)));
  return nearest(
    typed,
    found.flat().map(({ practitioner }) => nameOf(practitioner)),
  );
}

function unknown(words: string, pools: readonly Pool[], near: readonly string[] = []): string {
  const meant = near.length > 0 && near.length < 4 ? ` Did you mean ${joinWords(near)}?` : '';
  const known = pools.map((pool) => pool.id).join(', ');
  return cut(`There is no pool or person “${shorten(words)}”.${meant} The pools are ${known}.`, LONGEST);
}

/** A clinic may have many pools; a sentence is read to its end. */
const LONGEST = 300;

/** The most choices that are offered at a time. */
const CHOICES = 50;

/** Choices for a target as a person types: pools first, then people with their roles. */
export async function targetChoices(
  words: string,
  pools: readonly Pool[],
  people: People,
  now: Date,
): Promise<Choice[]> {
  const poolChoices = searchPools(words, pools).map(poolChoice);
  const members = await people.search(words.trim());
  const personChoices = members
    .filter((member) => roleNames(member, now).length > 0)
    .map((member): Choice => {
      const label = `${nameOf(member.practitioner)} (${roleNames(member, now).join(', ')})`;
      return { value: `person:${member.practitioner.id}`, label, group: 'People' };
    })
    .sort((a, b) => a.label.localeCompare(b.label));
  return [...poolChoices, ...personChoices].slice(0, CHOICES);
}

/** A pool as a choice. */
export function poolChoice(pool: Pool): Choice {
  return { value: `pool:${pool.id}`, label: pool.name, group: 'Pools' };
}
