import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREVIEW } from '../../../adapters/teams/actions.ts';
import { toAdaptiveCard, toFormCard, toSentenceCard } from '../../../adapters/teams/adaptive-card.ts';
import { assertCard, bytesOf, CARD_LIMIT_BYTES, LimitError } from '../../../adapters/teams/limits.ts';
import { checkCard } from '../../../sandbox/teams/index.ts';
import type { Button, Form } from '../../../src/index.ts';
import { DEFAULT_REASONS, type Reason } from '../../../src/routing/reasons.ts';
import { formOf } from '../../../src/runtime/forms.ts';
import { VERBS } from '../../../src/verbs/index.ts';
import { CARDS } from '../../support/contract-cards.ts';
import { POOLS, pool, TASK_ID } from '../../support/pure-clinic.ts';
import { card, cardOfRows, nastyText, plainCard } from '../../support/unit-cards.ts';

const dialogOf = (verb: string, taskId: string | undefined) => formOf(verb, taskId, POOLS, DEFAULT_REASONS);
const never = () => undefined;

type Dict = Readonly<Record<string, unknown>>;

function objectsIn(value: unknown): Dict[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value as Dict, ...inside];
}

const inputsOf = (drawn: unknown) =>
  objectsIn(drawn).filter(({ type }) => typeof type === 'string' && type.startsWith('Input.'));

function formFor(verb: string, taskId: string | undefined): Form {
  const form = dialogOf(verb, taskId);
  if (form === undefined) throw new Error(`no dialog for ${verb}`);
  return form;
}

const MANY_REASONS = {
  reroute: Array.from({ length: 200 }, (_, i): Reason => reasonOf(i)),
  completion: Array.from({ length: 200 }, (_, i): Reason => reasonOf(i)),
  escalation: Array.from({ length: 200 }, (_, i): Reason => reasonOf(i)),
};

function reasonOf(i: number): Reason {
  return {
    system: 'urn:own',
    code: `reason-${i}`,
    display: `${'A long reason of their own '.repeat(3)}${i}`,
  };
}

/** Every dialog: for a Task, and for one that is chosen in it. */
const DIALOGS = VERBS.flatMap(({ name }) => [
  { name: `${name} for a Task`, form: formFor(name, TASK_ID) },
  { name: `${name} for none yet`, form: formFor(name, undefined) },
]);

