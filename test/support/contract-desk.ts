import type {
  Answer,
  Card,
  ChatPlatform,
  ChatUser,
  Choice,
  CommandRequest,
  Desk,
  Form,
  FormInput,
  Given,
  Listing,
  Question,
  Said,
  Surface,
} from '../../src/index.ts';
import { findQuery } from '../../src/queries/index.ts';
import { DEFAULT_REASONS } from '../../src/routing/reasons.ts';
import { formOf } from '../../src/runtime/forms.ts';
import { OWN_WORD } from '../../src/slash.ts';
import { findVerb } from '../../src/verbs/index.ts';
import { POOLS, TASK_ID } from './pure-clinic.ts';

/** A desk that knows every dialog, writes down what it is asked, and answers as it is told. */
export class ScriptedDesk implements Desk {
  answer: Answer = { kind: 'done', sentence: 'Done.' };
  saying: Said = { kind: 'answer', answer: { kind: 'done', sentence: 'Done.' } };
  /** What comes of a press, where it is something else than the verb's own dialog, its answer or the query's listing. */
  pressing: Said | undefined;
  /** What a query answers. */
  listing: Listing = { sentence: 'Nothing waits.', sections: [] };
  /** What the pages after the first show. */
  otherPage: Listing = { sentence: 'Nothing more.', sections: [] };
  sentences: readonly string[] = [];
  homeListing: Listing = { sentence: 'Nothing is yours.', sections: [] };
  card: Card | undefined;
  choices: Record<string, readonly Choice[]> = {
    target: [
      { value: 'pool:cardiology', label: 'Cardiologist', group: 'Pools' },
      { value: 'person:ben', label: 'Ben Carter (Cardiologist)', group: 'People' },
    ],
    task: [{ value: TASK_ID, label: 'a1b2c3 · Urgent · Patient message', group: 'Waiting' }],
  };
  /** Where Homes are drawn, once there is a platform. */
  platform: Pick<ChatPlatform, 'publishHome'> | undefined;

  readonly requests: CommandRequest[] = [];
  readonly presses: { word: string; taskId: string; by: ChatUser }[] = [];
  readonly said: { word: string; text: string; by: ChatUser }[] = [];
  readonly questions: { question: Question; by: ChatUser }[] = [];
  readonly searched: { input: string; words: string; by: ChatUser }[] = [];
  readonly previewed: { taskId: string; target: string; by: ChatUser }[] = [];
  readonly homes: ChatUser[] = [];
  readonly unfurled: { link: string; surface: Surface }[] = [];

  run = async (request: CommandRequest): Promise<Answer> => {
    this.requests.push(request);
    return this.answer;
  };

  press = async (word: string, taskId: string, by: ChatUser): Promise<Said> => {
    this.presses.push({ word, taskId, by });
    if (this.pressing) return this.pressing;
    if (findQuery(word)) {
      const question = { query: word, words: taskId, page: 1 };
      return { kind: 'listing', listing: await this.ask(question, by) };
    }
    const asks = findVerb(word)?.fields.some(({ required }) => required);
    const form = asks ? this.form(word, taskId) : undefined;
    if (form) return { kind: 'dialog', form };
    return { kind: 'answer', answer: await this.run({ verb: word, task: taskId, by, inputs: {} }) };
  };

  /** Behind the word for all of them, it is the word behind it that counts. */
  say = async (word: string, text: string, by: ChatUser): Promise<Said> => {
    const [, inner = '', rest = ''] = /^(\S*)\s?([\s\S]*)$/.exec(text) ?? [];
    this.said.push(word === OWN_WORD ? { word: inner, text: rest, by } : { word, text, by });
    return this.saying;
  };

  ask = async (question: Question, by: ChatUser): Promise<Listing> => {
    this.questions.push({ question, by });
    return question.page === 1 ? this.listing : this.otherPage;
  };

  form = (verb: string, taskId: string | undefined, given: Given = {}): Form | undefined =>
    formOf(verb, taskId, POOLS, DEFAULT_REASONS, given);

  search = async (input: FormInput['name'], words: string, by: ChatUser): Promise<readonly Choice[]> => {
    this.searched.push({ input, words, by });
    return this.choices[input] ?? [];
  };

  preview = async (taskId: string, target: string, by: ChatUser): Promise<readonly string[]> => {
    this.previewed.push({ taskId, target, by });
    return this.sentences;
  };

  openHome = async (by: ChatUser): Promise<void> => {
    this.homes.push(by);
    await this.platform?.publishHome?.(by, this.homeListing);
  };

  unfurl = async (link: string, surface: Surface): Promise<Card | undefined> => {
    this.unfurled.push({ link, surface });
    return this.card;
  };

  /** Whether anything at all was asked of it. */
  get wasReached(): boolean {
    const asked = [this.requests, this.presses, this.said, this.questions, this.searched, this.previewed];
    return asked.some(({ length }) => length > 0);
  }
}
