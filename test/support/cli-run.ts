import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PLATFORMS } from '../../adapters/index.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import { type Config, loadConfig } from '../../src/config.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Where a command is pointed at: a sandbox, and where Switchboard is (to be) reached. */
export interface Target {
  readonly sandbox: { readonly url: string };
  readonly url: string;
}

/** The configuration of the clinic for this sandbox, as a command reads it. */
export function pointedAt({ sandbox, url }: Target, more: Record<string, string> = {}): Config {
  return loadConfig({ ...environmentFor(sandbox.url, url), ...more }, PLATFORMS);
}

/** What a command said, and how it ended. */
export interface Said {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own. Nothing is in its environment but what is given. */
export function runCli(args: readonly string[], env: Record<string, string>, cwd?: string): Promise<Said> {
  return new Promise((done) => {
    execFile(process.execPath, [CLI, ...args], { env, ...(cwd && { cwd }) }, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}
