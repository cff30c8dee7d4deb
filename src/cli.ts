#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=100
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { PLATFORMS } from '../adapters/index.ts';
import { digest } from './cli/digest.ts';
import { doctor } from './cli/doctor.ts';
import { jobs, retryJobs } from './cli/jobs.ts';
import { orphans } from './cli/orphans.ts';
import { serve } from './cli/serve.ts';
import { setup } from './cli/setup.ts';
import { withConfig } from './cli/with-config.ts';
import { type Config, loadConfig } from './config.ts';

/*
 * The command line. Every command reads the same configuration; where that is wrong, one message says everything, and
 * the exit code is 2.
 */

const program = new Command('switchboard')
  .description('Brings patient-message Tasks from a Medplum pool to the care team’s chat.')
  .version(versionOf(new URL('../package.json', import.meta.url)))
  .showHelpAfterError('(switchboard --help lists what there is)')
  .addHelpText(
    'after',
    `
It is configured by the environment and by switchboard.yaml in the working
folder (SWITCHBOARD_CONFIG names another file); switchboard.example.yaml
describes every setting. It ends with 0; with 1 where something failed or is
wrong; with 2 where the configuration is.

On a new installation:
  $ switchboard setup --dry-run
  $ switchboard setup
  $ switchboard doctor
  $ switchboard start`,
  );

program
  .command('start')
  .description('start the service; it runs until it is told to stop (SIGTERM)')
  .action(() => configured((config) => serve(config)));

program
  .command('setup')
  .description('bring what it needs into the Medplum project: reasons, Subscriptions, AccessPolicy')
  .option('--dry-run', 'say what would be done, and change nothing')
  .action((options: { dryRun?: boolean }) => configured((config) => setup(config, options, print)));

program
  .command('doctor')
  .description(
    'look at everything that an installation stands on, and say what to do where something is wrong',
  )
  .action(() => configured((config) => doctor(config, PLATFORMS, print)));

program
  .command('orphans')
  .description('list every Task that nobody can take up or go on with')
  .option('--json', 'as JSON, for other programs')
  .action((options: { json?: boolean }) => configured((config) => orphans(config, options, print)));

program
  .command('digest')
  .description('post today’s digest of a pool now, unless it stands already')
  .requiredOption('--pool <pool>', 'whose: its id or its name')
  .option('--dry-run', 'print what would be posted, and post nothing')
  .action((options: { pool: string; dryRun?: boolean }) =>
    configured((config) => digest(config, PLATFORMS, options, print)),
  );

const jobsCommand = program
  .command('jobs')
  .description('list what was given up: jobs that ran out of tries, and changes that cannot be finished')
  .option('--json', 'as JSON, for other programs')
  .action((options: { json?: boolean }) => configured((config) => jobs(config, options, print)));

jobsCommand
  .command('retry')
  .description('do what was given up anew: all of it, or what is named')
  .argument('[key]', 'the one of this key')
  .option('--queue <queue>', 'those of this queue')
  .action((key: string | undefined, options: { queue?: string }) =>
    configured((config) => retryJobs(config, { ...options, ...(key && { key }) }, print)),
  );

/** Runs a command with the configuration; what it gives back is the exit code. */
async function configured(command: (config: Config) => Promise<number>): Promise<void> {
  process.exitCode = await withConfig(() => loadConfig(process.env, PLATFORMS), command);
}

function print(line: string): void {
  console.log(line);
}

function versionOf(file: URL): string {
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

// Whoever reads only the first lines (`| head`) has not made a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

await program.parseAsync();
