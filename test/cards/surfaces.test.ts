import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf, privacyAt, type Surface, surfaceFromKey, surfaceKey } from '../../src/cards/surfaces.ts';
import { type Pool, PRIVACY_LEVELS, type Privacy, performerTypeOf } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { bareTask, CARDIOLOGY, NURSES, POOLS, pool, STANDING_TASKS, taskIn } from '../support/pure-clinic.ts';

const nurses: Surface = { platform: 'chat', kind: 'channel', id: 'C-registered-nurse' };
const places = (task: Parameters<typeof placesOf>[0], pools: readonly Pool[] = POOLS) =>
  placesOf(task, pools, DEFAULT_TASK_RULES);

const sharing = (privacy: Privacy, name: 'registered-nurse' | 'cardiology') => {
  const base = name === 'cardiology' ? CARDIOLOGY : NURSES;
  return { ...base, channels: [{ platform: 'chat', channel: 'C-shared', privacy }] };
};

const ofBoth = bareTask({ performerType: [...performerTypeOf(NURSES), ...performerTypeOf(CARDIOLOGY)] });

describe('A Task belongs', () => {
  it('in every channel of its pool, each at its own level', () => {
    const channels = [
      { platform: 'chat', channel: 'C1', privacy: 'none' },
      { platform: 'chat', channel: 'C2', privacy: 'full' },
      { platform: 'other', channel: 'C1', privacy: 'initials' },
    ] as const;
    const many = pool('registered-nurse', 'Registered nurse', '224535009', { channels });

    expect(places(taskIn(many), [many]).map((one) => [surfaceKey(one.surface), one.privacy])).toEqual([
      ['chat:channel:C1', 'none'],
      ['chat:channel:C2', 'full'],
      ['other:channel:C1', 'initials'],
    ]);
  });

  it('in the channels of both its pools', () => {
    expect(places(ofBoth).map(({ surface }) => surface.id)).toEqual(['C-registered-nurse', 'C-cardiology']);
  });

  it.each(PRIVACY_LEVELS.flatMap((a) => PRIVACY_LEVELS.map((b) => [a, b] as const)))(
    'once in a channel that its pools share, at the stricter of %s and %s',
    (a, b) => {
      const pools = [sharing(a, 'registered-nurse'), sharing(b, 'cardiology')];
      const stricter = PRIVACY_LEVELS[Math.min(PRIVACY_LEVELS.indexOf(a), PRIVACY_LEVELS.indexOf(b))];

      expect(places(ofBoth, pools)).toEqual([
        { surface: { platform: 'chat', kind: 'channel', id: 'C-shared' }, privacy: stricter },
      ]);
      expect(privacyAt({ platform: 'chat', kind: 'channel', id: 'C-shared' }, pools)).toBe(stricter);
    },
  );

  it.each([
    ['in its channel while it is not accepted', STANDING_TASKS.assigned, [nurses]],
    ['in its channel once it is claimed', STANDING_TASKS.claimed, [nurses]],
    ['in its channel while nobody has it', STANDING_TASKS.unclaimed, [nurses]],
    ['in its channel when it is done', STANDING_TASKS.closed, [nurses]],
    ['nowhere when it is a read receipt', STANDING_TASKS.ignored, []],
    ['nowhere when its pool is not configured', bareTask({ performerType: [{ text: 'Dentist' }] }), []],
  ])('%s', (_title, task, expected) => {
    const found = places(task);

    expect(found.map((one) => one.surface)).toEqual(expected);
    expect(found.every((one) => one.privacy === 'none')).toBe(true);
  });
});

describe('A surface', () => {
  it('that no pool has any more says nothing of a patient', () => {
    const open = pool('x', 'X', '1', { channels: [{ platform: 'chat', channel: 'C1', privacy: 'full' }] });

    expect(privacyAt({ platform: 'chat', kind: 'channel', id: 'C-old' }, [open])).toBe('none');
    expect(privacyAt({ platform: 'other', kind: 'channel', id: 'C1' }, [open])).toBe('none');
    expect(privacyAt({ platform: 'chat', kind: 'channel', id: 'C1' }, [open])).toBe('full');
  });

  it('is read back from its word, whatever its id is', () => {
    const surfaces = fc.record({
      platform: fc.constantFrom('chat', 'other'),
      kind: fc.constantFrom('channel' as const, 'person' as const),
      id: fc.string(),
    });

    fc.assert(
      fc.property(surfaces, (surface) => {
        expect(surfaceFromKey(surfaceKey(surface))).toEqual(surface);
      }),
    );
  });
});
