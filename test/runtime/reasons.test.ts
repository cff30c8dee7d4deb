import type { Coding } from '@medplum/fhirtypes';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { COMPLETION_REASONS, DEFAULT_REASONS, findReason, REASONS } from '../../src/routing/reasons.ts';
import { RecordError } from '../../src/runtime/ports/record.ts';
import { watchReasons } from '../../src/runtime/reasons.ts';

const SET = 'https://clinic.example/ValueSet/reasons';
const SYSTEM = 'https://clinic.example/CodeSystem/reasons';
const HOUR = 3_600_000;

const code = (name: string, more: Partial<Coding> = {}): Coding => ({ system: SYSTEM, code: name, ...more });
const coded = (...names: string[]) => names.map((name) => code(name));

/** Watches a ValueSet whose expansions come one after the other; the last one comes for ever. */
async function watch(...expansions: (readonly Coding[] | Error)[]) {
  const asked: string[] = [];
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  const expand = async (valueSet: string) => {
    const next = expansions[Math.min(asked.push(valueSet), expansions.length) - 1];
    if (next instanceof Error || next === undefined) throw next;
    return next;
  };
  const reasons = await watchReasons(expand, { reroute: SET }, log);
  onTestFinished(() => reasons.stop());
  return { reasons, asked, lines, codes: () => reasons.current().reroute.map((reason) => reason.code) };
}

const GONE = new RecordError('gone', 'expanding a ValueSet');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('The reasons', () => {
  it('are the built-in ones, and nobody is asked, where a project brings none', async () => {
    const asked: string[] = [];
    const expand = async (valueSet: string) => {
      asked.push(valueSet);
      return [];
    };

    const reasons = await watchReasons(expand, {}, pino({ level: 'silent' }));

    expect(reasons.current()).toBe(DEFAULT_REASONS);
    expect(asked).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are the project’s own, in its order, from the start on', async () => {
    const { reasons, asked } = await watch([
      code('b', { display: 'Bad fit' }),
      code('a', { display: 'Away' }),
    ]);

    expect(reasons.current().reroute).toEqual([
      { system: SYSTEM, code: 'b', display: 'Bad fit' },
      { system: SYSTEM, code: 'a', display: 'Away' },
    ]);
    expect(reasons.current().completion).toBe(COMPLETION_REASONS);
    expect(asked).toEqual([SET]);
  });

  it('are called by their code where they have no other name', async () => {
    const { reasons } = await watch([code('late'), code('early', { display: ' ' })]);

    expect(reasons.current().reroute.map(({ display }) => display)).toEqual(['late', 'early']);
  });

  it('ask for a note where the reason is “other”, whatever it is called', async () => {
    const { reasons } = await watch([code('late'), code('other', { display: 'Something else' })]);

    expect(reasons.current().reroute.map(({ needsNote }) => needsNote)).toEqual([undefined, true]);
  });

  it('are read again every hour', async () => {
    const { codes } = await watch(coded('a'), coded('b', 'c'));

    await vi.advanceTimersByTimeAsync(HOUR - 1);
    const before = codes();
    await vi.advanceTimersByTimeAsync(1);

    expect([before, codes()]).toEqual([['a'], ['b', 'c']]);
  });

  it('are not read any more once nobody watches', async () => {
    const { reasons, asked } = await watch(coded('a'));

    reasons.stop();
    await vi.advanceTimersByTimeAsync(3 * HOUR);

    expect(asked).toHaveLength(1);
  });

  it.each<[string, readonly Coding[] | Error]>([
    ['is not there', GONE],
    ['is empty', []],
    ['has nothing that could be a reason', [{ code: 'no-system' }, { system: SYSTEM }]],
  ])('are the built-in ones while the ValueSet %s; it is asked again after a minute', async (_why, first) => {
    const { reasons, codes, lines } = await watch(first, coded('a'));

    expect(reasons.current().reroute).toBe(REASONS);
    expect(lines.join()).toContain('the built-in list');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(codes()).toEqual(['a']);
  });

  it.each<[string, readonly Coding[] | Error]>([
    ['cannot be reached', GONE],
    ['says nothing', []],
  ])('stay as they were last while the server %s', async (_why, later) => {
    const { codes, lines } = await watch(coded('a', 'b'), later);

    await vi.advanceTimersByTimeAsync(HOUR);

    expect(codes()).toEqual(['a', 'b']);
    expect(lines.join()).toContain('the last one');
  });

  it.each<[string, Coding]>([
    ['the same code of another system', { system: 'urn:other', code: 'late', display: 'Too late' }],
    ['the same code in other letters', code('LATE', { display: 'Too late' })],
    ['the same name', code('other-code', { display: 'Running late' })],
    ['a code that is an earlier one’s name', code('running-late', { display: 'Elsewhere' })],
    ['a name that is an earlier one’s code', code('l2', { display: 'Late' })],
  ])('leave out a later one that has %s, with a warning', async (_what, later) => {
    const { reasons, codes, lines } = await watch([
      code('late', { display: 'Running late' }),
      later,
      code('z'),
    ]);

    expect(codes()).toEqual(['late', 'z']);
    expect(findReason(later.code ?? '', reasons.current().reroute)?.system ?? SYSTEM).toBe(SYSTEM);
    expect(lines.filter((line) => line.includes('could not be told from an earlier one'))).toHaveLength(1);
  });

  it('are a hundred at most', async () => {
    const { codes, lines } = await watch(Array.from({ length: 130 }, (_, i) => code(`r${i}`)));

    expect(codes()).toHaveLength(100);
    expect(codes().at(-1)).toBe('r99');
    expect(lines.join()).toContain('only the first of these reasons are offered');
  });

  it('of one kind do not suffer where those of the other cannot be read', async () => {
    const expand = async (valueSet: string) => {
      if (valueSet === SET) throw GONE;
      return coded('done');
    };

    const reasons = await watchReasons(
      expand,
      { reroute: SET, completion: 'urn:c' },
      pino({ level: 'silent' }),
    );
    reasons.stop();

    expect(reasons.current().reroute).toBe(REASONS);
    expect(reasons.current().completion.map((reason) => reason.code)).toEqual(['done']);
  });
});
