import type { Config } from '../config.ts';
import { connect } from '../medplum/client.ts';
import { type Installed, install, type Step } from '../medplum/setup.ts';
import { catalogParts, type Part } from '../medplum/setup-parts.ts';
import { subscriptionParts, webhookAddress } from '../medplum/subscriptions.ts';
import { RecordError } from '../runtime/ports/record.ts';

/** Takes one line of what a command has to say. */
export type Print = (line: string) => void;

/**
 * `switchboard setup`: brings what Switchboard needs into the Medplum project, and says of each part what was done.
 *
 * @returns the exit code: 1 where something could not be done.
 */
export async function setup(config: Config, { dryRun = false }, print: Print): Promise<number> {
  const client = await connect(config.medplum);
  print(`${dryRun ? 'What setup would do' : 'Setting up'} at ${config.medplum.baseUrl}\n`);
  let failures = 0;
  let madePolicy = false;
  try {
    for await (const installed of install(client, partsFor(config), { dryRun })) {
      for (const line of linesOf(installed, dryRun)) print(line);
      if (installed.kind === 'step') madePolicy ||= isNewPolicy(installed.step) && !dryRun;
      else if (!isOptional(installed)) failures++;
    }
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    print('\nMedplum went out of reach. Run setup again: what is done is left as it is.');
    return 1;
  }
  for (const line of advice(config, madePolicy)) print(`\n${line}`);
  if (dryRun) print('\nNothing was changed.');
  return failures > 0 ? 1 : 0;
}

/** The parts that this configuration needs. */
function partsFor({ events, publicUrl, webhookSecret }: Config): Part[] {
  const hooks =
    events === 'rest-hook' && publicUrl && webhookSecret
      ? subscriptionParts(webhookAddress(publicUrl), webhookSecret)
      : [];
  return [...catalogParts(), ...hooks];
}

function linesOf(installed: Installed, dryRun: boolean): string[] {
  if (installed.kind === 'failed') {
    if (!isOptional(installed)) return [row('failed', installed.part, installed.why)];
    return [row('skipped', installed.part, 'only an administrator’s client may look at those')];
  }
  const { step } = installed;
  return [
    row(word(step, dryRun), step.part, step.why),
    ...step.remarks.map((remark) => `${' '.repeat(INDENT)}note: ${remark}; it is left alone`),
  ];
}

/** A client that is no administrator's has an AccessPolicy already, and is set up anew without looking at it. */
function isOptional({ part, lacks }: Extract<Installed, { kind: 'failed' }>): boolean {
  return lacks === 'search' && part.resource.resourceType === 'AccessPolicy';
}

const INDENT = 16;

function row(what: string, { name, resource }: Part, why: string): string {
  const line = `  ${what.padEnd(INDENT - 2)}${resource.resourceType} ${name}`;
  return why ? `${line}: ${why}` : line;
}

function word({ kind }: Step, dryRun: boolean): string {
  if (kind === 'create') return dryRun ? 'would create' : 'created';
  if (kind === 'update') return dryRun ? 'would update' : 'updated';
  return kind;
}

function isNewPolicy({ kind, part }: Step): boolean {
  return kind === 'create' && part.resource.resourceType === 'AccessPolicy';
}

function advice({ events, publicUrl, webhookSecret }: Config, madePolicy: boolean): string[] {
  const missing = [
    ...(publicUrl ? [] : ['PUBLIC_URL']),
    ...(webhookSecret ? [] : ['MEDPLUM_WEBHOOK_SECRET']),
  ];
  const isOrAre = missing.length === 1 ? 'is' : 'are';
  return [
    ...(events === 'websocket'
      ? ['The Subscriptions are made over the websocket while Switchboard runs (MEDPLUM_EVENTS).']
      : []),
    ...(events === 'none' && missing.length > 0
      ? [
          `The Subscriptions were left out: ${missing.join(' and ')} ${isOrAre} not set. Without them Switchboard finds ` +
            'changes by asking every few seconds (sweep.seconds) instead of being told.',
        ]
      : []),
    ...(madePolicy
      ? [
          'The AccessPolicy has no effect until it is given to the ClientApplication: in Medplum, under Project > Clients, ' +
            'choose it as the Access Policy of this client.',
        ]
      : []),
  ];
}
