import type { InputBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertView } from '../../../adapters/slack/limits.ts';
import { toModal, toSuggestions } from '../../../adapters/slack/modal.ts';
import { checkSuggestions, checkView } from '../../../sandbox/slack/block-kit.ts';
import type { Choice, Form, FormInput } from '../../../src/index.ts';
import { DEFAULT_REASONS } from '../../../src/routing/reasons.ts';
import { formOf } from '../../../src/runtime/forms.ts';
import { VERBS } from '../../../src/verbs/index.ts';
import { POOLS, TASK_ID } from '../../support/pure-clinic.ts';
import { nastyText } from '../../support/unit-cards.ts';

const MEMORY = { spot: { kind: 'card', channel: 'C1' } } as const;

/** Every dialog that can be opened: from a card, where the verb asks for something; and without a Task. */
const DIALOGS = VERBS.flatMap((verb) => [
  { verb: verb.name, task: undefined, from: 'nowhere' },
  ...(verb.fields.length > 0 ? [{ verb: verb.name, task: TASK_ID, from: 'a card' }] : []),
]);

function dialogOf(verb: string, task: string | undefined, given = {}): Form {
  const form = formOf(verb, task, POOLS, DEFAULT_REASONS, given);
  if (form === undefined) throw new Error(`no dialog for ${verb}`);
  return form;
}

const NOTE: FormInput = { name: 'note', label: 'Note', hint: 'Words', required: true, kind: 'text' };
const REASON: FormInput = {
  name: 'reason',
  label: 'Reason',
  hint: 'Why',
  required: true,
  kind: 'choice',
  choices: [
    { value: 'workload', label: 'Workload' },
    { value: 'other', label: 'Other' },
  ],
};

/** A dialog of these inputs. */
const asking = (...inputs: readonly FormInput[]): Form => ({
  verb: 'complete',
  title: 'Complete a1b2c3',
  submit: 'Complete',
  task: undefined,
  inputs,
  previews: false,
});

/** What is drawn for the only input of the dialog. */
function elementOf(input: FormInput, form = asking(input)): InputBlock['element'] {
  const block = toModal(form, MEMORY).blocks.find(({ type }) => type === 'input');
  if (block === undefined || !('element' in block)) throw new Error('no input');
  return block.element as InputBlock['element'];
}

function expectTaken(form: Form): void {
  const view = toModal(form, MEMORY);
  assertView(view);
  expect(checkView(view, 'modal')).toEqual([]);
}

