import { describe, expect, it } from 'vitest';
import { listHelp } from '../../src/queries/help.ts';
import { WORDS } from '../../src/slash.ts';
import { linesOf } from '../support/pure-queries.ts';

describe('Help', () => {
  it('lists every word with what stands behind it and what it does', () => {
    const lines = linesOf(listHelp(WORDS, ''));

    expect(lines).toHaveLength(WORDS.length);
    expect(lines[0]).toBe('/claim [task]  Take a Task from your pool.');
    expect(lines).toContain('/switchboard status [task]  How a Task stands now.');
    for (const line of lines) expect(line).toMatch(/^\/[a-z]+.* {2}[A-Z].*[^.]\.$/);
  });

  it.each(['reroute', '/reroute', ' REROUTE '])(
    'is about one word where it is asked for that: %j',
    (about) => {
      expect(linesOf(listHelp(WORDS, about))).toEqual([
        '/reroute [task] [pool or person] because [reason] [note]  Send a Task to a pool or a person, with a reason.',
      ]);
    },
  );

  it.each(['me please', '<!channel>', 'steal'])('is about everything for what is no word: %j', (about) => {
    expect(linesOf(listHelp(WORDS, about))).toHaveLength(WORDS.length);
  });

  it('names no platform', () => {
    expect(JSON.stringify(listHelp(WORDS, ''))).not.toMatch(/slack|teams/i);
  });
});
