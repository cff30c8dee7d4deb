import { writesOf } from '../record/writes.ts';
import type { Member } from '../routing/eligibility.ts';
import { findReason } from '../routing/reasons.ts';
import { readSlash, shorten, unknownReason } from '../slash.ts';
import { checkInputs, decide, findVerb } from '../verbs/index.ts';
import {
  type Accepted,
  type Inputs,
  type Refused,
  refuse,
  type Situation,
  type Verb,
} from '../verbs/verb.ts';
import type { Committed } from './commit.ts';
import type { DeskParts } from './desk-parts.ts';
import { formOf } from './forms.ts';
import { withRetries } from './patience.ts';
import type { ChatUser } from './ports/chat.ts';
import type { Answer, CommandRequest, Desk } from './ports/desk.ts';
import { RecordError } from './ports/record.ts';
import { poolQueue, taskChoices } from './queue.ts';
import { findTarget, targetChoices } from './targets.ts';

/** How often a command is decided anew when somebody else was quicker. */
const TRIES = 3;

/** The front desk: chat's words in, an answer out. What a person did wrong is an answer; only defects are logged. */
export function createDesk(parts: DeskParts): Desk {
  const { people, ledger, pools, log } = parts;

  async function run(request: CommandRequest): Promise<Answer> {
    try {
      return toAnswer(await command(request));
    } catch (error) {
      const level = error instanceof RecordError ? 'warn' : 'error';
      log[level]({ err: error, verb: request.verb }, 'a command failed');
      return { kind: 'refused', sentence: apology(error) };
    }
  }

  async function command(request: CommandRequest): Promise<Accepted | Refused> {
    const verb = findVerb(request.verb);
    if (verb === undefined) return refuse(`There is no “${shorten(request.verb)}”.`);
    const plain = plainInputs(verb, request);
    if ('kind' in plain) return plain;
    // The target is looked up later; what is wrong with the rest can be said at once.
    const fault = checkInputs(verb, {
      ...plain,
      ...(request.inputs.target && { target: request.inputs.target }),
    });
    if (fault) return fault;
    const taskId = await resolveTask(request.task);
    if (typeof taskId !== 'string') return taskId;
    const identity = await people.identify(request.by);
    if (identity.kind === 'stranger') return refuse(identity.sentence);
    const { target } = request.inputs;
    const found = target && (await findTarget(target, request.by, pools, people));
    if (found && found.kind === 'refused') return found;
    return settle(verb, { ...plain, ...(found && { target: found }) }, taskId, identity.member);
  }

  /** Read, decide, write; where somebody else was quicker, again on what the record says now. */
  async function settle(
    verb: Verb,
    inputs: Inputs,
    taskId: string,
    actor: Member,
  ): Promise<Accepted | Refused> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const situation = await situationOf(verb, taskId, actor);
      if (situation === undefined)
        return refuse(`There is no Task “${shorten(taskId)}” in the record any more.`);
      const decision = decide(verb, inputs, situation);
      if (decision.kind === 'refused') return decision;
      const outcome: Committed = await parts.commit.run(writesOf(decision, situation, parts.recipients));
      log.info({ task: taskId, verb: verb.name, by: actor.practitioner.id, outcome, attempt }, 'command');
      if (outcome === 'lost') continue;
      await mark(taskId);
      return outcome === 'done' ? decision : refuse(UNKNOWN);
    }
    return refuse(
      'Others are changing this Task at this very moment; nothing of yours was written. Try again.',
    );
  }

  async function situationOf(verb: Verb, taskId: string, actor: Member): Promise<Situation | undefined> {
    const seen = await withRetries(() => parts.store.observe(taskId));
    if (seen === undefined) return undefined;
    const { rules, now } = parts;
    const situation: Situation = { ...seen, actor, pools, rules, now: now() };
    if (!verb.needsOrigin || seen.task.performerType?.length) return situation;
    const versions = await withRetries(() => parts.store.versions(taskId));
    const origin = versions.find((version) => version.performerType?.length)?.performerType;
    return origin ? { ...situation, origin } : situation;
  }

  /** Cards follow by a job. The record is written already, so a ledger that is away must not turn yes into no. */
  async function mark(taskId: string): Promise<void> {
    try {
      await parts.jobs.mark(taskId);
    } catch (error) {
      log.error({ err: error, task: taskId }, 'the cards will follow with the next sweep');
    }
  }

  /** A Task by its id or by the beginning of it. */
  async function resolveTask(words: string): Promise<string | Refused> {
    const typed = words.trim().replace(/^Task\//, '');
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(typed)) return refuse(`“${shorten(words)}” is no Task. ${HOW_TO_NAME}`);
    const lower = typed.toLowerCase();
    const ids = await ledger.taskIdsByPrefix(lower, 4);
    const known = ids.length > 0 || lower === typed ? ids : await ledger.taskIdsByPrefix(typed, 4);
    if (known.includes(typed)) return typed;
    if (known.length > 1) {
      const some = known
        .slice(0, 3)
        .map((id) => id.slice(0, typed.length + 4))
        .join(', ');
      return refuse(`“${typed}” fits several Tasks (${some}…). Type more of the reference.`);
    }
    // A whole id may belong to a Task that never had a card.
    return known[0] ?? (typed.length >= 20 ? typed : refuse(`There is no Task “${typed}”. ${HOW_TO_NAME}`));
  }

  return {
    run,
    form: (verb, taskId) => formOf(verb, taskId, pools),

    say: async (word, text, by) => {
      try {
        const said = readSlash(word, text);
        switch (said.kind) {
          case 'wrong':
            return answered(refuse(said.sentence));
          case 'query':
            return await poolQueue(said.words, by, parts);
          case 'command':
            return { kind: 'answer', answer: await run(toRequest(said.verb, said.task, said.inputs, by)) };
          case 'dialog': {
            const taskId = said.task === undefined ? undefined : await resolveTask(said.task);
            if (taskId !== undefined && typeof taskId !== 'string') return answered(taskId);
            const form = formOf(said.verb.name, taskId, pools);
            return form ? { kind: 'dialog', form } : answered(refuse(`There is no /${word}.`));
          }
          default:
            return said satisfies never;
        }
      } catch (error) {
        log.error({ err: error, word }, 'a slash command failed');
        return answered(refuse(apology(error)));
      }
    },

    search: async (input, words, by) => {
      try {
        const identity = await people.identify(by);
        // Who works here is told to nobody whom we do not know.
        if (identity.kind === 'stranger') return [];
        if (input === 'target') return await targetChoices(words, pools, people, parts.now());
        if (input === 'task') return await taskChoices(words, identity.member, parts);
        return [];
      } catch (error) {
        log.warn({ err: error, input }, 'a type-ahead failed');
        return [];
      }
    },
  };
}

