import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { PRIVACY_LEVELS } from './routing/pools.ts';
import { DEFAULT_TASK_RULES } from './routing/task.ts';

/** What `switchboard.yaml` says, checked. */
export type ConfigFile = z.output<ReturnType<typeof fileSchema>>;

const CODING_FORM = 'must be written as system|code, e.g. http://snomed.info/sct|224535009';

const coding = z
  .string(CODING_FORM) // a bare code is a number in YAML
  .regex(/^\S+\|\S+$/, CODING_FORM)
  .transform((text) => {
    const at = text.lastIndexOf('|');
    return { system: text.slice(0, at), code: text.slice(at + 1) };
  });

const NO_POOLS = 'must list at least one pool';

const IGNORED_TOKENS = DEFAULT_TASK_RULES.ignoredCodes.map(({ system, code }) => `${system}|${code}`);

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
  });
  return z.strictObject({
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
    directMessages: z.strictObject({ assigned: z.boolean().default(true) }).prefault({}),
    sweep: z
      .strictObject({
        seconds: z.number().min(1).max(3600).default(30),
        overlapSeconds: z.number().min(5).max(600).default(15),
      })
      .prefault({}),
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
  for (const issue of parsed.error.issues) {
    const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    // An unknown key is reported by what it stands in; people look for the key.
    const places = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...keys, key]) : [keys];
    const message = issue.code === 'unrecognized_keys' ? 'is not a setting' : issue.message;
    for (const place of places)
      problems.push(`${path}:${lineOf(document, lines, place)} ${place.join('.') || 'the file'}: ${message}`);
  }
  return undefined;
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