describe('a card for Teams', () => {
  it.each(CARDS)('labels every input and names none of them twice: $kind', ({ card: one }) => {
    const inputs = inputsOf(toAdaptiveCard(one, dialogOf));

    for (const { label, errorMessage, id } of inputs) {
      expect([label, errorMessage].every((text) => typeof text === 'string' && text.trim() !== '')).toBe(
        true,
      );
      expect(id).toMatch(/^\w+\.\w+$/);
    }
    expect(inputs.length > 0).toBe([...one.buttons, ...one.menu].some(({ asks }) => asks));
    expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
  });

  it.each(CARDS)('has an older way for every button: $kind', ({ card: one }) => {
    const actions = objectsIn(toAdaptiveCard(one, dialogOf)).filter(({ type }) => type === 'Action.Execute');

    for (const { verb, data, title, fallback } of actions) {
      const older = { type: 'Action.Submit', title, data: { ...(data as object), verb } };
      expect(fallback).toMatchObject(older);
    }
    const verbs = actions.map(({ verb }) => verb).filter((verb) => verb !== PREVIEW);
    expect(verbs).toEqual([...one.buttons, ...one.menu].map(({ verb }) => verb));
  });

  it('shows title, facts, lines, footer and buttons, in this order', () => {
    const drawn = toAdaptiveCard(plainCard(), never);

    expect(drawn).toMatchObject({
      type: 'AdaptiveCard',
      version: '1.5',
      fallbackText: 'Routine Task a1b2c3 waits.',
      body: [
        { type: 'TextBlock', text: 'Patient message', style: 'heading' },
        { type: 'FactSet', facts: [{ title: 'Pool', value: 'Registered nurse' }] },
        { type: 'TextBlock', text: 'Nobody has claimed this yet.' },
        { type: 'TextBlock', text: 'Task a1b2c3', isSubtle: true },
        { type: 'ActionSet', actions: [{ verb: 'claim', data: { task: 'a1b2c3d4' }, style: 'positive' }] },
      ],
    });
  });

  it('asks once more before a press that cannot be taken back', () => {
    const close: Button = {
      verb: 'complete',
      label: 'Complete',
      taskId: 'a1',
      confirm: 'For good?',
      asks: false,
    };

    const drawn = toAdaptiveCard(plainCard({ buttons: [close] }), never);

    const [action] = objectsIn(drawn).filter(({ type }) => type === 'Action.ShowCard');
    expect(action).toMatchObject({
      card: { body: [{ text: 'For good?' }, { actions: [{ verb: 'complete', data: { task: 'a1' } }] }] },
    });
  });

  it('is at most 25 KB in UTF-16 and taken by Teams, whatever the record holds and with every form in it', () => {
    const asking = card.map((one) => ({
      ...one,
      menu: one.menu.map((button) => ({ ...button, asks: true })),
    }));
    fc.assert(
      fc.property(asking, (any) => {
        const drawn = toAdaptiveCard({ ...any, buttons: any.buttons.slice(0, 2) }, (verb, taskId) =>
          any.buttons.slice(0, 2).some((button) => button.verb === verb) ? undefined : dialogOf(verb, taskId),
        );

        expect(bytesOf(drawn)).toBeLessThanOrEqual(25 * 1024);
        expect(checkCard(drawn)).toEqual([]);
        expect(JSON.stringify(drawn).isWellFormed()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('with rows is at most 25 KB and taken by Teams, whatever the record holds', () => {
    fc.assert(
      fc.property(cardOfRows, (any) => {
        const drawn = toAdaptiveCard(any, never);

        expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
        expect(checkCard(drawn)).toEqual([]);
        expect(JSON.stringify(drawn).isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('shortens the words of its rows before it leaves one out', () => {
    const claim = { verb: 'claim', label: 'Claim', taskId: TASK_ID, asks: false };
    const rows = Array.from({ length: 12 }, () => ({ line: ['word '.repeat(400)], buttons: [claim] }));

    const drawn = toAdaptiveCard(plainCard({ rows }), never);

    expect(objectsIn(drawn).filter(({ type }) => type === 'Action.Execute')).toHaveLength(13);
    expect(JSON.stringify(drawn)).not.toContain('fit here');
  });

  it('fits with a hundred pools: those that have no room are found by typing', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      pool(`pool-${i}`, `${'Long name of a pool '.repeat(5)}${i}`, `${i}`),
    );
    const reroute: Button = { verb: 'reroute', label: 'Reroute', taskId: TASK_ID, asks: true };

    const drawn = toAdaptiveCard(plainCard({ buttons: [reroute] }), (verb, taskId) =>
      formOf(verb, taskId, many, DEFAULT_REASONS),
    );

    expect(checkCard(drawn)).toEqual([]);
    expect(inputsOf(drawn)[0]).toMatchObject({ 'choices.data': { dataset: 'target' } });
  });

  it.each(CARDS)('fits with two hundred reasons of the project’s own: $kind', ({ card: one }) => {
    const drawn = toAdaptiveCard(one, (verb, taskId) => formOf(verb, taskId, POOLS, MANY_REASONS));

    expect(checkCard(drawn)).toEqual([]);
    expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
  });

  it('that has no room for a form even so brings it in a message of its own', () => {
    const reroute: Button = { verb: 'reroute', label: 'Reroute', taskId: TASK_ID, asks: true };
    const huge: Form = { ...formFor('reroute', TASK_ID), lead: '😀'.repeat(10_000) };
    const form: Form = {
      ...huge,
      inputs: huge.inputs.map((one) => ({ ...one, initial: 'x'.repeat(20_000) })),
    };

    const drawn = toAdaptiveCard(plainCard({ buttons: [reroute] }), () => form);

    expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
    expect(objectsIn(drawn)).toContainEqual(
      expect.objectContaining({ type: 'Action.Execute', verb: 'reroute', data: { task: TASK_ID } }),
    );
  });

  it('that is too large is a defect of ours, which Teams never sees', () => {
    const drawn = toAdaptiveCard(plainCard(), never);
    const large = { ...drawn, fallbackText: 'x'.repeat(CARD_LIMIT_BYTES) };

    expect(() => assertCard(large)).toThrow(LimitError);
    expect(assertCard(drawn)).toBe(drawn);
  });
});

describe('a form for Teams', () => {
  it.each(DIALOGS)('is taken and asks for everything: $name', ({ form }) => {
    const drawn = toFormCard(form);

    expect(checkCard(drawn)).toEqual([]);
    expect(inputsOf(drawn).map(({ id }) => id)).toEqual(
      form.inputs.map(({ name }) => `${form.verb}.${name}`),
    );
  });

  it.each(DIALOGS)('marks what is needed: $name', ({ form }) => {
    const marked = inputsOf(toFormCard(form)).filter(
      ({ isRequired, label }) => isRequired === true || String(label).endsWith(' *'),
    );

    expect(marked.map(({ id }) => id)).toEqual(
      form.inputs.filter(({ required }) => required).map(({ name }) => `${form.verb}.${name}`),
    );
  });

  it('can be asked what it would do as soon as Task and target are chosen, before there is a reason', () => {
    const drawn = toFormCard(formFor('reroute', undefined));

    const needed = inputsOf(drawn).filter(({ isRequired }) => isRequired);
    expect(needed.map(({ id }) => id)).toEqual(['reroute.task', 'reroute.target']);
    expect(objectsIn(drawn)).toContainEqual(
      expect.objectContaining({ type: 'Action.Execute', title: 'Preview', verb: PREVIEW }),
    );
    const verbs = objectsIn(toFormCard(formFor('release', TASK_ID))).map(({ verb }) => verb);
    expect(verbs).not.toContain(PREVIEW);
  });

  it('says above its inputs what has to be known first', () => {
    const form: Form = { ...formFor('complete', TASK_ID), lead: 'Nobody has *answered* yet.' };

    const [title, lead] = toFormCard(form).body;

    expect(title).toMatchObject({ text: form.title });
    expect(lead).toMatchObject({ type: 'TextBlock', text: 'Nobody has ∗answered∗ yet.' });
  });

  it('opens with what was filled in already, and shows every choice that it holds', () => {
    const given = { target: 'pool:cardiology', reason: 'workload', note: 'x'.repeat(5000) };
    const form = formOf('reroute', undefined, POOLS, DEFAULT_REASONS, given);
    if (form === undefined) throw new Error('no dialog');
    const inputs = form.inputs.map((one) => (one.name === 'task' ? { ...one, initial: TASK_ID } : one));

    const drawn = toFormCard({ ...form, inputs });

    expect(checkCard(drawn)).toEqual([]);
    const values = Object.fromEntries(inputsOf(drawn).map(({ id, value }) => [id, value]));
    expect(values).toMatchObject({
      'reroute.task': TASK_ID,
      'reroute.target': 'pool:cardiology',
      'reroute.reason': 'workload',
    });
    expect(values['reroute.note']).toHaveLength(2000);
    for (const { type, choices, value } of inputsOf(drawn))
      if (type === 'Input.ChoiceSet' && value !== undefined)
        expect(choices).toContainEqual(expect.objectContaining({ value }));
  });

  it('is taken where a search has nothing to offer yet', () => {
    const form = formFor('reroute', undefined);

    expect(form.inputs.some(({ kind, choices }) => kind === 'search' && !choices?.length)).toBe(true);
    expect(checkCard(toFormCard(form))).toEqual([]);
  });

  it('has the reasons for which there is no room found by typing', () => {
    const form = formOf('release', TASK_ID, POOLS, MANY_REASONS, { reason: 'reason-150' });
    if (form === undefined) throw new Error('no dialog');

    const drawn = toFormCard(form);

    expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
    const [reason] = inputsOf(drawn);
    expect(reason).toMatchObject({ value: 'reason-150', 'choices.data': { dataset: 'release.reason' } });
    expect(reason?.choices).toContainEqual(expect.objectContaining({ value: 'reason-150' }));
  });

  it('leaves a sentence in its place, whatever it says', () => {
    fc.assert(
      fc.property(nastyText, (sentence) => {
        expect(checkCard(toSentenceCard(sentence))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
