import { findQuery } from '../queries/index.ts';
import { clean, shorten } from '../queries/typed.ts';
import { readSlash } from '../slash.ts';
import { findVerb } from '../verbs/index.ts';
import { ALL, meansAll, type Verb } from '../verbs/verb.ts';
import { apology } from './apology.ts';
import { createAsk } from './ask.ts';
import { createCommands, toAnswer } from './commands.ts';
import type { DeskParts } from './desk-parts.ts';
import { createTakeWish } from './digest/wishes.ts';
import { formOf } from './forms.ts';
import { createNext } from './next.ts';
import type { ChatUser } from './ports/chat.ts';
import type { Answer, CommandRequest, Desk, Said } from './ports/desk.ts';
import { RecordError } from './ports/record.ts';
import { createPreview } from './preview.ts';
import { taskChoices } from './queue.ts';
import { createReleaseAll } from './release-all.ts';
import { resolveTask } from './resolve-task.ts';
import { targetChoices } from './targets.ts';
import { createUnfurl } from './unfurl.ts';

/** The front desk: chat's words in, an answer out. What a person did wrong is an answer; only defects are logged. */
export function createDesk(parts: DeskParts): Desk {
  const { people, ledger, jobs, pools, reasons, log } = parts;
  const commands = createCommands(parts);
  const ask = createAsk(parts);
  const next = createNext(parts, commands);
  const releaseAll = createReleaseAll(parts, commands);
  const preview = createPreview(parts);
  const unfurl = createUnfurl(parts);
  const takeWish = createTakeWish(parts);

  const form: Desk['form'] = (verb, taskId, given = {}) => formOf(verb, taskId, pools, reasons(), given);

  const run: Desk['run'] = (request) => {
    const verb = findVerb(request.verb);
    return (verb && meansAll(verb, request.task) ? releaseAll : commands.run)(cleaned(request));
  };

  const whichTask = (verb: Verb, words: string) => (meansAll(verb, words) ? ALL : resolveTask(words, ledger));

  /** The answer, or the dialog for what the verb turned out to need. */
  async function runOrAsk(request: CommandRequest): Promise<Said> {
    const answer = await run(request);
    if (!answer.field || Object.keys(request.inputs).length > 0) return { kind: 'answer', answer };
    const taskId = await resolveTask(request.task, ledger);
    const asked = typeof taskId === 'string' ? form(request.verb, taskId) : undefined;
    return asked ? { kind: 'dialog', form: { ...asked, lead: answer.sentence } } : { kind: 'answer', answer };
  }

  async function press(word: string, taskId: string, by: ChatUser): Promise<Said> {
    const query = findQuery(word);
    if (query)
      return { kind: 'listing', listing: await ask({ query: query.name, words: taskId, page: 1 }, by) };
    const verb = findVerb(word);
    const asked = verb && needsDialog(verb) ? form(word, taskId) : undefined;
    if (asked) return { kind: 'dialog', form: asked };
    return runOrAsk({ verb: word, task: taskId, by, inputs: {} });
  }

  async function say(word: string, text: string, by: ChatUser): Promise<Said> {
    const said = readSlash(word, text, reasons(), pools);
    switch (said.kind) {
      case 'wrong':
        return refused(said.sentence);
      case 'query':
        return {
          kind: 'listing',
          listing: await ask({ query: said.query.name, words: said.words, page: 1 }, by),
        };
      case 'next':
        return next(said.words, by);
      case 'digest':
        return { kind: 'answer', answer: await takeWish(said.wish, by) };
      case 'command': {
        const { target, reason, until, note } = said.inputs;
        const inputs = {
          ...(target && { target }),
          ...(reason && { reason: reason.code }),
          ...(until && { until }),
          ...(note && { note }),
        };
        return runOrAsk({ verb: said.verb.name, task: said.task, by, inputs });
      }
      case 'dialog': {
        const { verb, task } = said;
        const taskId = task === undefined ? undefined : await whichTask(verb, task);
        if (taskId !== undefined && typeof taskId !== 'string')
          return { kind: 'answer', answer: toAnswer(taskId) };
        const asked = form(verb.name, taskId);
        return asked ? { kind: 'dialog', form: asked } : refused(`There is no /${word}.`);
      }
      default:
        return said satisfies never;
    }
  }

  return {
    run,
    form,
    press: (word, taskId, by) => press(word, taskId, by).catch((error: unknown) => failed(error, word)),
    say: (word, text, by) => say(word, text, by).catch((error: unknown) => failed(error, word)),

    ask: async (question, by) => {
      try {
        return await ask(question, by);
      } catch (error) {
        const level = error instanceof RecordError ? 'warn' : 'error';
        log[level]({ err: error, query: shorten(question.query) }, 'a query failed');
        return { sentence: apology(error), sections: [] };
      }
    },

    search: async (input, typed, by) => {
      try {
        const words = clean(typed);
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

    preview: async (taskId, target, by) => {
      try {
        return await preview(taskId, clean(target), by);
      } catch (error) {
        log.warn({ err: error, task: taskId }, 'a preview failed');
        return [];
      }
    },

    openHome: async (by) => {
      try {
        const identity = await people.identify(by);
        if (identity.kind === 'member') await ledger.homeOpened(by, identity.member.practitioner.id);
        await jobs.markHome(by, 'at once');
      } catch (error) {
        log.warn({ err: error }, 'a Home could not be drawn');
      }
    },

    unfurl: async (link, surface) => {
      try {
        return await unfurl(link, surface);
      } catch (error) {
        log.warn({ err: error }, 'a link could not be unfurled');
        return undefined;
      }
    },
  };

  function failed(error: unknown, word: string): Said {
    const level = error instanceof RecordError ? 'warn' : 'error';
    log[level]({ err: error, word: shorten(word) }, 'typed words or a press failed');
    return refused(apology(error));
  }
}

/** What a dialog brings was typed too, and the record refuses some of what can be typed. */
function cleaned(request: CommandRequest): CommandRequest {
  const inputs = Object.entries(request.inputs).map(([name, words]) => [name, clean(words)]);
  return { ...request, inputs: Object.fromEntries(inputs) };
}

/** Some verbs cannot be run before they have been told something. */
function needsDialog(verb: Verb): boolean {
  return verb.fields.some((field) => field.required);
}

function refused(sentence: string): Said {
  const answer: Answer = { kind: 'refused', sentence };
  return { kind: 'answer', answer };
}