describe('a dialog in Slack', () => {
  it.each(DIALOGS)('of $verb, opened from $from, is taken by Slack', ({ verb, task }) => {
    expectTaken(dialogOf(verb, task));
  });

  it('is taken by Slack, whatever is known when it opens', () => {
    const given = fc.record({ note: nastyText, reason: nastyText, target: nastyText, visibility: nastyText });
    fc.assert(
      fc.property(given, nastyText, (known, lead) => {
        for (const verb of ['reroute', 'release', 'note'])
          expectTaken({ ...dialogOf(verb, TASK_ID, known), ...(lead && { lead }) });
      }),
      { numRuns: 50 },
    );
  });

  it('says what has to be known first above its inputs, as plain text', () => {
    const { blocks } = toModal({ ...asking(NOTE), lead: 'Nobody *answered*.' }, MEMORY);

    expect(blocks[0]).toMatchObject({
      type: 'section',
      text: { type: 'plain_text', text: 'Nobody *answered*.' },
    });
    expect(blocks[1]).toMatchObject({ type: 'input', block_id: 'note' });
  });

  it.each<[string, FormInput, object]>([
    ['a note', { ...NOTE, initial: 'Called her.' }, { initial_value: 'Called her.' }],
    [
      'as much of a note as fits',
      { ...NOTE, maxLength: 5, initial: 'Called her.' },
      { initial_value: 'Call…' },
    ],
    [
      'a choice',
      { ...REASON, initial: 'other' },
      { initial_option: { text: { text: 'Other' }, value: 'other' } },
    ],
    [
      'a choice of a type-ahead that was offered before',
      { ...REASON, kind: 'search', initial: 'other' },
      { type: 'external_select', initial_option: { value: 'other' } },
    ],
  ])('holds what is known already: %s', (_what, input, element) => {
    expect(elementOf(input)).toMatchObject(element);
    expectTaken(asking(input));
  });

  it.each<[string, FormInput]>([
    ['a choice that there is not', { ...REASON, initial: 'nonsense' }],
    ['nothing', { ...NOTE, initial: '' }],
  ])('holds nothing where that is %s', (_what, input) => {
    const element = elementOf(input);

    expect(element).not.toHaveProperty('initial_option');
    expect(element).not.toHaveProperty('initial_value');
    expectTaken(asking(input));
  });

  it('takes no more characters than the record does, nor than Slack does', () => {
    expect(elementOf({ ...NOTE, maxLength: 2000 })).toMatchObject({ max_length: 2000 });
    expect(elementOf({ ...NOTE, maxLength: 9000 })).toMatchObject({ max_length: 3000 });
    expect(elementOf(NOTE)).not.toHaveProperty('max_length');
  });

  it('lets people type where there is nothing to choose from', () => {
    expect(elementOf({ ...REASON, choices: [] })).toMatchObject({ type: 'plain_text_input' });
    expectTaken(asking({ ...REASON, choices: [] }));
  });

  it('offers each choice once, and none that Slack would refuse', () => {
    const choices = [
      { value: 'a', label: 'A' },
      { value: 'a', label: 'A again' },
      { value: 'x'.repeat(76), label: 'Too long' },
      { value: '', label: 'Nothing' },
      { value: 'b', label: '' },
      ...Array.from({ length: 150 }, (_, i) => ({ value: `${i}`, label: `${i}` })),
    ];

    expectTaken(asking({ ...REASON, choices }));
    expect(elementOf({ ...REASON, choices })).toMatchObject({
      options: expect.objectContaining({ length: 100 }),
    });
  });

  it('tells of the choice of a target, and of a Task, only where that can be previewed', () => {
    const told = (form: Form) =>
      toModal(form, MEMORY).blocks.flatMap((block) =>
        'dispatch_action' in block && block.dispatch_action ? [block.block_id] : [],
      );

    expect(told(dialogOf('reroute', undefined))).toEqual(['task', 'target']);
    expect(told(dialogOf('reroute', TASK_ID))).toEqual(['target']);
    expect(told(dialogOf('release', undefined))).toEqual([]);
  });
});

describe('suggestions in Slack', () => {
  const choice =
    (group?: string) =>
    (_: unknown, i: number): Choice => ({
      value: `person:${i}`,
      label: `Ana Silva ${i} ${'(Registered nurse, '.repeat(6)}😀`,
      ...(group && { group }),
    });

  it.each([0, 1, 100, 150])('are taken by Slack when there are %i', (count) => {
    const plain = toSuggestions(Array.from({ length: count }, choice()));

    expect(checkSuggestions(plain)).toEqual([]);
    expect(plain).toMatchObject({ options: expect.objectContaining({ length: Math.min(count, 100) }) });
  });

  it.each([1, 60, 150])('are taken by Slack in groups when there are %i of each', (count) => {
    const pools = Array.from({ length: count }, choice('Pools'));
    const people = Array.from({ length: count }, choice('People'));

    const grouped = toSuggestions([...pools, ...people]);

    expect(checkSuggestions(grouped)).toEqual([]);
    expect(grouped).toHaveProperty('option_groups');
  });

  it('puts what has no group under “Others”', () => {
    const mixed = toSuggestions([choice('Pools')(0, 0), choice()(0, 1)]);

    expect(mixed).toMatchObject({
      option_groups: [
        { label: { text: 'Pools' }, options: [{ value: 'person:0' }] },
        { label: { text: 'Others' }, options: [{ value: 'person:1' }] },
      ],
    });
  });

  it('leave out what Slack would refuse, and a group of nothing else', () => {
    const refused = { value: 'x'.repeat(76), label: 'Too long', group: 'People' };

    const suggestions = toSuggestions([choice('Pools')(0, 0), refused]);

    expect(checkSuggestions(suggestions)).toEqual([]);
    expect(suggestions).toMatchObject({ option_groups: [{ label: { text: 'Pools' } }] });
  });
});
