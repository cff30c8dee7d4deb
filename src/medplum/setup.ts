import { deepEquals, type MedplumClient, type WithId } from '@medplum/core';
import { withRetries } from '../runtime/patience.ts';
import { RecordError } from '../runtime/ports/record.ts';
import { resourcesOf } from './bundles.ts';
import { attempt, fresh } from './requests.ts';
import type { Installable, Part } from './setup-parts.ts';

/** What there is to do about one part, and why. */
export interface Step<T extends Installable = Installable> {
  readonly kind: 'create' | 'update' | 'unchanged' | 'left alone';
  readonly part: Part<T>;
  readonly why: string;
  /** Ours, where there is one; the one that is in the way, where it is left alone. */
  readonly have?: WithId<T>;
  /** Equal ones of ours: one is enough. */
  readonly surplus: readonly WithId<T>[];
  /** What was found beside it and is not touched. */
  readonly remarks: readonly string[];
}

/** What became of one part: the step that was (or would be) taken, or why it could not be. */
export type Installed =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'failed'; readonly part: Part; readonly why: string; readonly lacks?: Right };

/** Somebody else who installs the same at the same moment makes one start over; more than a few do not. */
const TRIES = 5;

/**
 * Brings the parts into the project, one after the other, and says of each what was done. Safe to repeat, and safe for
 * two at once. What one part is refused keeps none of the others; only a server that is out of reach ends it.
 *
 * @param dryRun says what would be done, and changes nothing.
 */
