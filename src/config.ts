import { z } from 'zod';
import { clockFrom } from './config-clock.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import type { Answerer } from './duties/answered.ts';
import type { CoverageRules } from './duties/coverage.ts';
import type { FollowUpRules } from './duties/follow-up.ts';
import type { IntakeRule } from './duties/intake.ts';
import type { RecipientRule } from './record/recipients.ts';
import type { Pool, PoolChannel } from './routing/pools.ts';
import type { ReasonKind } from './routing/reasons.ts';
import type { TaskRules } from './routing/task.ts';
import type { OnBehalfOf } from './runtime/on-behalf-of.ts';
import type { PeopleRules } from './runtime/people.ts';

/** What a chat platform contributes: its name, and the environment variables that it understands. */
export interface PlatformSettings {
  readonly name: string;
  /** The platform is used when one of its variables is set. */
  readonly settings: z.ZodObject;
}

/** Everything that can be configured, checked and frozen. Nothing else reads the environment. */
export interface Config {
  readonly medplum: { readonly baseUrl: string; readonly clientId: string; readonly clientSecret: string };
  /** How we are told of changes: by deliveries to us, over a connection of ours, or not at all. */
  readonly events: 'rest-hook' | 'websocket' | 'none';
  /** Absent: no deliveries are accepted, and changes are found by the sweep alone. */
  readonly webhookSecret: string | undefined;
  /** Where Medplum and the platforms reach us; absent where nothing has to. */
  readonly publicUrl: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly ledger: { readonly url: string } | { readonly folder: string };
  readonly logLevel: string;
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly recipients: RecipientRule;
  readonly intake: readonly IntakeRule[];
  readonly followUps: FollowUpRules;
  readonly completeWhenAnsweredBy: Answerer;
  readonly coverage: CoverageRules;
  /** Canonical addresses of the project's own ValueSets of reasons. */
  readonly reasons: { readonly [kind in ReasonKind]?: string | undefined };
  readonly onBehalfOf: OnBehalfOf;
  /** Where Tasks are reported that nobody can take. */
  readonly operations: readonly PoolChannel[];
  readonly people: PeopleRules;
  readonly taskLink: string | undefined;
  readonly tellOwners: boolean;
  readonly sweep: { readonly everyMs: number; readonly overlapMs: number };
  /** The checked variables of each platform that is used, by its name. */
  readonly platforms: Readonly<Record<string, unknown>>;
}

/** The configuration is wrong: one message that lists everything, for the person who is setting it up. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads `switchboard.yaml` (or the file that SWITCHBOARD_CONFIG names) and the environment.
 * Throws {@link ConfigError} with every fault at once; those in the file with their line.
 */
export function loadConfig(env: NodeJS.ProcessEnv, platforms: readonly PlatformSettings[]): Config {
  const problems: string[] = [];
  const variables = readVariables(env, problems);
  const path = env.SWITCHBOARD_CONFIG ?? 'switchboard.yaml';
  const names = platforms.map(({ name }) => name);
  const file = readConfigFile(path, names, problems);
  const used = readPlatforms(env, platforms, file, problems);
  if (problems.length > 0 || !variables || !file) throw new ConfigError(problems);
  return deepFreeze({
    medplum: {
      baseUrl: variables.MEDPLUM_BASE_URL,
      clientId: variables.MEDPLUM_CLIENT_ID,
      clientSecret: variables.MEDPLUM_CLIENT_SECRET,
    },
    events: eventsOf(variables),
    webhookSecret: variables.MEDPLUM_WEBHOOK_SECRET,
    publicUrl: variables.PUBLIC_URL?.replace(/\/+$/, ''),
    port: variables.PORT,
    host: variables.HOST,
    ledger: variables.DATABASE_URL ? { url: variables.DATABASE_URL } : { folder: variables.DATA_DIR },
    logLevel: variables.LOG_LEVEL,
    pools: file.pools.map((pool) => toPool(pool, file)),
    rules: {
      claimable: file.tasks.claimable,
      ignoredCodes: file.tasks.ignoredCodes,
      clock: clockFrom(file),
    },
    recipients: file.recipients,
    intake: file.intake,
    followUps: file.followUps,
    completeWhenAnsweredBy: file.completeWhenAnsweredBy,
    coverage: file.coverage,
    reasons: file.reasons,
    onBehalfOf: file.onBehalfOf,
    operations: file.operations,
    people: file.people,
    taskLink: variables.MEDPLUM_APP_URL && `${variables.MEDPLUM_APP_URL.replace(/\/+$/, '')}/Task/{id}`,
    tellOwners: file.directMessages.assigned,
    sweep: { everyMs: file.sweep.seconds * 1000, overlapMs: file.sweep.overlapSeconds * 1000 },
    platforms: used,
  });
}

