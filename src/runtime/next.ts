import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@medplum/fhirtypes';
import { type Asking, goneSentence, NO_POOLS } from '../queries/asking.ts';
import { quoted } from '../queries/counting.ts';
import { listTaken } from '../queries/taken.ts';
import { namedPool } from '../queries/tasks.ts';
import { type Member, mayClaim, roleNames } from '../routing/eligibility.ts';
import { joinWords, type Pool } from '../routing/pools.ts';
import { standingOf } from '../routing/task.ts';
import { NEXT } from '../slash.ts';
import { claim } from '../verbs/claim.ts';
import { owns } from '../verbs/holder.ts';
import { type Refused, refuse } from '../verbs/verb.ts';
import type { Commands } from './commands.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { ChatUser } from './ports/chat.ts';
import type { Said } from './ports/desk.ts';
import { LedgerError } from './ports/ledger.ts';
import { mostUrgentIn, poolsHeldBy } from './queue.ts';
import { type Reading, shareReads } from './shared-read.ts';

/** How old a queue may be that somebody else has just read. */
const SHARED_MS = 300;
/** How long a Task is kept for one person, who is claiming it. */
const RESERVED_MS = 10_000;
/** Others may give back what they are just taking: so long is waited between two looks, fifteen seconds in all. */
const WAITS_MS = [100, 200, 400, 800, 1_000, 1_500, 2_000, 2_000, 2_000, 2_500, 2_500];
/** Whoever loses so many Tasks to others may ask again. */
const TRIES = 20;

type WaitingTask = Task & { id: string };

/** `next [pool]`: claims the most urgent, oldest Task that the person may claim. */
export function createNext(
  parts: DeskParts,
  commands: Pick<Commands, 'settle'>,
  waits: readonly number[] = WAITS_MS,
): (words: string, by: ChatUser) => Promise<Said> {
  const { people, store, ledger, pools, rules, taskLink, log } = parts;
  const clock = () => performance.now();
  const queue = shareReads<readonly WaitingTask[]>(
    (ids) =>
      mostUrgentIn(
        ids.split(' ').flatMap((id) => pools.filter((pool) => pool.id === id)),
        parts,
      ),
    clock,
  );
  /** When Tasks left the queue: a queue that was read before does not know it. */
  const left = new Map<string, number>();
  const inTurn = createTurns();

  return async (words, by) => {
    const identity = await people.identify(by);
    if (identity.kind === 'stranger') return no(identity.sentence);
    const { member: actor } = identity;
    const among = goneSentence(actor) ?? claimable(words, actor);
    if (typeof among === 'string') return no(among);
    const taken = await take(among, actor);
    if ('kind' in taken) return no(taken.sentence);
    const question = { query: NEXT.name, words, page: 1 };
    const asking: Asking = { question, actor, pools, rules, taskLink, now: parts.now() };
    return { kind: 'listing', listing: listTaken(taken, asking) };
  };

  /** The pools among which is looked: the named one or all in which the person may claim; or why there is none. */
  function claimable(words: string, actor: Member): readonly Pool[] | string {
    const held = poolsHeldBy(actor, parts);
    if (words.trim() === '') return held.length > 0 ? held : NO_POOLS;
    const named = namedPool(words, pools);
    if (typeof named === 'string') return named;
    if (held.includes(named)) return [named];
    const roles = joinWords(roleNames(actor, parts.now()).map((name) => `“${name}”`));
    const yours =
      roles === undefined ? 'you have no active role in the record' : `your role in the record is ${roles}`;
    return `What waits in “${named.name}” is not for you to claim: ${yours}.`;
  }

  async function take(among: readonly Pool[], actor: Member): Promise<WaitingTask | Refused> {
    const names = quoted(among.map((pool) => pool.name));
    const began = clock();
    let looks = 0;
    for (let tries = 0; tries < TRIES; ) {
      const seen = await look(among, clock() - SHARED_MS);
      // That nothing is left is only said after a look of one's own.
      if (waitingFor(actor, seen).length === 0 && waitingFor(actor, await look(among, began)).length === 0)
        return refuse(`Nothing is left for you in ${names}.`);
      const task = await inTurn(() => reserve(waitingFor(actor, seen)));
      if (task) {
        const outcome = await tryFor(task, actor);
        if (outcome !== 'lost') return outcome;
        tries++;
      } else {
        const wait = waits[looks++];
        if (wait === undefined) break;
        // Those who wait together are not to look together.
        await sleep(wait * (0.75 + Math.random() / 2));
      }
    }
    return refuse(`Others are taking what waits in ${names} at this very moment. Try again.`);
  }

  /** The queue of these pools, by a look that began no earlier. */
  function look(among: readonly Pool[], notBefore: number): Promise<Reading<readonly WaitingTask[]>> {
    return queue.read(among.map(({ id }) => id).join(' '), notBefore);
  }

  /** What of it this person may claim, and what has not left since. */
  function waitingFor(
    actor: Member,
    { began, value }: Reading<readonly WaitingTask[]>,
  ): readonly WaitingTask[] {
    const now = parts.now();
    return value.filter((task) => (left.get(task.id) ?? -1) < began && mayClaim(task, actor, now));
  }

  async function reserve(tasks: readonly WaitingTask[]): Promise<WaitingTask | undefined> {
    try {
      const ids = tasks.map((task) => task.id);
      const id = await ledger.reserve(ids, RESERVED_MS);
      return tasks.find((task) => task.id === id);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      // The claim is guarded in the record; without reservations more of them are lost, and tried again.
      log.warn({ err: error }, 'Tasks cannot be reserved now');
      return tasks[0];
    }
  }

  /** Claims it; `lost` where somebody else has it now. */
  async function tryFor(task: WaitingTask, actor: Member): Promise<WaitingTask | Refused | 'lost'> {
    try {
      const decision = await commands.settle(claim, {}, task.id, actor);
      const outcome = decision.kind === 'accepted' ? task : await whatCame(task, decision, actor);
      if (outcome === task || outcome === 'lost') leave(task.id);
      return outcome;
    } finally {
      // In turn as well: whoever is just being given one must not get what has left meanwhile.
      await inTurn(() => ledger.unreserve(task.id)).catch((error: unknown) => {
        log.warn({ err: error, task: task.id }, 'a Task stays reserved for some seconds');
      });
    }
  }

  /** A refusal is about the Task, which somebody else was quicker to take, or about the person. */
  async function whatCame(
    task: WaitingTask,
    refused: Refused,
    actor: Member,
  ): Promise<WaitingTask | Refused | 'lost'> {
    const seen = await withRetries(() => store.observe(task.id));
    if (seen === undefined) return 'lost';
    if (owns(actor, seen.task)) return task;
    const stillWaits =
      standingOf(seen.task, rules) === 'unclaimed' && mayClaim(seen.task, actor, parts.now());
    return stillWaits ? refused : 'lost';
  }

  function leave(taskId: string): void {
    left.delete(taskId);
    left.set(taskId, clock());
    // A Map remembers the order: the one that left first is of use to nobody any more.
    const [oldest] = left.keys();
    if (left.size > REMEMBERED && oldest !== undefined) left.delete(oldest);
  }
}

const REMEMBERED = 1_000;

function no(sentence: string): Said {
  return { kind: 'answer', answer: { kind: 'refused', sentence } };
}

/**
 * One after the other: two hundred who reserve at once would each try for what the others have just got, and the ledger
 * would be asked for every pair of them.
 */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
