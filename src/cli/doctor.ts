import type { Config } from '../config.ts';
import { connect } from '../medplum/client.ts';
import type { PlatformModule } from '../platform.ts';
import { zoneFindings } from './check-clock.ts';
import { checkLedger } from './check-ledger.ts';
import { platformChecks } from './check-platforms.ts';
import { recordChecks } from './check-record.ts';
import { type Check, type Finding, fine, reasonOf, wrong } from './findings.ts';
import type { Print } from './setup.ts';

const MARKS: Record<Finding['state'], string> = { fine: '✓', wrong: '✗', note: '·' };

/**
 * `switchboard doctor`: looks at everything that an installation stands on, one by one, and says what to do where
 * something is wrong. Reads only.
 *
 * @returns the exit code: 1 where something is wrong.
 */
export async function doctor(
  config: Config,
  modules: readonly PlatformModule[],
  print: Print,
  now: () => number = Date.now,
): Promise<number> {
  let isWell = true;
  const tell = ({ state, sentence }: Finding) => {
    isWell &&= state !== 'wrong';
    print(`${MARKS[state]} ${sentence}`);
  };

  tell(fine(summaryOf(config)));
  for (const finding of zoneFindings(config, new Date(now()))) tell(finding);
  for (const check of [...(await medplumChecks(config, tell, now)), ...otherChecks(config, modules)]) {
    for (const finding of await outcomeOf(check)) tell(finding);
  }
  print(isWell ? '\nNothing is wrong.' : '\nSomething is wrong: see the lines with ✗.');
  return isWell ? 0 : 1;
}

/** What can be looked at in the record; nothing where it lets nobody in. */
async function medplumChecks(
  config: Config,
  tell: (finding: Finding) => void,
  now: () => number,
): Promise<Check[]> {
  try {
    const client = await connect(config.medplum);
    tell(fine(`Medplum at ${config.medplum.baseUrl} lets us in.`));
    return recordChecks(config, client, now);
  } catch (error) {
    tell(wrong(`${reasonOf(error)} What stands in the record was not looked at.`));
    return [];
  }
}

function otherChecks(config: Config, modules: readonly PlatformModule[]): Check[] {
  return [
    ...platformChecks(config, modules),
    { about: 'the ledger', run: async () => [await checkLedger(config)] },
  ];
}

async function outcomeOf({ about, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    return [wrong(`It could not be found out about ${about}: ${reasonOf(error)}`)];
  }
}

function summaryOf({ pools, platforms }: Config): string {
  const names = Object.keys(platforms).join(' and ') || 'no platform';
  return `The configuration is complete: ${pools.length} ${pools.length === 1 ? 'pool' : 'pools'}, ${names}.`;
}
