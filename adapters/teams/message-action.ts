import type { ChatUser, Choice, Desk, Form } from '../../src/index.ts';
import { submitAction } from './actions.ts';
import type { Acts } from './acts.ts';
import { toDialogCard } from './adaptive-card.ts';
import { CLOSED, dialogAnswer } from './answers.ts';
import type { InvokeAnswer } from './auth.ts';
import type { ChosenMessage } from './chosen-message.ts';
import type { Submission } from './press.ts';

/**
 * What stands in the menu of every message in Teams: the message's words become the note of a Task. Its id is the verb
 * that is run.
 */
export const MESSAGE_ACTION = {
  id: 'note',
  title: 'Add to Task note',
  description: 'Put what this message says into the note of a Task',
} as const;

const UNKNOWN = 'This is not known any more; nothing was done.';

/** How long the same note for the same Task is taken for the same click. Teams tries twice more after 5 s each. */
const REPEATED_MS = 30_000;

/** What comes of a submission: the answer, and what the person is told once the dialog is closed. */
export interface Submitted {
  readonly answer: InvokeAnswer;
  readonly told?: string;
}

/** The dialog of the message action, from opening to closing. */
export interface MessageActions {
  open(command: string, message: ChosenMessage, by: ChatUser): Promise<InvokeAnswer>;
  submit(command: string, submission: Submission, by: ChatUser): Promise<Submitted>;
}

export function createMessageActions(desk: Desk, acts: Acts, now: () => number): MessageActions {
  /** What has just been submitted, by person and content. */
  const recent = new Map<string, { readonly until: number; readonly submitted: Promise<Submitted> }>();

  function draw(form: Form): InvokeAnswer {
    const action = submitAction(form.submit, form.verb, form.task ? { task: form.task.id } : {});
    const title = form.task ? form.title : MESSAGE_ACTION.title;
    return dialogAnswer({ title, card: toDialogCard(form, action) });
  }

  async function run({ taskId, isGiven, inputs }: Submission, by: ChatUser): Promise<Submitted> {
    const { kind, sentence } = await desk.run({ verb: MESSAGE_ACTION.id, task: taskId, by, inputs });
    if (kind === 'done') return { answer: CLOSED, told: sentence };
    const form = desk.form(MESSAGE_ACTION.id, isGiven ? taskId : undefined, inputs);
    if (form === undefined) return { answer: dialogAnswer(sentence) };
    const again = await acts.withFirstChoices({ ...form, lead: sentence }, by);
    return { answer: draw(isGiven ? again : withTask(again, taskId)) };
  }

  return {
    open: async (command, { text, taskId }, by) => {
      const form = command === MESSAGE_ACTION.id ? desk.form(command, taskId, { note: text }) : undefined;
      return form ? draw(await acts.withFirstChoices(form, by)) : dialogAnswer(UNKNOWN);
    },

    submit: async (command, submission, by) => {
      if (command !== MESSAGE_ACTION.id) return { answer: dialogAnswer(UNKNOWN) };
      const key = JSON.stringify([by.tenant, by.id, submission]);
      for (const [one, { until }] of recent) if (until <= now()) recent.delete(one);
      const known = recent.get(key);
      // Told already, or about to be.
      if (known) return { answer: (await known.submitted).answer };
      const submitted = run(submission, by);
      recent.set(key, { until: now() + REPEATED_MS, submitted });
      try {
        const done = await submitted;
        // What was refused may be tried again as it is: the record may think differently by then.
        if (done.told === undefined) recent.delete(key);
        return done;
      } catch (error) {
        recent.delete(key);
        throw error;
      }
    },
  };
}

/** The form with this Task chosen in it. */
function withTask(form: Form, taskId: string): Form {
  if (taskId === '') return form;
  const inputs = form.inputs.map((input) => {
    if (input.name !== 'task') return input;
    const { choices = [] } = input;
    const own: Choice = { value: taskId, label: `Task ${taskId.slice(0, 6)}` };
    const isThere = choices.some(({ value }) => value === taskId);
    return { ...input, initial: taskId, choices: isThere ? choices : [own, ...choices] };
  });
  return { ...form, inputs };
}
