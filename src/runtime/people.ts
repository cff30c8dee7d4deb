import type { Identifier, Practitioner } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import { isActive, type Member, roleCodings } from '../routing/eligibility.ts';
import type { Pool } from '../routing/pools.ts';
import { sameCoding } from '../routing/task.ts';
import type { ChatPlatform, ChatUser } from './ports/chat.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Found, PeopleStore } from './ports/record.ts';

/** Somebody known, or why not, in the words that they read. */
export type Identity =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'stranger'; readonly sentence: string };

export interface PeopleRules {
  /** `Practitioner.identifier` systems by `platform:tenant`, where they differ from ours. */
  readonly identifierSystems: Readonly<Record<string, string>>;
  /** Whether an equal e-mail address is enough to be somebody. */
  readonly linkByEmail: boolean;
}

/** Roles may change at any time; a minute is how long an old one may still count. */
const FRESH_MS = 60_000;
/** Somebody who has just been linked should not have to wait. */
const STRANGER_FRESH_MS = 5_000;
const CACHE_LIMIT = 5_000;

/** Chat user -> Practitioner and roles. */
export interface People {
  identify(user: ChatUser): Promise<Identity>;
  /** The Practitioner with roles, as fresh as anybody's. */
  member(practitionerId: string): Promise<Member | undefined>;
  /** Active people whose name matches, for a type-ahead. */
  search(words: string): Promise<readonly Member[]>;
  /** The active people whose role lets them claim in this pool now; at most a minute old. */
  holders(pool: Pool): Promise<readonly Member[]>;
  /** The chat users that a Practitioner is known as. */
  chatUsersOf(practitionerId: string): Promise<readonly ChatUser[]>;
}

export function createPeople(
  store: PeopleStore,
  ledger: Ledger,
  platforms: readonly ChatPlatform[],
  rules: PeopleRules,
  now: () => number,
  log?: Pick<Logger, 'warn'>,
): People {
  const cache = new Map<string, { until: number; identity: Promise<Identity> }>();
  const roles = new Map<string, { until: number; found: Promise<readonly Found[]> }>();

  async function identify(user: ChatUser): Promise<Identity> {
    const system = identifierSystem(user, rules);
    const byIdentifier = await store.byIdentifier(system, user.id);
    if (byIdentifier.length > 1) return stranger(tooMany('carry your chat identifier'));
    const [found] = byIdentifier;
    if (found) return known(user, found);
    return rules.linkByEmail ? byEmail(user) : stranger(notLinked(user, system));
  }

  async function byEmail(user: ChatUser): Promise<Identity> {
    const platform = platforms.find((one) => one.name === user.platform);
    const profile = await platform?.profile(user);
    if (profile?.outsider) {
      return stranger(
        'Guests and people of other organisations cannot act on Tasks here. Ask your administrator.',
      );
    }
    const system = identifierSystem(user, rules);
    if (!profile?.email) return stranger(notLinked(user, system));
    const active = (await store.byEmail(profile.email)).filter((one) => isActive(one.practitioner));
    if (active.length > 1) return stranger(tooMany('have your e-mail address'));
    const [found] = active;
    return found ? known(user, found) : stranger(notLinked(user, system));
  }

  async function known(user: ChatUser, member: Found): Promise<Identity> {
    try {
      await ledger.link(user, member.practitioner.id);
    } catch (error) {
      // It serves to write to them one day. Who somebody is stands in the record.
      log?.warn({ err: error, practitioner: member.practitioner.id }, 'who is who could not be remembered');
    }
    return { kind: 'member', member };
  }

  return {
    identify: async (user) => {
      const key = `${user.platform}:${user.tenant}:${user.id}`;
      const cached = cache.get(key);
      if (cached && cached.until > now()) return cached.identity;
      const identity = identify(user);
      remember(cache, key, { until: now() + FRESH_MS, identity });
      try {
        const answer = await identity;
        if (answer.kind === 'stranger') remember(cache, key, { until: now() + STRANGER_FRESH_MS, identity });
        return answer;
      } catch (error) {
        cache.delete(key);
        throw error;
      }
    },

    member: (practitionerId) => store.byId(practitionerId),

    search: async (words) => (await store.byName(words)).filter((one) => isActive(one.practitioner)),

    holders: async (pool) => {
      const cached = roles.get(pool.id);
      const fresh = cached && cached.until > now() ? cached : undefined;
      const found = fresh?.found ?? store.byRole(pool.performerType);
      if (fresh === undefined) roles.set(pool.id, { until: now() + FRESH_MS, found });
      try {
        // Roles begin and end by the clock, so that is looked at each time.
        const at = new Date(now());
        return (await found).filter((member) => holds(member, pool, at));
      } catch (error) {
        if (roles.get(pool.id)?.found === found) roles.delete(pool.id);
        throw error;
      }
    },

    chatUsersOf: async (practitionerId) => {
      const linked = await ledger.chatUsersOf(practitionerId);
      const member = await store.byId(practitionerId);
      const named = member ? chatUsersNamedBy(member.practitioner, rules) : [];
      const byKey = new Map([...linked, ...named].map((user) => [JSON.stringify(user), user]));
      return [...byKey.values()];
    },
  };
}

function holds(member: Member, pool: Pool, at: Date): boolean {
  return (
    isActive(member.practitioner) &&
    roleCodings(member, at).some((coding) => sameCoding(coding, pool.performerType))
  );
}

/** The chat users that a Practitioner's identifiers name. */
export function chatUsersNamedBy(
  { identifier = [] }: Practitioner,
  rules: Pick<PeopleRules, 'identifierSystems'>,
): ChatUser[] {
  return identifier.flatMap((one) => chatUserOf(one, rules));
}

/** The chat user that an identifier of a Practitioner names; none for an identifier of another kind. */
function chatUserOf(
  { system = '', value }: Identifier,
  rules: Pick<PeopleRules, 'identifierSystems'>,
): ChatUser[] {
  const configured = Object.entries(rules.identifierSystems).find(([, one]) => one === system)?.[0];
  const place = configured ?? (system.startsWith(OWN_SYSTEM) ? system.slice(OWN_SYSTEM.length) : undefined);
  const [platform, ...tenant] = place?.split(':') ?? [];
  return platform && value ? [{ platform, tenant: tenant.join(':'), id: value }] : [];
}

const OWN_SYSTEM = 'urn:switchboard:chat:';

/** The system under which a Practitioner carries the chat user's id: one for each workspace. */
function identifierSystem(user: ChatUser, rules: PeopleRules): string {
  const place = `${user.platform}:${user.tenant}`;
  return rules.identifierSystems[place] ?? `${OWN_SYSTEM}${place}`;
}

function stranger(sentence: string): Identity {
  return { kind: 'stranger', sentence };
}

function notLinked(user: ChatUser, system: string): string {
  return (
    'You are not linked to a Practitioner in the record yet, so you cannot act on Tasks. Ask your administrator to add ' +
    `the identifier ${user.id} (system ${system}) to your Practitioner, or to give it the e-mail address that you use here.`
  );
}

function tooMany(what: string): string {
  return `Several Practitioners in the record ${what}, so it is not clear who you are. Ask your administrator to mend that.`;
}

/** Keeps the newest; a Map remembers the order of insertion. */
function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= CACHE_LIMIT) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
}
