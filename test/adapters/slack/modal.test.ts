import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertView } from '../../../adapters/slack/limits.ts';
import { type DialogMemory, parseSubmission, toModal, toSuggestions } from '../../../adapters/slack/modal.ts';
import { checkSuggestions, checkView } from '../../../sandbox/slack/block-kit.ts';
import type { Choice } from '../../../src/index.ts';
import { VERBS } from '../../../src/index.ts';
import { formOf } from '../../../src/runtime/forms.ts';
import { POOLS } from '../../support/pure-clinic.ts';
import { fhirId, nastyText } from '../../support/unit-cards.ts';

const TASK = 'a1b2c3d4-0000-4000-8000-000000000000';

/** Every dialog that can be opened: from a card, where the verb asks for something; and without a Task. */
const DIALOGS = VERBS.flatMap((verb) => [
  { verb: verb.name, task: undefined, from: 'nowhere' },
  ...(verb.fields.length > 0 ? [{ verb: verb.name, task: TASK, from: 'a card' }] : []),
]);

function dialog(verb: string, task: string | undefined) {
  const form = formOf(verb, task, POOLS);
  if (form === undefined) throw new Error(`no dialog for ${verb}`);
  const memory: DialogMemory = { ...(task && { task }), channel: 'C1', fromCard: task !== undefined };
  return { form, memory, view: toModal(form, memory) };
}

type Values = Record<
  string,
  Record<string, { value?: string | null; selected_option?: { value: string } | null }>
>;

/** What Slack sends when every input of the dialog holds this text. */
function filledIn(view: ReturnType<typeof toModal>, text: string | null) {
  const values: Values = {};
  for (const block of view.blocks) {
    if (!('element' in block) || block.block_id === undefined) continue;
    const { element } = block;
    const chosen = text === null ? null : { value: text };
    const state = element.type === 'plain_text_input' ? { value: text } : { selected_option: chosen };
    values[block.block_id] = { [String('action_id' in element && element.action_id)]: state };
  }
  return {
    callback_id: view.callback_id ?? '',
    private_metadata: view.private_metadata ?? '',
    state: { values },
  };
}

describe('a dialog in Slack', () => {
  it.each(DIALOGS)('of $verb, opened from $from, is taken by Slack', ({ verb, task }) => {
    const { view } = dialog(verb, task);

    expect(() => assertView(view)).not.toThrow();
    expect(checkView(view, 'modal')).toEqual([]);
  });

  it.each(DIALOGS)(
    'of $verb, opened from $from, comes back as the command that it means',
    ({ verb, task }) => {
      const { form, memory, view } = dialog(verb, task);

      const submission = parseSubmission(filledIn(view, 'typed'));

      const asked = form.inputs
        .filter((input) => input.name !== 'task')
        .map((input) => [input.name, 'typed']);
      expect(submission).toEqual({
        request: { verb, task: task ?? 'typed', inputs: Object.fromEntries(asked) },
        memory,
      });
    },
  );

  it.each(DIALOGS)('of $verb, opened from $from, may be left empty', ({ verb, task }) => {
    const { view } = dialog(verb, task);

    const submission = parseSubmission(filledIn(view, null));

    expect(submission?.request).toEqual({ verb, task: task ?? '', inputs: {} });
  });

  it('remembers any Task and any channel', () => {
    fc.assert(
      fc.property(fhirId, nastyText, (task, channel) => {
        const form = formOf('reroute', task, POOLS);
        const memory = { task, channel: channel.slice(0, 100), fromCard: true };

        const view = form && toModal(form, memory);

        expect(view && checkView(view, 'modal')).toEqual([]);
        expect(view && parseSubmission(filledIn(view, null))?.memory).toEqual(memory);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['', '{', 'null', '[]', '1', '"x"', '{}', '{"task":"a"}', '<html>'])(
    'that is not ours means nothing: %j',
    (private_metadata) => {
      const submission = parseSubmission({ callback_id: 'claim', private_metadata, state: { values: {} } });

      expect(submission).toBeUndefined();
    },
  );

  it('never makes the parser throw, whatever is in it', () => {
    const state = fc.record(
      {
        value: fc.option(nastyText),
        selected_option: fc.option(fc.record({ value: nastyText }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    );
    const view = fc.record({
      callback_id: nastyText,
      private_metadata: fc.oneof(nastyText, fc.json()),
      state: fc.record({ values: fc.dictionary(fc.string(), fc.dictionary(fc.string(), state)) }),
    });
    fc.assert(fc.property(view, (any) => void parseSubmission(any)));
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
});
