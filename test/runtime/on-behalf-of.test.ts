import { describe, expect, it } from 'vitest';
import { createAuthorOf, type OnBehalfOf } from '../../src/runtime/on-behalf-of.ts';
import { type Membership, RecordError } from '../../src/runtime/ports/record.ts';
import { ANA, BEN, refTo } from '../support/pure-clinic.ts';
import { isSentence } from '../support/pure-sentences.ts';

const AS_ANA = { who: refTo(ANA), as: 'Practitioner/ana' };
const BY_SERVICE = { who: refTo(ANA) };

/** Who answers for what Ana does, where her membership is this. */
const author = (rule: OnBehalfOf, membership: Membership) =>
  createAuthorOf(
    rule,
    async () => membership,
    () => 0,
  )(ANA);

describe('What somebody changes', () => {
  it.each<[OnBehalfOf, Membership]>([
    ['prefer', 'active'],
    ['require', 'active'],
  ])('is written on their behalf (%s, %s)', async (rule, membership) => {
    expect(await author(rule, membership)).toEqual(AS_ANA);
  });

  it.each<[OnBehalfOf, Membership]>([
    ['prefer', 'none'],
    ['prefer', 'unknown'],
    ['never', 'active'],
    ['never', 'inactive'],
  ])('is written by the service, which names them (%s, %s)', async (rule, membership) => {
    expect(await author(rule, membership)).toEqual(BY_SERVICE);
  });

  it.each<[OnBehalfOf, Membership, RegExp]>([
    ['prefer', 'inactive', /^Your membership of the Medplum project is switched off/],
    ['require', 'inactive', /^Your membership of the Medplum project is switched off/],
    ['require', 'none', /you have no membership of the Medplum project; nothing was changed/],
    ['require', 'unknown', /Switchboard may not do that; nothing was changed/],
  ])('is refused, with what can be done about it (%s, %s)', async (rule, membership, sentence) => {
    const refused = await author(rule, membership);

    expect(refused).toEqual({ kind: 'refused', sentence: expect.stringMatching(sentence) });
    expect('sentence' in refused && refused.sentence).toSatisfy(isSentence);
    expect('sentence' in refused && refused.sentence).toContain('Ask your administrator');
  });
});

describe('A membership', () => {
  /** Counts what is looked up; the clock is the test's. */
  function counting(answer: () => Promise<Membership>) {
    const asked: string[] = [];
    const clock = { now: 0 };
    const authorOf = createAuthorOf(
      'prefer',
      (id) => {
        asked.push(id);
        return answer();
      },
      () => clock.now,
    );
    return { asked, clock, authorOf };
  }

  it('is looked up once a minute for each person, however many press at once', async () => {
    const { asked, clock, authorOf } = counting(async () => 'active');

    await Promise.all([authorOf(ANA), authorOf(ANA), authorOf(BEN)]);
    clock.now = 59_999;
    await authorOf(ANA);
    clock.now = 60_000;
    await authorOf(ANA);

    expect(asked).toEqual(['ana', 'ben', 'ana']);
  });

  it('is not looked up where nothing is written on anybody’s behalf', async () => {
    const asked: string[] = [];
    const authorOf = createAuthorOf(
      'never',
      async (id) => {
        asked.push(id);
        return 'active';
      },
      () => 0,
    );

    await authorOf(ANA);

    expect(asked).toEqual([]);
  });

  it('that could not be looked up is looked up again, and nobody is taken for somebody without one', async () => {
    let answers = 0;
    const { asked, authorOf } = counting(async () => {
      if (answers++ === 0) throw new RecordError('unreachable', 'a test');
      return 'active';
    });

    await expect(authorOf(ANA)).rejects.toMatchObject({ kind: 'unreachable' });

    expect(await authorOf(ANA)).toEqual(AS_ANA);
    expect(asked).toHaveLength(2);
  });
});
