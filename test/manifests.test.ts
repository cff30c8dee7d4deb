import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCOPES_BY_METHOD, slackManifest } from '../adapters/slack/manifest.ts';
import { reasonCodeSystem } from '../manifests/fhir/code-system.ts';
import { REASONS } from '../src/routing/reasons.ts';
import { QUERIES } from '../src/slash.ts';
import { VERBS } from '../src/verbs/index.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../manifests/${name}`, import.meta.url), 'utf8'));

describe('the Slack manifest', () => {
  const manifest = read('slack.json');

  it('names exactly the verbs and the queries that exist', () => {
    const commands = manifest.features.slash_commands.map((one: { command: string }) => one.command);

    expect(commands).toEqual([...VERBS, ...QUERIES].map(({ name }) => `/${name}`));
  });

  it('is what the code says it is', () => {
    expect(manifest).toEqual(slackManifest('https://switchboard.example.org'));
    expect(read('slack-socket-mode.json')).toEqual(slackManifest(undefined));
  });

  it('asks for the scopes of the methods that are called, and for no others', () => {
    const called = new Set(
      sources('../adapters/slack').flatMap((text) =>
        [...text.matchAll(/client\s*\.(\w+)\s*\.(\w+)\(/g)].map(
          ([, family, method]) => `${family}.${method}`,
        ),
      ),
    );

    expect([...called].sort()).toEqual(Object.keys(SCOPES_BY_METHOD).sort());
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(
      new Set(['commands', ...Object.values(SCOPES_BY_METHOD).flat()]),
    );
  });

  it('reaches Switchboard over https only, and every command with the same address', () => {
    const urls = [
      manifest.settings.interactivity.request_url,
      manifest.settings.interactivity.message_menu_options_url,
      ...manifest.features.slash_commands.map((one: { url: string }) => one.url),
    ];

    expect(new Set(urls)).toEqual(new Set(['https://switchboard.example.org/slack/events']));
  });

  it('has no address at all in Socket Mode', () => {
    const socket = read('slack-socket-mode.json');

    expect(JSON.stringify(socket)).not.toContain('http');
    expect(socket.settings.socket_mode_enabled).toBe(true);
  });

  it('has mentions sent as ids', () => {
    for (const command of manifest.features.slash_commands) expect(command.should_escape).toBe(true);
  });
});

describe('the CodeSystem of reasons', () => {
  it('has exactly the reasons that people are offered, except the one that is the specification’s', () => {
    const codes = read('fhir/CodeSystem-reason.json').concept.map((one: { code: string }) => one.code);

    expect(codes).toEqual(REASONS.map(({ code }) => code).filter((code) => code !== 'specialty-referral'));
    expect(read('fhir/CodeSystem-reason.json')).toEqual(reasonCodeSystem());
  });
});

function sources(folder: string): string[] {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, url), 'utf8'));
}
