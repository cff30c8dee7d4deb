import { NO_CLOCK, type PoolClock } from '../clock/pool-clock.ts';
import { localDay, localTime } from '../clock/times.ts';
import type { Config } from '../config.ts';
import { quoted } from '../queries/counting.ts';
import { isActive } from '../routing/eligibility.ts';
import type { Pool } from '../routing/pools.ts';
import { chatUsersNamedBy } from '../runtime/people.ts';
import type { Found, PeopleStore } from '../runtime/ports/record.ts';
import { type Check, type Finding, fine, note, wrong } from './findings.ts';

/** Which pools go by which zone's clock, and what time it is there; nothing of pools that know no time. */
export function zoneFindings({ pools }: Pick<Config, 'pools'>, now: Date): Finding[] {
  const timed = pools.filter(({ clock = NO_CLOCK }) => knowsTime(clock));
  const byZone = Map.groupBy(timed, ({ clock = NO_CLOCK }: Pool) => clock.hours.zone);
  return [...byZone].map(([zone, some]) => {
    const names = quoted(some.map(({ name }) => name));
    const go = some.length === 1 ? 'goes' : 'go';
    return fine(`${names} ${go} by ${zone}: it is ${localTime(now, zone)} there, on ${localDay(now, zone)}.`);
  });
}

function knowsTime({ hours, claimWithin, answerWithin, digest, shiftEnd }: PoolClock): boolean {
  const targets = [...Object.keys(claimWithin), ...Object.keys(answerWithin)];
  return hours.openings.length > 0 || targets.length > 0 || digest !== undefined || shiftEnd !== undefined;
}

/** Whether each lead is somebody who can be told. */
export function leadChecks({ pools, people: rules }: Config, people: Pick<PeopleStore, 'byId'>): Check[] {
  const leads = new Set(pools.flatMap(({ clock = NO_CLOCK }) => clock.leads));
  return [...leads].map((lead) => ({
    about: `the lead ${lead}`,
    run: async () => [leadFinding(lead, await people.byId(lead.split('/')[1] ?? ''), rules)],
  }));
}

function leadFinding(lead: string, found: Found | undefined, rules: Config['people']): Finding {
  if (found === undefined) return wrong(`The lead ${lead} is not in the record.`);
  const { practitioner } = found;
  if (!isActive(practitioner)) return wrong(`The lead ${lead} is not active in the record.`);
  if (chatUsersNamedBy(practitioner, rules).length > 0) return fine(`The lead ${lead} can be told.`);
  const hasEmail = practitioner.telecom?.some(({ system, value }) => system === 'email' && value);
  return rules.linkByEmail && hasEmail
    ? note(
        `The lead ${lead} is known by an e-mail address: they can be told once they have used Switchboard.`,
      )
    : wrong(`The lead ${lead} has no chat identifier, so that nobody can be told.`);
}
