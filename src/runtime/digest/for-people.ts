import { surfaceKey } from '../../cards/surfaces.ts';
import { dueSlot } from '../../clock/daily.ts';
import { type Daily, NO_CLOCK } from '../../clock/pool-clock.ts';
import { isActive } from '../../routing/eligibility.ts';
import type { PersonalDigest } from '../ports/digests.ts';
import { countPerson } from './counting.ts';
import type { DigestParts } from './parts.ts';

/** So late a personal digest may still come. */
const GRACE_MS = 60 * 60_000;

/** The digests that people have asked for, of their own Tasks. */
export function createPersonDigests(
  parts: Pick<DigestParts, 'store' | 'ledger' | 'jobs' | 'people' | 'platforms' | 'rules' | 'log'>,
): { due(now: Date): Promise<void> } {
  const { store, ledger, jobs, people, platforms, rules, log } = parts;
  const { digests } = ledger;
  const { zone, holidays } = (rules.clock ?? NO_CLOCK).hours;
  /** One for each time of day: what they mean is reckoned once. */
  const daily = new Map<string, Daily>();
  /** The last day of each that is known to be made. */
  const made = new Map<string, string>();

  function dailyAt(at: string): Daily {
    const [hour = '', minute = ''] = at.split(':');
    const known = daily.get(at) ?? { cron: `${Number(minute)} ${Number(hour)} * * 1-5`, zone, holidays };
    daily.set(at, known);
    return known;
  }

  async function dueTo({ user, practitionerId, at }: PersonalDigest, now: Date): Promise<void> {
    const platform = platforms.find(({ name }) => name === user.platform);
    const slot = dueSlot(dailyAt(at), now, GRACE_MS);
    if (platform === undefined || slot === undefined) return;
    const surface = platform.direct(user.id);
    const key = `${practitionerId} ${surfaceKey(surface)}`;
    const of = ofPerson(practitionerId);
    if (made.get(key) === slot.day) return;
    const standing = await digests.madeOn(of, slot.day);
    if (!standing.some((one) => surfaceKey(one.surface) === surfaceKey(surface))) {
      const member = await people.member(practitionerId);
      // Nothing is sent to somebody who has left.
      if (member === undefined || !isActive(member.practitioner)) return;
      const until = new Date(slot.at.getTime() + GRACE_MS);
      const facts = await countPerson(member, { day: slot.day, now, until }, { store, rules });
      const isLeftOut = facts.rows.length === 0;
      const id = await digests.make({ of, surface, facts }, isLeftOut ? 'closed' : 'due');
      if (!isLeftOut) await jobs.markDigest(id);
      log.info({ practitioner: practitionerId, day: slot.day, posted: !isLeftOut }, 'a digest is made');
    }
    made.set(key, slot.day);
  }

  return {
    due: async (now) => {
      const failures: unknown[] = [];
      for (const one of await digests.personal.all()) {
        await dueTo(one, now).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'making the digests of people');
    },
  };
}

/** Whose digest it is, as the ledger has it. */
export function ofPerson(practitionerId: string): string {
  return `${PERSON}${practitionerId}`;
}

/** The Practitioner whose digest it is; undefined for a pool's. */
export function personOf(of: string): string | undefined {
  return of.startsWith(PERSON) ? of.slice(PERSON.length) : undefined;
}

/** The id of a pool has no colon. */
const PERSON = 'person:';
