import type { Task } from '@medplum/fhirtypes';
import { absenceOf, absenceSentence } from '../duties/away.ts';
import type { CoverageRules } from '../duties/coverage.ts';
import { type Deed, deedOf, versionLeftOf } from '../record/provenance.ts';
import { type Member, nameOf, roleNames } from '../routing/eligibility.ts';
import { poolsOf } from '../routing/pools.ts';
import { type Destination, type Prospect, previewSentences } from '../routing/preview.ts';
import { whoIs } from '../routing/who.ts';
import { owns } from '../verbs/holder.ts';
import { reroute } from '../verbs/reroute.ts';
import type { Situation, Target } from '../verbs/verb.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { Desk } from './ports/desk.ts';
import type { Observation } from './ports/record.ts';
import { longestWait, ownedBy } from './queue.ts';
import { readStory, type Story } from './story.ts';
import { findTarget } from './targets.ts';

/** What sending a Task somewhere would mean; why it cannot go there, where the rules say so. */
export function createPreview(parts: DeskParts): Desk['preview'] {
  const { people, store, pools, rules } = parts;

  return async (taskId, words, by) => {
    const identity = await people.identify(by);
    // Who works here is told to nobody whom we do not know.
    if (identity.kind === 'stranger' || words.trim() === '') return [];
    const { member: actor } = identity;
    const target = await findTarget(words, by, pools, people);
    if (target.kind === 'refused') return [target.sentence];
    const seen = await withRetries(() => store.observe(taskId));
    if (seen === undefined) return [];
    const situation: Situation = { ...seen, actor, pools, rules, now: parts.now() };
    const decision = reroute.decide({ target }, situation);
    if (decision.kind === 'refused') return [decision.sentence];
    const kept = decision.successor ? 'kept' : 'lost';
    const story = hasMoved(seen) ? await readStory(taskId, store) : undefined;
    const reroutes = story ? reroutesIn(story) : [];
    return previewSentences({
      to: await destination(target, seen.task),
      sight: owns(actor, seen.task) ? kept : 'not theirs',
      back: story && cameFrom(target, story, reroutes.at(-1)),
      reroutes: reroutes.length,
    });
  };

  async function destination(target: Target, task: Task): Promise<Destination> {
    const now = parts.now();
    if (target.kind === 'pool') {
      const [holders, { waiting, oldest }] = await Promise.all([
        withRetries(() => people.holders(target.pool)),
        longestWait(target.pool, parts),
      ]);
      const oldestMs = oldest === undefined ? undefined : now.getTime() - Date.parse(oldest);
      return { kind: 'pool', people: holders.length, waiting, oldestMs };
    }
    const { member } = target;
    return {
      kind: 'person',
      name: nameOf(member.practitioner),
      roles: roleNames(member, now),
      away: awayNow(member, task, now),
      openTasks: (await ownedBy(member, parts)).length,
    };
  }

  /** Whether the Task was just there: the version that its last reroute left, in this Task or in the one before it. */
  function cameFrom(target: Target, story: Story, last: Reroute | undefined): Prospect['back'] {
    const from = last && versionOf(story, last.left);
    if (from === undefined || !wasAt(from, target)) return undefined;
    return { by: whoIs(last?.deed.who), reason: last?.deed.reason?.display };
  }

  function wasAt(version: Task, target: Target): boolean {
    if (target.kind === 'person') return owns(target.member, version);
    return poolsOf(version, pools).some(({ id }) => id === target.pool.id);
  }
}

/** A Task that was never rerouted has no past that is worth a look. What made it was a reroute, where it is a new one. */
function hasMoved({ provenances }: Observation): boolean {
  return provenances.some((one) => deedOf(one)?.verb === reroute.name);
}

interface Reroute {
  readonly deed: Deed;
  /** The version that it left. */
  readonly left: string | undefined;
}

/** Every reroute of a story, oldest first; one that made a new Task stands beside both of them and counts once. */
function reroutesIn({ chapters }: Story): readonly Reroute[] {
  const all = chapters
    .flatMap(({ provenances }) => provenances)
    .flatMap((provenance): Reroute[] => {
      const deed = deedOf(provenance);
      return deed?.verb === reroute.name ? [{ deed, left: versionLeftOf(provenance) }] : [];
    });
  const once = new Map(all.map((one) => [one.left ?? one.deed.at, one]));
  return [...once.values()].sort((a, b) => a.deed.at.localeCompare(b.deed.at));
}

function versionOf({ chapters }: Story, left: string | undefined): Task | undefined {
  return chapters
    .flatMap(({ task, versions }) => versions.map((version) => ({ id: task.id, version })))
    .find(({ id, version }) => `Task/${id}/_history/${version.meta?.versionId}` === left)?.version;
}

/** What the record itself says of an absence; nobody's calendar is read for a look. */
const AWAY: CoverageRules = { away: ['not-available'], freeSlotWithinMinutes: 0, covers: {} };

function awayNow(member: Member, task: Task, now: Date): string | undefined {
  const absence = absenceOf(member, task, AWAY, now);
  return absence && absenceSentence(member.practitioner, absence);
}