const HOW_TO_NAME = 'Its reference stands at the end of its card, and /tasks lists what waits.';

const UNKNOWN =
  'The record went silent in the middle of this. Whether it was done will show on the card as soon as the record answers again.';

function toRequest(
  verb: Verb,
  task: string,
  inputs: { target?: string; reason?: { code: string }; note?: string },
  by: ChatUser,
): CommandRequest {
  const { target, reason, note } = inputs;
  return {
    verb: verb.name,
    task,
    by,
    inputs: { ...(target && { target }), ...(reason && { reason: reason.code }), ...(note && { note }) },
  };
}

/** The inputs that need no look-up, understood. */
function plainInputs(verb: Verb, { inputs }: CommandRequest): Pick<Inputs, 'reason' | 'note'> | Refused {
  const reason = inputs.reason === undefined ? undefined : findReason(inputs.reason);
  if (inputs.reason && reason === undefined) return refuse(unknownReason(inputs.reason, verb), 'reason');
  const note = inputs.note?.trim();
  return { ...(reason && { reason }), ...(note && { note }) };
}

function toAnswer(decision: Accepted | Refused): Answer {
  if (decision.kind === 'accepted') return { kind: 'done', sentence: decision.sentence };
  const { sentence, field } = decision;
  return { kind: 'refused', sentence, ...(field && { field }) };
}

function answered(refused: Refused) {
  return { kind: 'answer', answer: toAnswer(refused) } as const;
}

function apology(error: unknown): string {
  if (!(error instanceof RecordError))
    return 'Something went wrong here; nothing was changed. Your administrator can see it in the log.';
  switch (error.kind) {
    case 'forbidden':
      return 'The record does not allow this; nothing was changed. Your administrator can look at the access policy.';
    case 'throttled':
      return 'The record is busy just now; nothing was changed. Try again in a minute.';
    case 'conflict':
      return 'Others are changing this Task at this very moment; nothing was changed. Try again.';
    case 'invalid':
    case 'lost':
    case 'gone':
      return 'The record refused this; nothing was changed. Your administrator can see it in the log.';
    case 'unreachable':
      return 'The record is not reachable just now; nothing was changed.';
    default:
      return error.kind satisfies never;
  }
}
