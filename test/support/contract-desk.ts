import type {
  Answer,
  ChatUser,
  Choice,
  CommandRequest,
  Desk,
  Form,
  FormInput,
  Said,
} from '../../src/index.ts';
import { formOf } from '../../src/runtime/forms.ts';
import { POOLS, TASK_ID } from './pure-clinic.ts';

/** A desk that knows every dialog, writes down what it is asked, and answers as it is told. */
export class ScriptedDesk implements Desk {
  answer: Answer = { kind: 'done', sentence: 'Done.' };
  saying: Said = { kind: 'answer', answer: { kind: 'done', sentence: 'Done.' } };
  choices: Record<string, readonly Choice[]> = {
    target: [
      { value: 'pool:cardiology', label: 'Cardiologist', group: 'Pools' },
      { value: 'person:ben', label: 'Ben Carter (Cardiologist)', group: 'People' },
    ],
    task: [{ value: TASK_ID, label: 'a1b2c3 · Urgent · Patient message', group: 'Waiting' }],
  };

  readonly requests: CommandRequest[] = [];
  readonly said: { word: string; text: string; by: ChatUser }[] = [];
  readonly searched: { input: string; words: string; by: ChatUser }[] = [];

  run = async (request: CommandRequest): Promise<Answer> => {
    this.requests.push(request);
    return this.answer;
  };

  say = async (word: string, text: string, by: ChatUser): Promise<Said> => {
    this.said.push({ word, text, by });
    return this.saying;
  };

  form = (verb: string, taskId: string | undefined): Form | undefined => formOf(verb, taskId, POOLS);

  search = async (input: FormInput['name'], words: string, by: ChatUser): Promise<readonly Choice[]> => {
    this.searched.push({ input, words, by });
    return this.choices[input] ?? [];
  };

  /** Whether anything at all was asked of it. */
  get wasReached(): boolean {
    return this.requests.length + this.said.length + this.searched.length > 0;
  }
}
