import { z } from 'zod';
import type { LadderStep, PoolClock, ReminderRule } from './clock/pool-clock.ts';
import { practitioner } from './config-parts.ts';
import { dailyCron, day, hours, lasting, length, zone } from './config-times.ts';
import { PRIORITIES, type Priority } from './routing/priority.ts';

/*
 * The clock's part of `switchboard.yaml`: the same settings at the top, for the whole clinic, and in a pool, where each
 * replaces the clinic's as a whole.
 */

const MINUTE_MS = 60_000;

const within = z
  .strictObject({
    stat: lasting.optional(),
    asap: lasting.optional(),
    urgent: lasting.optional(),
    routine: lasting.optional(),
  } satisfies Record<Priority, z.ZodType>)
  .transform((given) => {
    const set: Partial<Record<Priority, number>> = {};
    for (const priority of PRIORITIES) {
      const ms = given[priority];
      if (ms !== undefined) set[priority] = ms;
    }
    return set;
  });

const targets = z.strictObject({ claimWithin: within.prefault({}), answerWithin: within.prefault({}) });

const step = z
  .strictObject({
    after: length,
    mention: z.enum(['here', 'channel']).optional(),
    tell: z.literal('lead').optional(),
    rerouteTo: z.string().optional(),
  })
  .transform(({ after: afterMs, mention, tell, rerouteTo }, context): LadderStep => {
    const steps: LadderStep[] = [];
    if (mention !== undefined) steps.push({ afterMs, kind: 'mention', whom: mention });
    if (tell !== undefined) steps.push({ afterMs, kind: 'lead' });
    if (rerouteTo !== undefined) steps.push({ afterMs, kind: 'reroute', pool: rerouteTo });
    const [one, another] = steps;
    if (one && !another) return one;
    context.addIssue({ code: 'custom', message: 'must say one of mention, tell, or rerouteTo' });
    return z.NEVER;
  });

const escalation = z.array(step).superRefine((steps: readonly Partial<LadderStep>[], context) => {
  steps.forEach(({ afterMs = 0 }, i) => {
    const above = steps[i - 1];
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (above?.kind === 'reroute')
      fault([i], 'is never reached: the step above it sends the Task to another pool');
    if (afterMs < (above?.afterMs ?? 0)) fault([i, 'after'], 'is earlier than the step above it');
  });
});

const reminders = z
  .strictObject({
    every: lasting,
    most: z.number().int().min(1).max(100).default(3),
    returnToPool: z.boolean().default(false),
  })
  .transform(({ every, most, returnToPool }): ReminderRule => ({ everyMs: every, most, returnToPool }));

const digest = z.strictObject({
  cron: dailyCron,
  graceMinutes: z.number().int().min(5).max(1440).default(120),
  empty: z.enum(['skip', 'post']).default('skip'),
  timezone: zone.optional(),
});

const shiftEnd = z.strictObject({ cron: dailyCron, timezone: zone.optional() });

/** What a pool may say of its own. */
export const POOL_CLOCK_SETTINGS = {
  timezone: zone.optional(),
  hours: orFalse(hours).optional(),
  holidays: z.array(day).optional(),
  targets: targets.optional(),
  escalation: escalation.optional(),
  leads: z.array(practitioner).optional(),
  reminders: orFalse(reminders).optional(),
  digest: orFalse(digest).optional(),
  shiftEnd: orFalse(shiftEnd).optional(),
} as const;

/** What holds for every pool that does not say otherwise. */
export const CLOCK_SETTINGS = {
  timezone: zone.default('UTC'),
  hours: orFalse(hours).default(false),
  holidays: z.array(day).default([]),
  targets: targets.prefault({}),
  escalation: escalation.default([]),
  leads: z.array(practitioner).default([]),
  reminders: orFalse(reminders).default(false),
  digest: orFalse(digest).default(false),
  shiftEnd: orFalse(shiftEnd).default(false),
} as const;

/** What is there, or `false` for nothing. */
function orFalse<T extends z.ZodType>(schema: T) {
  return z.union([z.literal(false), schema]);
}

/** The clinic’s settings. */
export type Settings = z.output<z.ZodObject<typeof CLOCK_SETTINGS>>;
/** A pool’s own. */
export type PoolSettings = z.output<z.ZodObject<typeof POOL_CLOCK_SETTINGS>>;

/** The clock of a pool with these settings of its own, in a clinic with those; without a pool, the clinic’s. */
export function clockFrom(clinic: Settings, pool?: PoolSettings & { readonly id: string }): PoolClock {
  const { timezone, holidays, targets, escalation, leads, ...parts } = merged(clinic, pool ?? {});
  const { digest, shiftEnd } = parts;
  return {
    hours: { zone: timezone, openings: parts.hours || [], holidays },
    ...targets,
    // The clinic's may end in this pool.
    ladder: escalation.filter((one) => one.kind !== 'reroute' || one.pool !== pool?.id),
    leads,
    reminders: parts.reminders || undefined,
    digest: digest
      ? {
          at: { cron: digest.cron, zone: digest.timezone ?? timezone, holidays },
          graceMs: digest.graceMinutes * MINUTE_MS,
          empty: digest.empty,
        }
      : undefined,
    // Whoever works on a holiday goes home as well.
    shiftEnd: shiftEnd
      ? { cron: shiftEnd.cron, zone: shiftEnd.timezone ?? timezone, holidays: [] }
      : undefined,
  };
}

/** What holds in a pool. */
export function merged(clinic: Settings, pool: PoolSettings): Settings {
  return {
    timezone: pool.timezone ?? clinic.timezone,
    hours: pool.hours ?? clinic.hours,
    holidays: pool.holidays ?? clinic.holidays,
    targets: pool.targets ?? clinic.targets,
    escalation: pool.escalation ?? clinic.escalation,
    leads: pool.leads ?? clinic.leads,
    reminders: pool.reminders ?? clinic.reminders,
    digest: pool.digest ?? clinic.digest,
    shiftEnd: pool.shiftEnd ?? clinic.shiftEnd,
  };
}
