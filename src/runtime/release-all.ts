import type { Task } from '@medplum/fhirtypes';
import { releasedSentence } from '../queries/released.ts';
import type { Member } from '../routing/eligibility.ts';
import { CLOSED } from '../routing/task.ts';
import { owns } from '../verbs/holder.ts';
import { checkInputs } from '../verbs/index.ts';
import { release } from '../verbs/release.ts';
import type { Inputs } from '../verbs/verb.ts';
import { aFewAtATime } from './a-few.ts';
import { apology } from './apology.ts';
import { type Commands, plainInputs, toAnswer } from './commands.ts';
import type { DeskParts } from './desk-parts.ts';
import { withRetries } from './patience.ts';
import type { Answer, CommandRequest } from './ports/desk.ts';
import { RecordError } from './ports/record.ts';

/** The record has others to serve as well. */
const FEW = 4;

type OpenTask = Task & { id: string };
type Outcome = 'back' | 'gone' | { readonly stays: string };

/**
 * `release all`: everything that the person has, claimed or assigned, goes back to its pool by the verb itself, so that
 * each Task has the reason and a Provenance of its own. What cannot is said. Twice at once is harmless: a Task that is
 * not theirs any more is passed over. Never throws.
 */
export function createReleaseAll(
  parts: DeskParts,
  commands: Pick<Commands, 'settle'>,
): (request: CommandRequest) => Promise<Answer> {
  const { people, store, log } = parts;

  async function releaseAll(request: CommandRequest): Promise<Answer> {
    const inputs = plainInputs(release, request, parts.reasons());
    if ('kind' in inputs) return toAnswer(inputs);
    const fault = checkInputs(release, inputs);
    if (fault) return toAnswer(fault);
    const identity = await people.identify(request.by);
    if (identity.kind === 'stranger') return { kind: 'refused', sentence: identity.sentence };
    const { member: actor } = identity;
    const tasks = await withRetries(() => ownedNow(actor));
    let back = 0;
    const stay: string[] = [];
    await aFewAtATime(tasks, FEW, async (task) => {
      const why = await give(task, inputs, actor);
      if (why === 'back') back++;
      else if (why !== 'gone') stay.push(why.stays);
    });
    log.info({ by: actor.practitioner.id, tasks: tasks.length, back, stay: stay.length }, 'release all');
    return { kind: back > 0 ? 'done' : 'refused', sentence: releasedSentence({ back, stay }) };
  }

  /** All at once: the pages are in the order of the last change, and each release is one. */
  async function ownedNow({ practitioner }: Member): Promise<OpenTask[]> {
    const tasks: OpenTask[] = [];
    for await (const task of store.ownedBy(practitioner.id)) tasks.push(task);
    return tasks;
  }

  /** `gone` where it is not theirs any more; why, where it stays. */
  async function give(task: OpenTask, inputs: Inputs, actor: Member): Promise<Outcome> {
    try {
      const decision = await commands.settle(release, inputs, task.id, actor);
      if (decision.kind === 'accepted') return 'back';
      const seen = await withRetries(() => store.observe(task.id));
      const isTheirs = seen && owns(actor, seen.task) && !CLOSED.includes(seen.task.status);
      return isTheirs ? { stays: decision.sentence } : 'gone';
    } catch (error) {
      const level = error instanceof RecordError ? 'warn' : 'error';
      log[level]({ err: error, task: task.id }, 'a Task could not be released with the others');
      return { stays: apology(error) };
    }
  }

  return async (request) => {
    try {
      return await releaseAll(request);
    } catch (error) {
      const level = error instanceof RecordError ? 'warn' : 'error';
      log[level]({ err: error }, 'a release of everything failed');
      return { kind: 'refused', sentence: apology(error) };
    }
  };
}
