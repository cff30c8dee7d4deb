import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInvoke, parseSubmit } from '../../../adapters/teams/press.ts';
import { VERBS } from '../../../src/index.ts';
import { nastyText } from '../../support/unit-cards.ts';

const action = (verb: unknown, data: unknown) => ({ action: { type: 'Action.Execute', verb, data } });

describe('a press in Teams', () => {
  it.each(VERBS.map(({ name }) => name))(
    'means %s and its Task, from new clients and from old ones',
    (verb) => {
      const press = { kind: 'press', verb, taskId: 'a1.b-2', inputs: {} };

      expect(parseInvoke('adaptiveCard/action', action(verb, { task: 'a1.b-2' }))).toEqual(press);
      expect(parseSubmit({ verb, task: 'a1.b-2' })).toEqual(press);
    },
  );

  it('reads the inputs of its own verb, and no others', () => {
    const data = {
      task: 'a1',
      'reroute.target': 'pool:cardiology',
      'reroute.reason': 'workload',
      'reroute.note': 'Please\nsee <this>.',
      'release.note': 'of another form of the card',
      note: 'without its verb',
      'reroute.colour': 'blue',
      'reroute.constructor': 'x',
    };

    expect(parseInvoke('adaptiveCard/action', action('reroute', data))).toEqual({
      kind: 'press',
      verb: 'reroute',
      taskId: 'a1',
      inputs: { target: 'pool:cardiology', reason: 'workload', note: 'Please\nsee <this>.' },
    });
  });

  it('takes the Task that was chosen in the form where the button names none', () => {
    const press = parseInvoke(
      'adaptiveCard/action',
      action('release', { 'release.task': 'b2', 'release.note': '' }),
    );

    expect(press).toEqual({ kind: 'press', verb: 'release', taskId: 'b2', inputs: {} });
  });

  it('is about the Task of its button, whatever was chosen elsewhere', () => {
    const press = parseSubmit({ verb: 'release', task: 'a1', 'release.task': 'b2' });

    expect(press).toMatchObject({ taskId: 'a1' });
  });

  it.each([
    ['no name', undefined, action('claim', { task: 'a1' })],
    ['another name', 'task/fetch', action('claim', { task: 'a1' })],
    ['no value', 'adaptiveCard/action', undefined],
    ['no verb', 'adaptiveCard/action', action(undefined, { task: 'a1' })],
    ['a verb that is no text', 'adaptiveCard/action', action({}, { task: 'a1' })],
    ['no data', 'adaptiveCard/action', action('claim', null)],
    ['an empty Task', 'adaptiveCard/action', action('claim', { task: '' })],
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
      input: 'target',
      words: 'card',
    });
    expect(parseInvoke('application/search', {})).toEqual({ kind: 'search', input: '', words: '' });
  });

  it('never makes the parser throw, and never gives an input that is no text', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'verb',
        'task',
        'action',
        'data',
        'reroute.note',
        'reroute.target',
        '__proto__',
        'queryText',
      ),
      fc.string(),
    );
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.oneof(fc.jsonValue(), nastyText)));
    const name = fc.constantFrom('adaptiveCard/action', 'application/search', 'x', undefined);
    fc.assert(
      fc.property(name, value, value, (any, outer, data) => {
        for (const press of [
          parseInvoke(any, outer),
          parseInvoke(any, action('reroute', data)),
          parseSubmit(outer),
          parseSubmit({ verb: 'reroute', task: 'a1', ...(typeof data === 'object' ? data : {}) }),
        ])
          if (press?.kind === 'press')
            for (const [input, given] of Object.entries(press.inputs)) {
              expect(['target', 'reason', 'note']).toContain(input);
              expect(typeof given).toBe('string');
            }
      }),
    );
  });
});
