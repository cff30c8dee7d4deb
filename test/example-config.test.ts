import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PLATFORMS } from '../adapters/index.ts';
import { readConfigFile } from '../src/config-file.ts';
import { load } from './support/pure-config.ts';

const PATH = fileURLToPath(new URL('../switchboard.example.yaml', import.meta.url));
const EXAMPLE = readFileSync(PATH, 'utf8');

/** What stands behind a single #: whole settings, from their name on. */
const EXAMPLES = [...EXAMPLE.matchAll(/^# \w+:\n(?:# {3}.*\n)+/gm)]
  .map(([block]) => block.replace(/^# /gm, ''))
  .join('');

/** Reads a configuration as the service does; what the platforms are called does not matter. */
function read(content: object) {
  const json = JSON.stringify(content)
    .replace(/"slack":/g, '"chat":')
    .replace(/"teams":/g, '"other":');
  return load(json, { OTHER_TOKEN: 'x' });
}

describe('The example of a configuration', () => {
  it('is accepted as it stands, and mentions every setting that there is', () => {
    const problems: string[] = [];

    const checked = readConfigFile(
      PATH,
      PLATFORMS.map(({ name }) => name),
      problems,
    );

    expect(problems).toEqual([]);
    expect(Object.keys(parse(EXAMPLE)).sort()).toEqual(Object.keys(checked ?? {}).sort());
    for (const [name, setting] of Object.entries(checked ?? {})) {
      if (typeof setting !== 'object' || Array.isArray(setting)) continue;
      for (const inner of Object.keys(setting))
        expect(EXAMPLE, name).toMatch(new RegExp(`^[# ]*${inner}:`, 'm'));
    }
  });

  it('shows the defaults: without what is shown, everything is the same', () => {
    const pools = parse(EXAMPLE).pools.map(
      ({ visibility, ...pool }: { visibility?: string; channels: object[] }) => ({
        ...pool,
        channels: pool.channels.map((channel) => ({ ...channel, privacy: undefined })),
      }),
    );

    expect(read(parse(EXAMPLE))).toEqual(read({ pools }));
  });

  it('has examples that are accepted when they are taken', () => {
    const config = read({ ...parse(EXAMPLE), ...parse(EXAMPLES) });

    expect(config).toMatchObject({
      intake: [
        { make: { kind: 'nothing' } },
        { make: { kind: 'pool', pool: 'cardiology', priority: 'urgent' } },
        { make: { kind: 'person' } },
        { when: {}, make: { kind: 'pool', pool: 'registered-nurse' } },
      ],
      followUps: { raise: [{ messages: 3, to: 'urgent' }] },
      reasons: {
        reroute: 'https://clinic.example/fhir/ValueSet/reroute-reasons',
        completion: 'https://clinic.example/fhir/ValueSet/completion-reasons',
        escalation: 'https://clinic.example/fhir/ValueSet/escalation-reasons',
      },
      operations: [{ channel: 'C078IJ9KL', privacy: 'none' }],
    });
  });
});
