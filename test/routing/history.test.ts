import type { Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf, type Past, type Told } from '../../src/routing/history.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { ANA, BEN, CARDIOLOGY, NOW, NURSES, refTo, TASK_ID, taskIn } from '../support/pure-clinic.ts';
import { type Step, versionsOf } from '../support/pure-past.ts';

const AT = (time: string) => `2026-03-02T${time}:00.000Z`;

const arrived: Step = { at: AT('07:00'), authoredOn: AT('07:00') };
const claimed = (at: string): Step => ({ at: AT(at), status: 'accepted', owner: refTo(ANA) });
const toCardiology = (at: string): Step => ({
  at: AT(at),
  status: 'requested',
  owner: undefined,
  performerType: performerTypeOf(CARDIOLOGY),
});

function told(verb: string | undefined, left: string | undefined, more: Partial<Told> = {}): Told {
  return {
    verb,
    who: refTo(ANA),
    at: AT('07:00'),
    reason: undefined,
    left: left && `Task/${TASK_ID}/_history/${left}`,
    ...more,
  };
}

function moments(steps: readonly Step[], tells: readonly Told[] = [], more: Partial<Past> = {}) {
  const versions = versionsOf(steps, taskIn(NURSES));
  return momentsOf(
    { taskId: TASK_ID, versions, truncated: false, told: tells, ...more },
    DEFAULT_TASK_RULES,
    NOW,
  );
}

/** What is told of each moment, at what minute, and how many minutes it lasted. */
function summary(all: ReturnType<typeof moments>) {
  return all.map(({ at, told: one, lasted }) => [
    at.slice(11, 16),
    one?.verb ?? '-',
    lasted ? `${lasted.ms / 60_000} min${lasted.ongoing ? ' so far' : ''}` : '-',
  ]);
}

