import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREVIEW, TURN } from '../../../adapters/teams/actions.ts';
import { parseInvoke, parseSubmit } from '../../../adapters/teams/press.ts';
import { VERBS } from '../../../src/verbs/index.ts';
import { nastyText } from '../../support/unit-cards.ts';

const action = (verb: unknown, data: unknown) => ({ action: { type: 'Action.Execute', verb, data } });
const invoke = (verb: unknown, data: unknown) => parseInvoke('adaptiveCard/action', action(verb, data));

describe('a press in Teams', () => {
  it.each([...VERBS.map(({ name }) => name), 'history', 'status'])(
    'means %s and its Task, from new clients and from old ones',
    (word) => {
      const press = { kind: 'press', word, taskId: 'a1.b-2', asked: undefined };

      expect(invoke(word, { task: 'a1.b-2' })).toEqual(press);
      expect(parseSubmit({ verb: word, task: 'a1.b-2' })).toEqual(press);
    },
  );

  it('in a listing carries the question that the listing answers', () => {
    expect(invoke('claim', { task: 'a1', asked: 'tasks 2 cardiology' })).toEqual({
      kind: 'press',
      word: 'claim',
      taskId: 'a1',
      asked: { query: 'tasks', words: 'cardiology', page: 2 },
    });
  });

  it('of a button that is about nothing names no Task', () => {
    expect(invoke('tasks', { task: '' })).toMatchObject({ kind: 'press', word: 'tasks', taskId: '' });
  });

  it('reads the inputs of its own verb, and no others', () => {
    const data = {
      task: 'a1',
      'reroute.target': 'pool:cardiology',
      'reroute.reason': 'workload',
      'reroute.visibility': 'new-task',
      'reroute.note': 'Please\nsee <this>.',
      'release.note': 'of another form of the card',
      note: 'without its verb',
      'reroute.colour': 'blue',
      'reroute.constructor': 'x',
    };

    expect(invoke('reroute', data)).toEqual({
      kind: 'form',
      verb: 'reroute',
      taskId: 'a1',
      inputs: {
        target: 'pool:cardiology',
        reason: 'workload',
        visibility: 'new-task',
        note: 'Please\nsee <this>.',
      },
      place: 'card',
    });
  });

  it.each(['card', 'own'] as const)('of a form (%s) is one also where nothing was filled in', (place) => {
    const press = invoke('complete', { task: 'a1', form: place, 'complete.note': '' });

    expect(press).toEqual({ kind: 'form', verb: 'complete', taskId: 'a1', inputs: {}, place });
  });

  it('takes the Task that was chosen in the form where the button names none', () => {
    const press = invoke('release', { form: 'own', 'release.task': 'b2', 'release.note': '' });

    expect(press).toMatchObject({ kind: 'form', verb: 'release', taskId: 'b2', inputs: {} });
  });

  it('is about the Task of its button, whatever was chosen elsewhere', () => {
    const press = parseSubmit({ verb: 'release', form: 'own', task: 'a1', 'release.task': 'b2' });

    expect(press).toMatchObject({ taskId: 'a1' });
  });

  it('takes a blank choice, and a note of spaces, for nothing', () => {
    const press = invoke('reroute', {
      form: 'own',
      'reroute.task': ' ',
      'reroute.target': ' ',
      'reroute.note': '\n ',
    });

    expect(press).toMatchObject({ taskId: '', inputs: {} });
  });

  it('asks what a form would do, of whose inputs only the target counts', () => {
    const data = { of: 'reroute', task: 'a1', 'reroute.target': 'pool:cardiology', 'reroute.note': 'x' };

    expect(invoke(PREVIEW, data)).toEqual({ kind: 'preview', taskId: 'a1', target: 'pool:cardiology' });
    expect(parseSubmit({ ...data, verb: PREVIEW })).toMatchObject({ kind: 'preview' });
    expect(invoke(PREVIEW, { of: 7 })).toEqual({ kind: 'preview', taskId: '', target: '' });
  });

  it.each([
    ['mine 1', { query: 'mine', words: '', page: 1 }],
    [
      'tasks 12 heart  and “vessels”\nof <all>',
      { query: 'tasks', words: 'heart  and “vessels”\nof <all>', page: 12 },
    ],
  ])('turns to what was asked: %j', (asked, question) => {
    expect(invoke(TURN, { asked })).toEqual({ kind: 'turn', question });
  });

  it.each([
    ['nothing', undefined],
    ['what is no text', { query: 'tasks' }],
    ['no page', 'tasks'],
    ['page nought', 'tasks 0'],
    ['a page before the first', 'tasks -1'],
    ['a page that nobody turns to', 'tasks 12345'],
    ['half a page', 'tasks 1.5'],
    ['an unknown word', 'dance 1'],
    ['a word of another kind', 'constructor 1'],
    ['what is too long', `tasks 1 ${'x'.repeat(500)}`],
  ])('turns nowhere with %s', (_what, asked) => {
    expect(invoke(TURN, { asked }).kind).toBe('unsupported');
    expect(invoke('claim', { task: 'a1', asked })).toMatchObject({ kind: 'press', asked: undefined });
  });

  it.each([
    ['no name', undefined, action('claim', { task: 'a1' })],
    ['another name', 'task/fetch', action('claim', { task: 'a1' })],
    ['no value', 'adaptiveCard/action', undefined],
    ['no verb', 'adaptiveCard/action', action(undefined, { task: 'a1' })],
    ['an empty verb', 'adaptiveCard/action', action('', { task: 'a1' })],
    ['a verb that is no text', 'adaptiveCard/action', action({}, { task: 'a1' })],
    ['no data', 'adaptiveCard/action', action('claim', null)],
    ['a Task that is no text', 'adaptiveCard/action', action('claim', { task: 7 })],
  ])('means nothing with %s', (_what, name, value) => {
    expect(parseInvoke(name, value).kind).toBe('unsupported');
  });

  it('is none where a message has no value', () => {
    expect([undefined, null, '', 'claim', 7].map(parseSubmit)).toEqual(Array(5).fill(undefined));
  });

  it('reads what somebody types into a search', () => {
    const value = { kind: 'search', queryText: 'card', dataset: 'target' };

    expect(parseInvoke('application/search', value)).toEqual({
      kind: 'search',
      dataset: 'target',
      words: 'card',
    });
    expect(parseInvoke('application/search', {})).toEqual({ kind: 'search', dataset: '', words: '' });
  });

  it('reads the message action, from the message to what was filled in', () => {
    const messagePayload = { body: { content: 'x' } };
    const data = { verb: 'note', 'note.task': 'b2', 'note.note': 'Seen.' };

    expect(parseInvoke('composeExtension/fetchTask', { commandId: 'note', messagePayload })).toEqual({
      kind: 'open',
      command: 'note',
      message: messagePayload,
    });
    expect(parseInvoke('composeExtension/submitAction', { commandId: 'note', data })).toEqual({
      kind: 'submit',
      command: 'note',
      submission: { taskId: 'b2', isGiven: false, inputs: { note: 'Seen.' } },
    });
    expect(
      parseInvoke('composeExtension/submitAction', { commandId: 'note', data: { ...data, task: 'a1' } }),
    ).toMatchObject({ submission: { taskId: 'a1', isGiven: true } });
  });

  it('never makes the parser throw, and never gives an input that is no text', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'verb',
        'task',
        'asked',
        'form',
        'of',
        'action',
        'data',
        'commandId',
        'reroute.note',
        'reroute.target',
        '__proto__',
        'queryText',
      ),
      fc.string(),
    );
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.oneof(fc.jsonValue(), nastyText)));
    const name = fc.constantFrom(
      'adaptiveCard/action',
      'application/search',
      'composeExtension/fetchTask',
      'composeExtension/submitAction',
      'x',
      undefined,
    );
    const verb = fc.constantFrom('reroute', TURN, PREVIEW);
    fc.assert(
      fc.property(name, verb, value, value, (any, one, outer, data) => {
        for (const press of [
          parseInvoke(any, outer),
          parseInvoke(any, action(one, data)),
          parseSubmit(outer),
          parseSubmit({ verb: one, task: 'a1', ...(typeof data === 'object' ? data : {}) }),
        ]) {
          const inputs = press && 'inputs' in press ? press.inputs : {};
          for (const [input, given] of Object.entries(inputs)) {
            expect(['target', 'reason', 'visibility', 'note']).toContain(input);
            expect(typeof given).toBe('string');
          }
        }
      }),
    );
  });
});
