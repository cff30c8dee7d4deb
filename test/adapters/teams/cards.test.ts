import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAdaptiveCard, toFormCard, toListing } from '../../../adapters/teams/adaptive-card.ts';
import { assertCard, bytesOf, CARD_LIMIT_BYTES, LimitError } from '../../../adapters/teams/limits.ts';
import { checkCard } from '../../../sandbox/teams/index.ts';
import type { Button, Form, Row } from '../../../src/index.ts';
import { VERBS } from '../../../src/index.ts';
import { formOf } from '../../../src/runtime/forms.ts';
import { CARDS } from '../../support/contract-cards.ts';
import { POOLS, pool, TASK_ID } from '../../support/pure-clinic.ts';
import { card, line, nastyText, plainCard } from '../../support/unit-cards.ts';

const dialogOf = (verb: string, taskId: string | undefined) => formOf(verb, taskId, POOLS);
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
    expect(actions.length).toBe(one.buttons.length + one.menu.length);
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

  it('fits with a hundred pools: those that have no room are found by typing', () => {
    const many = Array.from({ length: 100 }, (_, i) =>
      pool(`pool-${i}`, `${'Long name of a pool '.repeat(5)}${i}`, `${i}`),
    );
    const reroute: Button = { verb: 'reroute', label: 'Reroute', taskId: TASK_ID, asks: true };

    const drawn = toAdaptiveCard(plainCard({ buttons: [reroute] }), (verb, taskId) =>
      formOf(verb, taskId, many),
    );

    expect(checkCard(drawn)).toEqual([]);
    expect(inputsOf(drawn)[0]).toMatchObject({ 'choices.data': { dataset: 'target' } });
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
    expect(inputsOf(drawn).map(({ id, isRequired }) => [id, isRequired])).toEqual(
      form.inputs.map(({ name, required }) => [`${form.verb}.${name}`, required]),
    );
  });

  it('is taken where a search has nothing to offer yet', () => {
    const form = formFor('reroute', undefined);

    expect(form.inputs.some(({ kind, choices }) => kind === 'search' && !choices?.length)).toBe(true);
    expect(checkCard(toFormCard(form))).toEqual([]);
  });
});

describe('a listing for Teams', () => {
  const row: fc.Arbitrary<Row> = fc.record({
    line,
    buttons: fc.constantFrom<Row['buttons']>(
      [],
      [{ verb: 'claim', label: 'Claim', taskId: 'a1', asks: false }],
    ),
  });

  it('is taken, whatever it says and quotes', () => {
    fc.assert(
      fc.property(nastyText, fc.array(row, { maxLength: 10 }), (sentence, rows) => {
        const drawn = toListing({ kind: 'done', sentence }, rows, never);

        expect(checkCard(drawn)).toEqual([]);
        expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_LIMIT_BYTES);
        const pressed = objectsIn(drawn).filter(({ type }) => type === 'Action.Execute');
        expect(pressed).toHaveLength(rows.flatMap(({ buttons }) => buttons).length);
      }),
      { numRuns: 60 },
    );
  });
});
