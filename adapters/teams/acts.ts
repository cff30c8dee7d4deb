import type { ChatUser, Desk, Form } from '../../src/index.ts';
import { toFormCard, toSentenceCard } from './adaptive-card.ts';
import { toListingCard } from './listing.ts';
import type { Press } from './press.ts';
import { questionOf } from './questions.ts';
import type { Note } from './tell.ts';

/** What comes of a press or of typed words. */
export interface Outcome {
  /** Answers the press: a sentence, or a card in the place of the one that was pressed. */
  readonly answer: Note;
  /** Told besides, in private; then the answer only says so. */
  readonly aside?: Note;
}

export const UNKNOWN_BUTTON = 'This button is not known any more; nothing was done.';
export const FOLLOWS = 'It follows in a message that only you see.';
export const FORM_FOLLOWS = 'Fill in the form that follows in a message that only you see.';
const NOTHING_TO_SAY = 'There is nothing to say against this, and nothing that you would have to know first.';

/** Does what people ask for by pressing and typing. */
export interface Acts {
  press(press: Press, by: ChatUser): Promise<Outcome>;
  say(typed: { readonly word: string; readonly text: string }, by: ChatUser): Promise<Note>;
  /** A search that begins with nothing shows what is offered before anybody types. */
  withFirstChoices(form: Form, by: ChatUser): Promise<Form>;
}

export function createActs(desk: Desk): Acts {
  async function press(one: Press, by: ChatUser): Promise<Outcome> {
    switch (one.kind) {
      case 'press':
        return pressed(one, by);
      case 'form':
        return filledIn(one, by);
      case 'preview': {
        if (one.target.trim() === '') return { answer: 'Choose first where it should go.' };
        const sentences = await desk.preview(one.taskId, one.target, by);
        return { answer: sentences.join(' ') || NOTHING_TO_SAY };
      }
      case 'turn': {
        const listing = await desk.ask(one.question, by);
        return { answer: toListingCard(listing, { question: one.question }) };
      }
      case 'unsupported':
        return { answer: UNKNOWN_BUTTON };
      default:
        return one satisfies never;
    }
  }

  async function pressed(
    { word, taskId, asked }: Extract<Press, { kind: 'press' }>,
    by: ChatUser,
  ): Promise<Outcome> {
    const said = await desk.press(word, taskId, by);
    switch (said.kind) {
      case 'answer': {
        const { sentence } = said.answer;
        if (asked === undefined) return { answer: sentence };
        const listing = await desk.ask(asked, by);
        // Where the record cannot be read, the rows stay for another try.
        if (listing.sentence === sentence) return { answer: sentence };
        return { answer: toListingCard(listing, { question: asked, done: sentence }) };
      }
      case 'listing': {
        const question = questionOf(word, taskId);
        return { answer: FOLLOWS, aside: toListingCard(said.listing, { question }) };
      }
      case 'dialog': {
        const { lead } = said.form;
        const aside = toFormCard(await withFirstChoices(said.form, by));
        return { answer: lead ? `${lead} ${FORM_FOLLOWS}` : FORM_FOLLOWS, aside };
      }
      default:
        return said satisfies never;
    }
  }

  async function filledIn(form: Extract<Press, { kind: 'form' }>, by: ChatUser): Promise<Outcome> {
    const { verb, taskId: task, inputs, place } = form;
    const { kind, sentence } = await desk.run({ verb, task, by, inputs });
    // A form of its own has done what it was for; in the card of a Task it is the Task that changes.
    return { answer: kind === 'done' && place === 'own' ? toSentenceCard(sentence) : sentence };
  }

  async function say(typed: { readonly word: string; readonly text: string }, by: ChatUser): Promise<Note> {
    const said = await desk.say(typed.word, typed.text, by);
    switch (said.kind) {
      case 'answer':
        return said.answer.sentence;
      case 'listing':
        return toListingCard(said.listing, { question: questionOf(typed.word, typed.text) });
      case 'dialog':
        return toFormCard(await withFirstChoices(said.form, by));
      default:
        return said satisfies never;
    }
  }

  async function withFirstChoices(form: Form, by: ChatUser): Promise<Form> {
    const inputs = form.inputs.map(async (input) => {
      const isEmpty = input.kind === 'search' && !input.choices?.length;
      return isEmpty ? { ...input, choices: await desk.search(input.name, '', by) } : input;
    });
    return { ...form, inputs: await Promise.all(inputs) };
  }

  return { press, say, withFirstChoices };
}