export async function* install(
  client: MedplumClient,
  parts: readonly Part[],
  { dryRun = false } = {},
): AsyncIterable<Installed> {
  for (const part of parts) {
    try {
      yield { kind: 'step', step: await installOne(client, part, dryRun) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const lacks = error instanceof MissingRight ? { lacks: error.right } : {};
      yield { kind: 'failed', part, why: explain(error), ...lacks };
    }
  }
}

async function installOne<T extends Installable>(
  client: MedplumClient,
  part: Part<T>,
  dryRun: boolean,
): Promise<Step<T>> {
  for (let turn = 1; ; turn++) {
    const step = await plan(client, part);
    if (dryRun) return step;
    try {
      await withRetries(() => apply(client, step));
      return step;
    } catch (error) {
      const isOvertaken = error instanceof RecordError && error.kind === 'lost';
      if (!isOvertaken || turn === TRIES) throw error;
    }
  }
}

/** Compares what is there with what should be there. Reads only. */
export async function plan<T extends Installable>(client: MedplumClient, part: Part<T>): Promise<Step<T>> {
  const type = part.resource.resourceType;
  const found = await withRetries(() =>
    needing('search', type, () => client.search(type, part.query, fresh())),
  );
  const there = resourcesOf(found).filter((one) => part.is(one));
  const related = (relation: ReturnType<Part<T>['relationOf']>) =>
    there.filter((one) => part.relationOf(one) === relation).sort((a, b) => a.id.localeCompare(b.id));

  // Ours are told apart by their id, which is the same for everybody who looks: of two at once, both keep the same one.
  const [ours, ...surplus] = related('ours');
  const foreign = related('foreign');
  const remarks = [
    ...related('elsewhere').map((one) => `${nameOf(one)} of Switchboard is for another address`),
    ...(part.leftAlone === undefined || ours ? foreign : []).map(
      (one) => `${nameOf(one)} is there as well and was not made by Switchboard`,
    ),
  ];
  if (ours) {
    const differs = differences(ours, part.mend(ours));
    const reasons = [
      ...(differs.length > 0 ? [`differs: ${differs.join(', ')}`] : []),
      ...(surplus.length > 0 ? [`there are ${surplus.length + 1} of it`] : []),
    ];
    if (reasons.length === 0) return { kind: 'unchanged', part, why: '', have: ours, surplus, remarks };
    return { kind: 'update', part, why: reasons.join('; '), have: ours, surplus, remarks };
  }
  const [other] = foreign;
  if (other && part.leftAlone !== undefined) {
    const isRight = differences(other, { ...part.mend(other), meta: other.meta ?? {} }).length === 0;
    if (isRight) return { kind: 'unchanged', part, why: '', have: other, surplus, remarks };
    const why = `${part.leftAlone} (${nameOf(other)})`;
    return { kind: 'left alone', part, why, have: other, surplus, remarks };
  }
  return { kind: 'create', part, why: 'not there yet', surplus, remarks };
}

async function apply<T extends Installable>(client: MedplumClient, step: Step<T>): Promise<void> {
  const { kind, part, have, surplus } = step;
  const type = part.resource.resourceType;
  if (kind === 'create') {
    const headers = { 'if-none-exist': part.unless };
    await needing('create', type, () =>
      client.post(client.fhirUrl(type), part.resource, undefined, { ...fresh(), headers }),
    );
  }
  if (kind !== 'update' || !have) return;
  const mended = part.mend(have);
  if (differences(have, mended).length > 0) {
    const headers = { 'if-match': `W/"${have.meta?.versionId}"` };
    await needing('update', type, () =>
      client.put(client.fhirUrl(type, have.id), mended, undefined, { ...fresh(), headers }),
    );
  }
  for (const extra of surplus) await remove(client, extra);
}

async function remove(client: MedplumClient, { resourceType, id }: WithId<Installable>): Promise<void> {
  try {
    await needing('delete', resourceType, () => client.deleteResource(resourceType, id, fresh()));
  } catch (error) {
    // Somebody else was quicker.
    if (!(error instanceof RecordError) || error.kind !== 'gone') throw error;
  }
}

/** What people call elements whose name says too little. */
const ELEMENTS = new Map([
  ['extension', 'secret'],
  ['meta', 'mark'],
]);

/** The elements that differ, by name; never what stands in them: one is a secret. */
function differences(have: Installable, should: Installable): string[] {
  const now = new Map<string, unknown>(Object.entries(have));
  return Object.entries(should)
    .filter(([key, value]) => !isSame(key, now.get(key), value))
    .map(([key]) => ELEMENTS.get(key) ?? key);
}

function isSame(key: string, have: unknown, should: unknown): boolean {
  if (key !== 'meta') return deepEquals(have, should);
  const tags = (meta: unknown) => (typeof meta === 'object' && meta && 'tag' in meta ? meta.tag : undefined);
  return deepEquals(tags(have) ?? [], tags(should) ?? []);
}

function nameOf({ resourceType, id }: WithId<Installable>): string {
  return `${resourceType}/${id}`;
}

function isRefusal(error: unknown): error is MissingRight | RecordError {
  return error instanceof MissingRight || (error instanceof RecordError && error.kind !== 'unreachable');
}

/** The interactions of an AccessPolicy that are needed, and what is done with them. */
const DOING = { search: 'looking for', create: 'making', update: 'changing', delete: 'deleting' } as const;

type Right = keyof typeof DOING;

/** The server refused, because the client lacks this interaction of its AccessPolicy. The message says what to do. */
export class MissingRight extends Error {
  readonly right: Right;

  constructor(right: Right, type: string) {
    super(
      `this client lacks a right: “${right}” of ${type}. Grant it in the client’s AccessPolicy, or run setup once with ` +
        'the client of an administrator',
    );
    this.name = 'MissingRight';
    this.right = right;
  }
}

/** Runs a request that needs this right. */
async function needing<T>(right: Right, type: string, work: () => Promise<T>): Promise<T> {
  try {
    return await attempt(`${DOING[right]} a ${type}`, work);
  } catch (error) {
    if (error instanceof RecordError && error.kind === 'forbidden') throw new MissingRight(right, type);
    throw error;
  }
}

/** Why a part could not be brought in, and what to do, for whoever runs the installation. */
function explain(error: MissingRight | RecordError): string {
  if (error instanceof MissingRight) return error.message;
  if (error.kind === 'throttled') return 'the server’s quota is used up; run it again in a minute';
  return `the server refused it: ${error.message}`;
}