describe('A Task’s past', () => {
  it('has every change of who has it, when, who did it, and how long it lasted', () => {
    const steps = [arrived, claimed('07:12'), toCardiology('09:22')];

    const all = moments(steps, [told('reroute', 'v2'), told('claim', 'v1')]);

    expect(summary(all)).toEqual([
      ['07:00', '-', '12 min'],
      ['07:12', 'claim', '130 min'],
      ['09:22', 'reroute', '38 min so far'],
    ]);
  });

  it('begins when the patient began to wait, even where the Task was written later', () => {
    const [first] = moments([{ ...arrived, at: AT('07:30') }, claimed('07:40')]);

    expect(first?.at).toBe(AT('07:00'));
    expect(first?.lasted?.ms).toBe(40 * 60_000);
  });

  it('begins when it was written, where it took another Task’s place, or nobody knows since when the patient waits', () => {
    const late = { ...arrived, at: AT('09:00') };

    expect(moments([late], [], { replaces: 'other' })[0]?.at).toBe(AT('09:00'));
    expect(moments([{ ...late, authoredOn: AT('09:30') }])[0]?.at).toBe(AT('09:00'));
  });

  it('finds a claim in the version that shows it, where a note came between what it read and what it wrote', () => {
    const note = { at: AT('07:11'), note: [{ text: 'n' }] };

    const all = moments([arrived, note, claimed('07:12')], [told('claim', 'v1')]);

    expect(summary(all)).toEqual([
      ['07:00', '-', '12 min'],
      ['07:11', '-', '-'],
      ['07:12', 'claim', '168 min so far'],
    ]);
  });

  it('keeps a change by another application apart from what we did after it', () => {
    const elsewhere = { at: AT('08:00'), status: 'accepted', owner: refTo(BEN) } as const;
    const released = { at: AT('08:30'), status: 'requested', owner: undefined } as const;

    const all = moments([arrived, elsewhere, released], [told('release', 'v2', { who: refTo(BEN) })]);

    expect(summary(all).map(([, verb]) => verb)).toEqual(['-', '-', 'release']);
  });

  it('takes a Provenance by somebody else for what happened in that minute', () => {
    const near = told(undefined, undefined, { at: AT('07:12'), reason: 'Specialty referral' });
    const far = told(undefined, undefined, { at: AT('06:00'), reason: 'Long ago' });

    const all = moments([arrived, claimed('07:12'), toCardiology('09:22')], [near, far]);

    expect(all.map(({ told: one }) => one?.reason)).toEqual([
      'Long ago',
      undefined,
      'Specialty referral',
      undefined,
    ]);
    expect(all[0]?.after).toBeUndefined();
  });

  it('tells a Provenance whose version is not there any more by itself', () => {
    const early = told('claim', 'gone', { at: AT('06:00') });

    const all = moments([claimed('07:12'), toCardiology('09:22')], [early], { truncated: true });

    expect(summary(all)).toEqual([
      ['06:00', 'claim', '-'],
      ['09:22', '-', '38 min so far'],
    ]);
  });

  it('tells no beginning where there is more before it', () => {
    expect(moments([arrived, claimed('07:12')], [], { truncated: true })).toHaveLength(1);
  });

  it('tells what made a Task as its beginning', () => {
    const begun = told('reroute', undefined);

    expect(moments([arrived], [], { begun, replaces: 'other' })[0]?.told).toBe(begun);
  });

  it('tells changes that say nothing about the routing as one, until something happens between them', () => {
    const quiet = (at: string) => ({ at: AT(at), description: at });
    const steps = [arrived, quiet('07:01'), quiet('07:02'), quiet('07:03'), claimed('07:12'), quiet('07:13')];

    const all = moments(steps);

    expect(all.map(({ at, times }) => [at.slice(11, 16), times])).toEqual([
      ['07:00', 1],
      ['07:03', 3],
      ['07:12', 1],
      ['07:13', 1],
    ]);
    expect(summary(all).map(([, , long]) => long)).toEqual(['12 min', '-', '168 min so far', '-']);
  });

  it('says what changed between two versions', () => {
    const more: Step = {
      ...claimed('08:00'),
      priority: 'stat',
      note: [{ text: 'a' }, { text: 'b' }],
      output: [{ type: { text: 'Reply' }, valueReference: { reference: 'Communication/1' } }],
    };

    const all = moments([arrived, more, { at: AT('09:00'), performerType: performerTypeOf(CARDIOLOGY) }]);

    expect(all.map(({ changes }) => changes)).toEqual([
      { owner: false, pool: false, standing: false, priority: false, notes: 0, answer: false },
      { owner: true, pool: false, standing: true, priority: true, notes: 2, answer: true },
      { owner: false, pool: true, standing: false, priority: false, notes: 0, answer: false },
    ]);
  });

  it('counts no time for a Task in which nothing is left to do', () => {
    const all = moments([arrived, claimed('08:00'), { at: AT('09:00'), status: 'completed' }]);

    expect(summary(all).map(([, , long]) => long)).toEqual(['60 min', '60 min', '-']);
  });

  it('counts the time until somebody accepts apart from the time that they had it', () => {
    const assigned: Step = { at: AT('08:00'), owner: refTo(BEN) };

    const all = moments([arrived, assigned, { at: AT('08:20'), status: 'accepted' }]);

    expect(summary(all).map(([, , long]) => long)).toEqual(['60 min', '20 min', '100 min so far']);
  });

  it('is in the order of the stamps, whatever the order in which the server gives the versions', () => {
    const versions = versionsOf([arrived, claimed('07:12'), toCardiology('09:22')]);
    const [newest, middle, first] = versions;
    const shuffled = [middle, first, newest].filter((one) => one !== undefined);

    const all = moments([], [], { versions: shuffled });

    expect(all.map(({ at }) => at)).toEqual([AT('07:00'), AT('07:12'), AT('09:22')]);
  });

  it('names who changed it where no Provenance does: on whose behalf it was, else who wrote it', () => {
    const author = { reference: 'ClientApplication/1', display: 'Medplum App' };

    const all = moments([
      arrived,
      { ...claimed('07:12'), meta: { author, onBehalfOf: refTo(ANA) } },
      { ...toCardiology('09:22'), meta: { author } },
    ]);

    expect(all.map(({ by }) => by?.display)).toEqual([undefined, 'Ana Silva', 'Medplum App']);
  });

  it('is put together at once for a thousand versions', () => {
    const steps = Array.from({ length: 1_000 }, (_, i) => ({
      at: new Date(NOW.getTime() - (1_000 - i) * 60_000).toISOString(),
      ...(i % 2
        ? { status: 'accepted' as const, owner: refTo(ANA) }
        : { status: 'requested' as const, owner: undefined }),
    }));
    const tells = steps.map((_, i) => told(i % 2 ? 'release' : 'claim', `v${i + 1}`));
    const versions = versionsOf(steps);
    const started = performance.now();

    const all = momentsOf(
      { taskId: TASK_ID, versions, truncated: true, told: tells },
      DEFAULT_TASK_RULES,
      NOW,
    );

    expect(all.filter((one) => one.told && one.after)).toHaveLength(999);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('loses nothing: every version and every Provenance is told once, and the spells fill the time', () => {
    const step = fc.record({
      owner: fc.constantFrom(refTo(ANA), refTo(BEN), undefined),
      status: fc.constantFrom<Task['status']>('requested', 'accepted', 'ready', 'completed', 'on-hold'),
      priority: fc.constantFrom<Task['priority']>('routine', 'stat'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), (steps, seed) => {
        const all = steps.map((one, i): Step => ({ ...one, at: AT(`07:${String(i).padStart(2, '0')}`) }));
        const tells = all.slice(1).flatMap((_, i) => ((seed >> i) % 2 ? [told('claim', `v${i + 1}`)] : []));

        const past = moments(all, tells);

        expect(past.reduce((sum, { after, times }) => sum + (after ? times : 0), 0)).toBe(all.length);
        expect(past.filter(({ told: one }) => one)).toHaveLength(tells.length);
        expect(past.map(({ at }) => at)).toEqual(past.map(({ at }) => at).toSorted());
        for (const { lasted } of past) expect(lasted?.ms ?? 0).toBeGreaterThanOrEqual(0);
        expect(past.filter(({ lasted }) => lasted?.ongoing).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
