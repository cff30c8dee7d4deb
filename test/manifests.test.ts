import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS, SLACKS_OWN, typedForm } from '../adapters/slack/commands.ts';
import { SCOPES_BY_EVENT, SCOPES_BY_METHOD, slackManifest } from '../adapters/slack/manifest.ts';
import { ADD_NOTE } from '../adapters/slack/note.ts';
import { WORDS } from '../src/index.ts';
import { OWN_WORD } from '../src/slash.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../manifests/${name}`, import.meta.url), 'utf8'));

describe('the Slack manifest', () => {
  const manifest = read('slack.json');
  const commands: {
    command: string;
    description: string;
    usage_hint?: string;
    should_escape: boolean;
    url: string;
  }[] = manifest.features.slash_commands;
  const names = commands.map(({ command }) => command.replace(/^\//, ''));

  it('names exactly the words that exist and that Slack leaves to apps, and one command for all of them', () => {
    const free = WORDS.map(({ name }) => name).filter((name) => !SLACKS_OWN.has(name));

    expect(names).toEqual([OWN_WORD, ...free]);
  });

  it('keeps away from the commands that are Slack’s own, which would have it refused', () => {
    expect(names.filter((name) => SLACKS_OWN.has(name))).toEqual([]);
    expect([...SLACKS_OWN]).toEqual(expect.arrayContaining(['status', 'help', 'who', 'topic', 'remind']));
  });

  it('says of every word how it is typed, those that Slack keeps behind the command for all', () => {
    const [umbrella] = commands;

    for (const { name } of WORDS) expect(umbrella?.usage_hint).toContain(name);
    expect(typedForm({ verb: 'claim', task: { id: 'a1b2c3d4', short: 'a1b2c3' } })).toBe('/claim a1b2c3');
    expect(typedForm({ verb: 'status', task: undefined })).toBe('/switchboard status [task]');
    expect(typedForm({ verb: 'release', task: { id: 'all', short: 'all' } })).toBe(
      '/release all because [reason] [note]',
    );
  });

  it('is within what Slack takes: names of 32 letters, 50 commands, a description for each', () => {
    expect(commands.length).toBeLessThanOrEqual(50);
    for (const { command, description } of commands) {
      expect(command).toMatch(/^\/[a-z][a-z0-9_-]{0,31}$/);
      expect(description.length).toBeGreaterThan(0);
    }
    expect(manifest.features.shortcuts.length).toBeLessThanOrEqual(10);
    expect(manifest.features.shortcuts[0].name.length).toBeLessThanOrEqual(24);
    expect(manifest.features.unfurl_domains.length).toBeLessThanOrEqual(5);
    expect(new Set(names).size).toBe(COMMANDS.length);
  });

  it('is what the code says it is', () => {
    expect(manifest).toEqual(slackManifest('https://switchboard.example.org'));
    expect(read('slack-socket-mode.json')).toEqual(slackManifest(undefined));
  });

  it('asks for the scopes of the methods that are called and the events that are heard, and for no others', () => {
    const code = sources('../adapters/slack').join('\n');
    const called = new Set(
      [...code.matchAll(/client\s*\.(\w+)\s*\.(\w+)\(/g)].map(([, family, method]) => `${family}.${method}`),
    );
    const heard = new Set([...code.matchAll(/app\.event\('(\w+)'/g)].map(([, event]) => event));

    expect([...called].sort()).toEqual(Object.keys(SCOPES_BY_METHOD).sort());
    expect([...heard].sort()).toEqual(Object.keys(SCOPES_BY_EVENT).sort());
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(
      new Set([
        'commands',
        ...Object.values(SCOPES_BY_METHOD).flat(),
        ...Object.values(SCOPES_BY_EVENT).flat(),
      ]),
    );
  });

  it('has a Home tab, hears when it is opened, and offers the shortcut that the adapter understands', () => {
    const { app_home, shortcuts } = manifest.features;

    expect(app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(Object.keys(SCOPES_BY_EVENT));
    expect(shortcuts).toMatchObject([{ type: 'message', callback_id: ADD_NOTE }]);
  });

  it('unfurls Medplum’s links, or those of the application that a clinic uses', () => {
    const own = slackManifest(undefined, { unfurlDomains: ['ehr.clinic.example'] });

    expect(manifest.features.unfurl_domains).toEqual(['app.medplum.com']);
    expect(own.features?.unfurl_domains).toEqual(['ehr.clinic.example']);
  });

  it('reaches Switchboard over https only, and everything with the same address', () => {
    const urls = [
      manifest.settings.interactivity.request_url,
      manifest.settings.interactivity.message_menu_options_url,
      manifest.settings.event_subscriptions.request_url,
      ...commands.map(({ url }) => url),
    ];

    expect(new Set(urls)).toEqual(new Set(['https://switchboard.example.org/slack/events']));
  });

  it('has no address at all in Socket Mode', () => {
    const socket = read('slack-socket-mode.json');

    expect(JSON.stringify(socket)).not.toContain('http');
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(socket.settings.event_subscriptions.bot_events).toEqual(Object.keys(SCOPES_BY_EVENT));
  });

  it('has mentions sent as ids', () => {
    for (const command of commands) expect(command.should_escape).toBe(true);
  });
});

function sources(folder: string): string[] {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, url), 'utf8'));
}
