import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageBody, readMessage, strangersIn } from '../../../adapters/teams/mention.ts';
import { nastyText } from '../../support/unit-cards.ts';

const BOT = '28:bot';
const US = { type: 'mention', text: '<at>Switchboard</at>', mentioned: { id: BOT } };
const MEI = { type: 'mention', text: '<at>Mei Tanaka</at>', mentioned: { id: '29:mei' } };
const BEN = { type: 'mention', text: '<at>Ben</at>', mentioned: { id: '29:ben', aadObjectId: 'aad-ben' } };

const idOf = (id: string) => (id === '29:mei' ? 'aad-mei' : undefined);
const read = (text: string, ...entities: NonNullable<MessageBody['entities']>) =>
  readMessage({ text, recipient: { id: BOT }, entities }, idOf);
const readAlone = (text: string) =>
  readMessage({ text, recipient: { id: BOT }, conversation: { conversationType: 'personal' } }, idOf);

describe('a message in Teams', () => {
  it.each([
    ['<at>Switchboard</at> claim a1b2c3', 'claim', 'a1b2c3'],
    ['<at>Switchboard</at>&nbsp;/claim a1b2c3', 'claim', 'a1b2c3'],
    ['  <at>Switchboard</at>\n claim   a1b2c3 \n', 'claim', 'a1b2c3'],
    ['/tasks', 'tasks', ''],
    ['tasks cardiology', 'tasks', 'cardiology'],
    ['claim a1b2c3 <at>Switchboard</at>', 'claim', 'a1b2c3'],
    ['<p><at>Switchboard</at> <span style="x">claim</span> a1</p>', 'claim', 'a1'],
  ])('%j is a word and the rest', (text, word, rest) => {
    expect(read(text, US)).toEqual({ word, text: rest });
  });

  it.each([
    [
      'reroute a1 cardiology because workload a &lt; b &amp;amp; c',
      'a1 cardiology because workload a < b &amp; c',
    ],
    ['reroute a1 x because y BP <90 &amp; pulse >120', 'a1 x because y BP <90 & pulse >120'],
    [
      'reroute a1 x because y see\nthe &quot;chart&quot; &#39;now&#39;',
      'a1 x because y see\nthe "chart" \'now\'',
    ],
    ['reroute a1 x because y if a<b then c>d', 'a1 x because y if a<b then c>d'],
  ])('%j keeps what was typed, sign by sign', (text, rest) => {
    expect(read(text)).toEqual({ word: 'reroute', text: rest });
  });

  it('names another person by their Entra object id, whether or not the activity does', () => {
    const text = '<at>Switchboard</at> reroute a1 <at>Mei Tanaka</at> because workload';
    expect(read(text, US, MEI).text).toMatch(/^a1\s+user:aad-mei\s+because workload$/);

    const other = '<at>Switchboard</at> reroute a1 <at>Ben</at> because workload';
    expect(read(other, US, BEN).text).toMatch(/^a1\s+user:aad-ben\s+because workload$/);
  });

  it('knows whom it has to ask for: whoever is neither us nor named already', () => {
    expect(strangersIn({ recipient: { id: BOT }, entities: [US, MEI, BEN, { type: 'clientInfo' }] })).toEqual(
      ['29:mei'],
    );
  });

  it.each([
    '',
    '   ',
    '<at>Switchboard</at>',
    '<p>&nbsp;</p>',
    '<at>Switchboard</at> hi',
    '<at>Switchboard</at> Hello there',
  ])(
    'that says nothing, or hello, asks for help where others read along, and for Home where nobody does: %j',
    (text) => {
      expect(read(text, US)).toEqual({ word: 'help', text: '' });
      expect(readAlone(text.replace('<at>Switchboard</at>', ''))).toEqual({ word: 'home', text: '' });
    },
  );

  it.each([
    ['/switchboard status a1b2c3', 'status', 'a1b2c3'],
    ['switchboard status a1b2c3', 'status', 'a1b2c3'],
    ['@Switchboard /status a1b2c3', 'status', 'a1b2c3'],
    ['Switchboard, status a1b2c3', 'status', 'a1b2c3'],
    ['/status a1b2c3', 'status', 'a1b2c3'],
    ['status a1b2c3', 'status', 'a1b2c3'],
    ['switchboards a1', 'switchboards', 'a1'],
    ['switchboard-test a1', 'switchboard-test', 'a1'],
    ['/switchboard', 'home', ''],
    ['highlight', 'highlight', ''],
    ['history a1', 'history', 'a1'],
  ])('may say our name before the word: %j', (text, word, rest) => {
    expect(readAlone(text)).toEqual({ word, text: rest });
  });

  it('keeps a name that holds what a pattern would', () => {
    const dollar = {
      type: 'mention',
      text: '<at>$& Co</at>',
      mentioned: { id: '29:x', aadObjectId: "$'$&" },
    };

    expect(read('reroute a1 <at>$& Co</at> because y', dollar).text).toMatch(
      /^a1\s+user:\$'\$&\s+because y$/,
    );
  });

  it('never makes the parser throw, and always gives a word without spaces', () => {
    const entity = fc.record(
      {
        type: fc.constantFrom('mention', 'clientInfo'),
        text: fc.constantFrom('<at>Switchboard</at>', '$&', '', '(', '<'),
        mentioned: fc.record(
          { id: fc.constantFrom(BOT, '29:mei', ''), aadObjectId: nastyText },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(nastyText, fc.string()), fc.array(entity, { maxLength: 4 }), (text, entities) => {
        const typed = read(text, ...entities);

        expect(typed.word).toMatch(/^\S+$/);
        expect(typed.text).toBe(typed.text.trim());
      }),
    );
  });

  it('is read in no time, however it is made', () => {
    const started = performance.now();

    for (const text of [
      '<'.repeat(20_000),
      '<at '.repeat(5_000),
      '&'.repeat(20_000),
      `/${'-'.repeat(20_000)}`,
    ])
      read(text);

    expect(performance.now() - started).toBeLessThan(500);
  });
});
