import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { CLOCK_SETTINGS, POOL_CLOCK_SETTINGS } from './config-clock.ts';
import { clockFaults } from './config-clock-faults.ts';
import { coding, practitioner } from './config-parts.ts';
import { ANSWERERS } from './duties/answered.ts';
import { AWAY_SIGNS } from './duties/coverage.ts';
import type { IntakeRule } from './duties/intake.ts';
import { PRIVACY_LEVELS, VISIBILITIES } from './routing/pools.ts';
import { PRIORITIES } from './routing/priority.ts';
import { DEFAULT_TASK_RULES } from './routing/task.ts';

/** What `switchboard.yaml` says, checked. */
export type ConfigFile = z.output<ReturnType<typeof fileSchema>>;

const NO_POOLS = 'must list at least one pool';

const IGNORED_TOKENS = DEFAULT_TASK_RULES.ignoredCodes.map(({ system, code }) => `${system}|${code}`);

/** A code as system|code, or what it is called. */
const concept = z
  .string()
  .min(1)
  .transform((text) => {
    const [, system, code] = /^(\S+)\|(\S+)$/.exec(text) ?? [];
    return system && code ? { system, code } : { text };
  });

/** One of them, or a list of which any will do. */
const concepts = z.preprocess(
  (given) => (given === undefined || Array.isArray(given) ? given : [given]),
  z.array(concept).min(1, 'must name at least one'),
);

const intakeRule = z
  .strictObject({
    when: z
      .strictObject({
        category: concepts.optional(),
        topic: concepts.optional(),
        medium: concepts.optional(),
      })
      .prefault({}),
    pool: z.string().optional(),
    person: practitioner.optional(),
    task: z.literal(false).optional(),
    priority: z.enum(PRIORITIES).default('routine'),
  })
  .transform(({ when, pool, person, task, priority }, context): IntakeRule => {
    const given = [pool, person, task].filter((one) => one !== undefined);
    if (given.length !== 1) {
      context.addIssue({ code: 'custom', message: 'must say one of pool, person, or task: false' });
      return z.NEVER;
    }
    if (pool !== undefined) return { when, make: { kind: 'pool', pool, priority } };
    if (person !== undefined) return { when, make: { kind: 'person', practitioner: person, priority } };
    return { when, make: { kind: 'nothing' } };
  });

