import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toModal } from '../../../adapters/slack/modal.ts';
import { type DialogMemory, type DialogView, parseSubmission } from '../../../adapters/slack/submission.ts';
import { checkView } from '../../../sandbox/slack/block-kit.ts';
import { DEFAULT_REASONS } from '../../../src/routing/reasons.ts';
import { formOf } from '../../../src/runtime/forms.ts';
import { VERBS } from '../../../src/verbs/index.ts';
import { POOLS, TASK_ID } from '../../support/pure-clinic.ts';
import { fhirId, nastyText } from '../../support/unit-cards.ts';

const SPOT: DialogMemory['spot'] = {
  kind: 'listing',
  channel: 'C1',
  responseUrl: 'https://hooks.slack.com/actions/T1/2/3',
  question: { query: 'tasks', words: 'cardiology', page: 2 },
};

const DIALOGS = VERBS.flatMap(({ name }) => [
  { verb: name, task: undefined },
  { verb: name, task: TASK_ID },
]);

function dialogOf(verb: string, task: string | undefined) {
  const form = formOf(verb, task, POOLS, DEFAULT_REASONS);
  if (form === undefined) throw new Error(`no dialog for ${verb}`);
  const memory: DialogMemory = { ...(task && { task }), spot: SPOT };
  return { form, memory, view: toModal(form, memory) };
}

type Values = Record<
  string,
  Record<string, { value?: string | null; selected_option?: { value: string } | null }>
>;

/** What Slack sends when every input of the dialog holds this text. */
function filledIn(view: ReturnType<typeof toModal>, text: string | null): DialogView {
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

describe('a submitted dialog', () => {
  it.each(DIALOGS)('of $verb comes back as the command that it means ($task)', ({ verb, task }) => {
    const { form, memory, view } = dialogOf(verb, task);

    const submission = parseSubmission(filledIn(view, 'typed'));

    const asked = form.inputs.filter(({ name }) => name !== 'task').map(({ name }) => [name, 'typed']);
    expect(submission).toEqual({
      request: { verb, task: task ?? 'typed', inputs: Object.fromEntries(asked) },
      memory,
    });
  });

  it.each(DIALOGS)('of $verb may be left empty ($task)', ({ verb, task }) => {
    const { view } = dialogOf(verb, task);

    const submission = parseSubmission(filledIn(view, null));

    expect(submission?.request).toEqual({ verb, task: task ?? '', inputs: {} });
  });

  it('knows any Task and any place again', () => {
    fc.assert(
      fc.property(fhirId, nastyText, (task, channel) => {
        const memory: DialogMemory = { task, spot: { ...SPOT, channel: channel.slice(0, 100) } };
        const form = formOf('reroute', task, POOLS, DEFAULT_REASONS);

        const view = form && toModal(form, memory);

        expect(view && checkView(view, 'modal')).toEqual([]);
        expect(view && parseSubmission(filledIn(view, null))?.memory).toEqual(memory);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '1',
    '"x"',
    '{}',
    '{"task":"a"}',
    '{"spot":{}}',
    '{"spot":{"kind":"roof"}}',
    '{"task":1,"spot":{"kind":"card"}}',
    '<html>',
  ])('that is not ours means nothing: %j', (private_metadata) => {
    expect(
      parseSubmission({ callback_id: 'claim', private_metadata, state: { values: {} } }),
    ).toBeUndefined();
  });

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
      private_metadata: fc.oneof(nastyText, fc.json(), fc.constant('{"spot":{"kind":"card"}}')),
      state: fc.record({ values: fc.dictionary(fc.string(), fc.dictionary(fc.string(), state)) }),
    });
    fc.assert(fc.property(view, (any) => void parseSubmission(any)));
  });
});