function toPool(pool: ConfigFile['pools'][number], clinic: ConfigFile): Pool {
  const { id, name, performerType, channels, rerouteTo, visibility } = pool;
  const clock = clockFrom(clinic, pool);
  return { id, name, performerType, channels, ...(rerouteTo && { rerouteTo }), visibility, clock };
}

// ------------------------------------------------------------------------------------------------- the environment

const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });

const VARIABLES = z.object({
  MEDPLUM_BASE_URL: url.transform((text) => `${text.replace(/\/+$/, '')}/`),
  /** Where people open a Task in Medplum's own application. */
  MEDPLUM_APP_URL: url.optional(),
  MEDPLUM_CLIENT_ID: z.string().min(1),
  MEDPLUM_CLIENT_SECRET: z.string().min(1),
  MEDPLUM_EVENTS: z.enum(['rest-hook', 'websocket', 'none']).optional(),
  MEDPLUM_WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
  PUBLIC_URL: url.optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  DATA_DIR: z.string().default('.data/ledger'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

function readVariables(env: NodeJS.ProcessEnv, problems: string[]) {
  const given = withoutEmpty(env);
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(variableProblem(issue, given));
    return undefined;
  }
  const { MEDPLUM_EVENTS: asked, ...variables } = parsed.data;
  if (asked === 'rest-hook' && eventsOf(variables) !== 'rest-hook')
    problems.push('MEDPLUM_EVENTS is rest-hook, which needs PUBLIC_URL and MEDPLUM_WEBHOOK_SECRET');
  return parsed.data;
}

/** Deliveries need an address that Medplum reaches, and a secret that signs them. */
function eventsOf(
  given: Pick<z.output<typeof VARIABLES>, 'MEDPLUM_EVENTS' | 'PUBLIC_URL' | 'MEDPLUM_WEBHOOK_SECRET'>,
): Config['events'] {
  const canDeliver = given.PUBLIC_URL !== undefined && given.MEDPLUM_WEBHOOK_SECRET !== undefined;
  return given.MEDPLUM_EVENTS ?? (canDeliver ? 'rest-hook' : 'none');
}

/** The variables of every platform that is used; a pool's channel on a platform makes it a used one. */
function readPlatforms(
  env: NodeJS.ProcessEnv,
  platforms: readonly PlatformSettings[],
  file: Pick<ConfigFile, 'pools' | 'operations'> | undefined,
  problems: string[],
): Record<string, unknown> {
  const given = withoutEmpty(env);
  const used: Record<string, unknown> = {};
  const channels = [...(file?.pools ?? []).flatMap((pool) => pool.channels), ...(file?.operations ?? [])];
  for (const { name, settings } of platforms) {
    const isNamed = channels.some((channel) => channel.platform === name);
    const isSet = Object.keys(settings.shape).some(
      (variable) => variable.startsWith(`${name.toUpperCase()}_`) && given[variable] !== undefined,
    );
    if (!isNamed && !isSet) continue;
    const parsed = settings.safeParse(given);
    if (parsed.success) used[name] = parsed.data;
    else for (const issue of parsed.error.issues) problems.push(variableProblem(issue, given));
  }
  return used;
}

function variableProblem(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = issue.path.join('.');
  const isMissing = issue.code === 'invalid_type' && given[name] === undefined;
  return `${name} ${isMissing ? 'is missing' : issue.message}`;
}

/** An empty variable is how many tools say "not set". */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
