import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Config, ConfigError, loadConfig } from '../../src/config.ts';

export const VARIABLES = {
  MEDPLUM_BASE_URL: 'https://record.example',
  MEDPLUM_CLIENT_ID: 'id',
  MEDPLUM_CLIENT_SECRET: 'secret',
  CHAT_TOKEN: 'token',
};

export const CHAT = {
  name: 'chat',
  settings: z.object({ CHAT_TOKEN: z.string() }),
};
const OTHER = {
  name: 'other',
  settings: z.object({ OTHER_TOKEN: z.string(), OTHER_URL: z.url().optional() }),
};

export const POOLS = `pools:
  - id: nurses
    name: Registered nurse
    performerType: http://snomed.info/sct|224535009
    channels:
      - chat: C1
  - id: cardiology
    name: Cardiologist
    performerType: http://snomed.info/sct|17561000
    rerouteTo: [nurses]
    channels:
      - chat: C2
        privacy: initials
`;

/** Loads this file (at a path that is called FILE in problems) with these variables. */
export function load(yaml: string, variables: Record<string, string> = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'FILE');
  writeFileSync(path, yaml);
  return loadConfig({ ...VARIABLES, SWITCHBOARD_CONFIG: path, ...variables }, [CHAT, OTHER]);
}

/** What is wrong, with the path of the file shortened. */
export function problemsOf(yaml: string, variables: Record<string, string> = {}): string[] {
  try {
    load(yaml, variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((one) => one.replace(/\S*\/FILE/, 'FILE'));
    throw error;
  }
  return [];
}