function fileSchema(platforms: readonly string[]) {
  const channel = z
    .looseObject({ privacy: z.enum(PRIVACY_LEVELS).default('none') })
    .transform(({ privacy, ...place }, context) => {
      const [platform, ...others] = Object.keys(place);
      const id = platform === undefined ? undefined : place[platform];
      if (
        platform === undefined ||
        others.length > 0 ||
        !platforms.includes(platform) ||
        typeof id !== 'string' ||
        id.trim() === ''
      ) {
        context.addIssue({
          code: 'custom',
          message: `must name one channel of ${platforms.join(' or ')}, e.g. ${platforms[0]}: C012AB3CD`,
        });
        return z.NEVER;
      }
      return { platform, channel: id, privacy };
    });
  const pool = z.strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and hyphens'),
    name: z.string().min(1),
    performerType: coding,
    channels: z.array(channel).default([]),
    rerouteTo: z.array(z.string()).min(1).optional(),
    visibility: z.enum(VISIBILITIES).default('in-place'),
    ...POOL_CLOCK_SETTINGS,
  });
  const file = z.strictObject({
    pools: z.array(pool, NO_POOLS).min(1, NO_POOLS).superRefine(consistent),
    tasks: z
      .strictObject({
        claimable: z
          .array(z.string())
          .default([...DEFAULT_TASK_RULES.claimable])
          .superRefine(returnable),
        ignoredCodes: z.array(coding).prefault(IGNORED_TOKENS),
      })
      .prefault({}),
    recipients: z.enum(['follow', 'replace']).default('follow'),
    people: z
      .strictObject({
        linkByEmail: z.boolean().default(true),
        identifierSystems: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    intake: z.array(intakeRule).default([]).superRefine(lastCatchesAll),
    followUps: z
      .strictObject({
        raise: z
          .array(z.strictObject({ messages: z.number().int().min(1), to: z.enum(PRIORITIES) }))
          .default([]),
      })
      .prefault({}),
    completeWhenAnsweredBy: z.enum(ANSWERERS).default('owner'),
    coverage: z
      .strictObject({
        away: z.array(z.enum(AWAY_SIGNS)).default(['not-available']),
        freeSlotWithinMinutes: z.number().int().min(15).max(1440).default(60),
        covers: z.record(practitioner, practitioner).default({}),
      })
      .prefault({}),
    reasons: z
      .strictObject({
        reroute: z.url().optional(),
        completion: z.url().optional(),
        escalation: z.url().optional(),
      })
      .prefault({}),
    onBehalfOf: z.enum(['require', 'prefer', 'never']).default('prefer'),
    operations: z.array(channel).default([]),
    ...CLOCK_SETTINGS,
    directMessages: z.strictObject({ assigned: z.boolean().default(true) }).prefault({}),
    sweep: z
      .strictObject({
        seconds: z.number().min(1).max(3600).default(30),
        overlapSeconds: z.number().min(5).max(600).default(15),
      })
      .prefault({}),
  });
  return file.superRefine((content, context) => {
    const { pools, intake } = content;
    for (const { path, message } of clockFaults(content))
      context.addIssue({ code: 'custom', path: [...path], message });
    // What is wrong in itself comes here all the same, as far as it was understood.
    intake.forEach(({ make }: Partial<IntakeRule>, i) => {
      if (make?.kind !== 'pool' || pools.some(({ id }) => id === make.pool)) return;
      context.addIssue({
        code: 'custom',
        path: ['intake', i, 'pool'],
        message: `names no pool: ${make.pool}`,
      });
    });
  });
}

/** Rules are tried in order, so nothing below one without a condition is ever reached. */
function lastCatchesAll(rules: readonly IntakeRule[], context: z.RefinementCtx) {
  const open = rules.findIndex(
    ({ when }: Partial<IntakeRule>) => when && Object.values(when).every((one) => one === undefined),
  );
  if (open >= 0 && open < rules.length - 1)
    context.addIssue({
      code: 'custom',
      path: [open + 1],
      message: 'is never reached: the rule above it has no condition',
    });
}

/** A verb makes a Task `requested` when it goes back to a pool, and `accepted` when somebody takes it. */
function returnable(claimable: readonly string[], context: z.RefinementCtx) {
  if (!claimable.includes('requested'))
    context.addIssue({ code: 'custom', message: 'must list requested: a released Task has this status' });
  if (claimable.includes('accepted'))
    context.addIssue({ code: 'custom', message: 'must not list accepted: a claimed Task has this status' });
}

function consistent(
  pools: readonly {
    id: string;
    performerType: { system: string; code: string };
    rerouteTo?: string[] | undefined;
  }[],
  context: z.RefinementCtx,
) {
  const ids = pools.map((pool) => pool.id);
  pools.forEach((pool, i) => {
    pool.rerouteTo?.forEach((id, k) => {
      if (!ids.includes(id))
        context.addIssue({ code: 'custom', path: [i, 'rerouteTo', k], message: `names no pool: ${id}` });
    });
    const before = pools.slice(0, i);
    if (before.some((other) => other.id === pool.id)) {
      context.addIssue({ code: 'custom', path: [i, 'id'], message: `is used twice: ${pool.id}` });
    }
    const token = ({ performerType }: typeof pool) => `${performerType.system}|${performerType.code}`;
    if (before.some((other) => token(other) === token(pool))) {
      context.addIssue({
        code: 'custom',
        path: [i, 'performerType'],
        message: `belongs to another pool already: ${token(pool)}`,
      });
    }
  });
}

/**
 * Reads the file. What is wrong with it is added to `problems`, each with its line; the answer is then undefined.
 *
 * @param platforms the names that a pool's channels may have.
 */
export function readConfigFile(
  path: string,
  platforms: readonly string[],
  problems: string[],
): ConfigFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    problems.push(`${path} cannot be read (SWITCHBOARD_CONFIG names another file)`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    problems.push(`${path}:${lines.linePos(error.pos[0]).line} ${error.message.split('\n')[0]}`);
  }
  if (document.errors.length > 0) return undefined;
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // An alias without its anchor is found only now.
    problems.push(`${path} ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  const parsed = fileSchema(platforms).safeParse(content ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues.flatMap((one) => deepest(one))) {
    const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    // An unknown key is reported by what it stands in; people look for the key.
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...keys, key]) : [keys];
    const message = issue.code === 'unrecognized_keys' ? 'is not a setting' : issue.message;
    for (const place of places)
      problems.push(`${path}:${lineOf(document, lines, place)} ${place.join('.') || 'the file'}: ${message}`);
  }
  return undefined;
}

/** Where a setting may be `false`, or else something: what is wrong with the something. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1) : undefined;
  if (inner === undefined) return [issue];
  return inner.flatMap((one) => deepest({ ...one, path: [...issue.path, ...one.path] }));
}

/** The line of the deepest part of the path that is there. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly (string | number)[],
): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
