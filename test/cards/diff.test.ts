import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Desired, diff, type Posted, type Step } from '../../src/cards/diff.ts';
import { type Surface, surfaceKey } from '../../src/cards/surfaces.ts';
import { goneCard } from '../../src/cards/task-card.ts';

const channel = (id: string): Surface => ({ platform: 'chat', kind: 'channel', id });
const here = channel('C1');

const live: Desired = { surface: here, card: goneCard('x'), hash: 'new', worthPosting: true, closing: false };
const quiet: Desired = { ...live, worthPosting: false };
const closing: Desired = { ...quiet, closing: true };
const called: Desired = { ...live, occasion: 'a call' };

const posted: Posted = { id: '1', surface: here, state: 'live', ref: 'm1', hash: 'old' };
const upToDate: Posted = { ...posted, hash: 'new' };
const closed: Posted = { ...posted, state: 'closed' };
const doubtful: Posted = { ...posted, state: 'posting', ref: undefined, hash: undefined };

describe('What is done about a card', () => {
  it.each<[string, Desired, Posted | undefined, Step['kind'] | 'nothing']>([
    ['one that is due and not there is posted', live, undefined, 'post'],
    ['one that is not worth a message is not posted', quiet, undefined, 'nothing'],
    ['one that says something else is redrawn', live, posted, 'update'],
    ['one that is not worth a message is redrawn where it stands', quiet, posted, 'update'],
    ['one that says what it should is left alone', live, upToDate, 'nothing'],
    ['one whose Task has left is closed', closing, posted, 'close'],
    ['one that is closed already is kept true', closing, closed, 'update'],
    ['one that is closed and true is left alone', closing, { ...closed, hash: 'new' }, 'nothing'],
    ['one whose Task comes back stays, and a new one is posted', live, closed, 'post'],
    ['one whose Task comes back as nobody’s concern stays as it is', quiet, closed, 'nothing'],
    ['one that somebody is called to is posted anew', called, upToDate, 'repost'],
    [
      'one that was posted for this call is left alone',
      called,
      { ...upToDate, occasion: 'a call' },
      'nothing',
    ],
    [
      'one that was posted for an older call is posted anew',
      called,
      { ...upToDate, occasion: 'x' },
      'repost',
    ],
    [
      'one that nobody needs to notice is not posted anew',
      { ...called, worthPosting: false },
      upToDate,
      'nothing',
    ],
    ['one whose call is over stays where it is', live, { ...upToDate, occasion: 'a call' }, 'nothing'],
    ['one whose post is in doubt is settled first', live, doubtful, 'settle'],
    ['one whose post is in doubt is settled even where it is not worth a message', quiet, doubtful, 'settle'],
    ['one whose post is in doubt is settled even where the Task has left', closing, doubtful, 'settle'],
  ])('%s', (_title, want, standing, expected) => {
    const steps = diff([want], standing ? [standing] : []);

    expect(steps.map((step) => step.kind)).toEqual(expected === 'nothing' ? [] : [expected]);
    expect(steps.every((step) => step.why.length > 0 && step.desired === want)).toBe(true);
  });

  it('says why, in the words of the log', () => {
    expect(diff([live], []).map((step) => step.why)).toEqual(['no card here yet']);
    expect(diff([live], [closed]).map((step) => step.why)).toEqual(['the Task is back on this surface']);
    expect(diff([closing], [posted]).map((step) => step.why)).toEqual(['the Task left this surface']);
  });

  it('is decided for each surface by itself', () => {
    const there = channel('C2');
    const person: Surface = { ...here, kind: 'person' };
    const desired = [closing, { ...live, surface: there }, { ...live, surface: person }];

    const steps = diff(desired, [posted, { ...upToDate, id: '2', surface: person }]);

    expect(steps.map((step) => [step.kind, step.desired.surface])).toEqual([
      ['close', here],
      ['post', there],
    ]);
  });

  it('is nothing more, once it has been done', () => {
    const surfaces = ['A', 'B', 'C'].map(channel);
    const wants = fc
      .record({
        hash: fc.constantFrom('new', 'newer'),
        worthPosting: fc.boolean(),
        closing: fc.boolean(),
      })
      .map(
        (one): Omit<Desired, 'surface'> => ({
          ...one,
          worthPosting: one.worthPosting && !one.closing,
          card: goneCard('x'),
        }),
      );
    const states = fc.option(
      fc.record({ state: fc.constantFrom('posting', 'live', 'closed'), hash: fc.constantFrom('old', 'new') }),
      { nil: undefined },
    );
    const situations = fc.tuple(...surfaces.map((surface) => fc.tuple(fc.constant(surface), wants, states)));

    fc.assert(
      fc.property(situations, (situation) => {
        const desired = situation.map(([surface, want]): Desired => ({ ...want, surface }));
        const before = situation.flatMap(([surface, , state]): Posted[] =>
          state ? [{ id: surface.id, surface, ref: 'm', ...state }] : [],
        );

        const steps = diff(desired, before);

        const after = new Map(before.map((one) => [surfaceKey(one.surface), one]));
        for (const { desired: want } of steps) {
          const key = surfaceKey(want.surface);
          const state = want.closing ? 'closed' : 'live';
          after.set(key, { id: key, surface: want.surface, ref: 'm', hash: want.hash, state });
        }
        expect(diff(desired, [...after.values()])).toEqual([]);
        expect(new Set(steps.map((step) => surfaceKey(step.desired.surface))).size).toBe(steps.length);
      }),
    );
  });
});
