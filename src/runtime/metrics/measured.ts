import type { Task } from '@medplum/fhirtypes';
import type { Step } from '../../cards/diff.ts';
import { surfaceKey } from '../../cards/surfaces.ts';
import type { RecordCall } from '../../medplum/calls.ts';
import { STEP_SYSTEM } from '../../record/provenance.ts';
import type { Pool, PoolChannel } from '../../routing/pools.ts';
import { WORDS } from '../../slash.ts';
import { reasonIn } from '../apology.ts';
import type { Commit } from '../commit.ts';
import { ChatError, type ChatPlatform } from '../ports/chat.ts';
import type { Answer, Desk, Said } from '../ports/desk.ts';
import type { Metrics } from './metrics.ts';

/** Times every answer of the desk, and counts those that say no. @param now milliseconds. */
export function measureDesk(desk: Desk, { answer, refusals }: Metrics, now: () => number): Desk {
  async function timed<T>(word: string, kindOf: (result: T) => Kind, work: Promise<T>): Promise<T> {
    const began = now();
    const result = await work;
    const { kind, sentence } = kindOf(result);
    const known = WORDS.find(({ name }) => name === word.trim().toLowerCase())?.name ?? 'other';
    answer.observe({ word: known, kind }, (now() - began) / 1000);
    if (kind === 'refused') refusals.inc({ word: known, reason: reasonIn(sentence ?? '') });
    return result;
  }

  return {
    ...desk,
    run: (request) => timed(request.verb, ofAnswer, desk.run(request)),
    press: (word, taskId, by) => timed(word, ofSaid, desk.press(word, taskId, by)),
    say: (word, text, by) => timed(word, ofSaid, desk.say(word, text, by)),
    ask: (question, by) => timed(question.query, () => ({ kind: 'listing' }), desk.ask(question, by)),
  };
}

interface Kind {
  readonly kind: 'done' | 'refused' | 'listing' | 'dialog';
  readonly sentence?: string;
}

function ofAnswer({ kind, sentence }: Answer): Kind {
  return { kind, sentence };
}

function ofSaid(said: Said): Kind {
  return said.kind === 'answer' ? ofAnswer(said.answer) : { kind: said.kind };
}

/** Counts what is posted, what is in doubt, and how that was settled. */
export function measurePlatform(platform: ChatPlatform, metrics: Metrics): ChatPlatform {
  const { name } = platform;
  return {
    ...platform,
    post: async (surface, card, key) => {
      try {
        const ref = await platform.post(surface, card, key);
        metrics.posts.inc({ platform: name, about: key.task === undefined ? 'digest' : 'task' });
        return ref;
      } catch (error) {
        if (error instanceof ChatError && error.kind === 'in-doubt') metrics.doubts.inc({ platform: name });
        throw error;
      }
    },
    find: async (surface, key, since) => {
      const found = await platform.find(surface, key, since);
      metrics.settled.inc({ platform: name, found: found === undefined ? 'no' : 'yes' });
      if (found === undefined) metrics.maybeTwice.inc({ platform: name });
      return found;
    },
  };
}

/** Counts what is written, and the steps of ladders among it. */
export function measureCommit(commit: Commit, { commits, escalations }: Metrics): Commit {
  return {
    ...commit,
    run: async (writes) => {
      try {
        const outcome = await commit.run(writes);
        commits.inc({ outcome });
        const step = writes.provenance.activity?.coding?.find(({ system }) => system === STEP_SYSTEM)?.code;
        // `<pool>/<index>/<kind>`: pools and kinds are few, and the kind is what is asked for.
        if (step && outcome === 'done') escalations.inc({ step: step.split('/').at(-1) ?? 'other' });
        return outcome;
      } catch (error) {
        commits.inc({ outcome: 'failed' });
        throw error;
      }
    },
  };
}

export function countCall({ requests, units }: Metrics, call: RecordCall): void {
  requests.inc({ operation: call.operation, outcome: call.outcome });
  if (call.units > 0) units.inc({ operation: call.operation }, call.units);
}

/** Times the cards that say something new. @param now milliseconds, by the application's clock. */
export function timeCards({ card }: Metrics, now: () => number): (step: Step, task: Task) => void {
  return ({ kind, desired }, { meta }) => {
    const changed = Date.parse(meta?.lastUpdated ?? '');
    if (Number.isNaN(changed)) return;
    const seconds = Math.max(0, now() - changed) / 1000;
    card.observe({ platform: desired.surface.platform, step: kind }, seconds);
  };
}

/** The configured channels by their keys; whatever else there is, people's direct messages, under one name. */
export function nameSurfaces(
  pools: readonly Pool[],
  operations: readonly PoolChannel[],
): (surface: string) => string {
  const channels = [...pools.flatMap((pool) => pool.channels), ...operations];
  const known = new Set(
    channels.map(({ platform, channel }) => surfaceKey({ platform, kind: 'channel', id: channel })),
  );
  return (surface) => (known.has(surface) ? surface : 'direct');
}
