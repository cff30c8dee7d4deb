import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppManifestUtils, type TeamsManifestV1D29 } from '@microsoft/app-manifest';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { teamsManifest } from '../adapters/teams/manifest.ts';
import { MESSAGE_ACTION } from '../adapters/teams/message-action.ts';
import packageJson from '../package.json' with { type: 'json' };
import { WORDS } from '../src/slash.ts';
import { findVerb } from '../src/verbs/index.ts';

type Manifest = TeamsManifestV1D29.TeamsManifestV1D29;

const FOLDER = new URL('../manifests/teams/', import.meta.url);
const APP_ID = '5d8c7f9e-1b2a-4c3d-8e4f-a1b2c3d4e5f6';

const committed = () => JSON.parse(readFileSync(new URL('manifest.json', FOLDER), 'utf8')) as Manifest;

describe('the Teams manifest', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is what the code says it is', () => {
    const said = teamsManifest({
      appId: '00000000-0000-0000-0000-000000000000',
      publicUrl: 'https://switchboard.example.org',
      version: packageJson.version,
    });

    expect(committed()).toEqual(said);
  });

  it('suggests ten words that exist in every place, and the one that lists all the others', () => {
    const lists = committed().bots?.[0]?.commandLists ?? [];
    const titles = lists.map(({ commands }) => commands.map(({ title }) => title));
    const names = WORDS.map(({ name }) => name);

    expect(lists.flatMap(({ scopes }) => scopes).sort()).toEqual(['groupChat', 'personal', 'team']);
    for (const list of titles) {
      expect(list).toHaveLength(10);
      expect(new Set(list).size).toBe(10);
      expect(list.filter((title) => !names.includes(title))).toEqual([]);
      expect(list).toContain('help');
    }
  });

  it('says of each word what the core says of it', () => {
    const commands = committed().bots?.[0]?.commandLists?.flatMap((list) => list.commands) ?? [];

    for (const { title, description } of commands)
      expect(description).toBe(WORDS.find(({ name }) => name === title)?.description);
  });

  it('puts one entry into the menu of every message, whose id is a verb that takes a note', () => {
    const [extension, ...others] = committed().composeExtensions ?? [];

    expect(others).toEqual([]);
    expect(extension?.botId).toBe(committed().bots?.[0]?.botId);
    expect(extension?.commands).toEqual([
      { ...MESSAGE_ACTION, type: 'action', context: ['message'], fetchTask: true },
    ]);
    expect(findVerb(MESSAGE_ACTION.id)?.fields.map(({ name }) => name)).toEqual(['note']);
  });

  it('offers the commands with a slash wherever Teams has slash commands', () => {
    const bot = committed().bots?.[0];
    const slash = bot?.commandLists?.filter(({ triggers }) => triggers?.includes('slash')) ?? [];

    expect(bot?.supportsTargetedMessages).toBe(true);
    expect(slash.flatMap(({ scopes }) => scopes)).toEqual(['team', 'groupChat']);
  });

  it('is valid by Microsoft’s own schema, without asking the network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('no network here')));

    expect(await AppManifestUtils.validateAgainstSchema(committed())).toEqual([]);
  });

  it('asks for no permission', () => {
    const manifest = committed();

    expect(manifest).not.toHaveProperty('authorization');
    expect(manifest).not.toHaveProperty('webApplicationInfo');
    expect(manifest).not.toHaveProperty('permissions');
    expect(manifest).not.toHaveProperty('devicePermissions');
  });
});

describe('the icons', () => {
  it('have the sizes that Teams wants', () => {
    const sizes = ['color', 'outline'].map((name) => {
      const { width, height } = pixels(name);
      return `${name} ${width} x ${height}`;
    });

    expect(sizes).toEqual(['color 192 x 192', 'outline 32 x 32']);
  });

  it('the outline is white on nothing, and nothing else', () => {
    const { all } = pixels('outline');
    const visible = all.filter(([, , , alpha]) => alpha > 0);

    expect(visible.filter(([r, g, b]) => r !== 255 || g !== 255 || b !== 255)).toEqual([]);
    expect(visible.length).toBeGreaterThan(100);
    expect(visible.length).toBeLessThan(all.length / 2);
  });

  it('the colour icon fills its square, with the mark in the middle that Teams never cuts', () => {
    const { width, all } = pixels('color');
    const isBackground = ([r, g, b, alpha]: Pixel) =>
      `${r} ${g} ${b} ${alpha}` === `${0x0f} ${0x6b} ${0x5c} 255`;
    const outside = all.filter((_, index) =>
      [index % width, Math.floor(index / width)].some((at) => at < 36 || at >= 156),
    );

    expect(committed().accentColor).toBe('#0f6b5c');
    expect(outside.filter((pixel) => !isBackground(pixel))).toEqual([]);
    expect(all.filter((pixel) => !isBackground(pixel)).length).toBeGreaterThan(2_000);
  });
});

describe('npm run manifest:teams', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-teams-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (env: Record<string, string>) => {
    const script = fileURLToPath(new URL('package.ts', FOLDER));
    const done = spawnSync(process.execPath, [script], { cwd: folder, env, encoding: 'utf8' });
    return { code: done.status, said: done.stdout, complained: done.stderr };
  };
  const path = () => join(folder, 'dist/switchboard-teams.zip');

  const given = { TEAMS_APP_ID: APP_ID, PUBLIC_URL: 'https://switchboard.riverside.org' };

  it('makes a zip of exactly three files, with the given id and address', async () => {
    const { code, said } = run(given);
    const files = unzipSync(readFileSync(path()));
    const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as Manifest;

    expect(code).toBe(0);
    expect(said).toContain('dist/switchboard-teams.zip');
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    for (const icon of ['color.png', 'outline.png']) {
      expect(Buffer.from(files[icon] ?? []).equals(readFileSync(new URL(icon, FOLDER)))).toBe(true);
    }
    expect(manifest).toEqual(
      teamsManifest({ appId: APP_ID, publicUrl: given.PUBLIC_URL, version: packageJson.version }),
    );
    expect([manifest.id, manifest.bots?.[0]?.botId]).toEqual([APP_ID, APP_ID]);
    expect(manifest.validDomains).toEqual(['switchboard.riverside.org']);
    expect(await AppManifestUtils.validateAgainstSchema(manifest)).toEqual([]);
  });

  it('puts the clinic’s own pages in, and says so while they are placeholders', () => {
    const first = run({ ...given, TEAMS_PRIVACY_URL: '' });
    const second = run({
      ...given,
      TEAMS_WEBSITE_URL: 'https://riverside.org',
      TEAMS_PRIVACY_URL: 'https://riverside.org/privacy',
      TEAMS_TERMS_URL: 'https://riverside.org/terms',
    });
    const files = unzipSync(readFileSync(path()));
    const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as Manifest;

    expect(first.said).toContain('TEAMS_PRIVACY_URL');
    expect(second.said).not.toContain('TEAMS_PRIVACY_URL');
    expect(JSON.stringify(manifest)).not.toContain('example.org');
    expect(manifest.developer).toEqual({
      name: 'Switchboard',
      websiteUrl: 'https://riverside.org',
      privacyUrl: 'https://riverside.org/privacy',
      termsOfUseUrl: 'https://riverside.org/terms',
    });
  });

  it.each([
    ['an id that is none', { ...given, TEAMS_APP_ID: 'switchboard' }, 'TEAMS_APP_ID must be the Application'],
    ['no id', { PUBLIC_URL: given.PUBLIC_URL }, 'TEAMS_APP_ID must be the Application'],
    [
      'the placeholder’s id',
      { ...given, TEAMS_APP_ID: committed().id },
      'TEAMS_APP_ID is the placeholder; put your own',
    ],
    [
      'an address without https',
      { ...given, PUBLIC_URL: 'http://switchboard.riverside.org' },
      'PUBLIC_URL must be an https address',
    ],
    ['no address', { TEAMS_APP_ID: APP_ID }, 'PUBLIC_URL must be an https address'],
    [
      'a page without https',
      { ...given, TEAMS_PRIVACY_URL: 'riverside.org/privacy' },
      'TEAMS_PRIVACY_URL must be an https address',
    ],
  ])('makes nothing of %s, says what is wrong, and ends with code 2', (_, env, sentence) => {
    const { code, complained } = run(env);

    expect(code).toBe(2);
    expect(complained).toContain('The Teams package was not made');
    expect(complained).toContain(sentence);
    expect(complained).not.toContain('    at ');
    expect(existsSync(path())).toBe(false);
  });

  it('lists everything that is wrong at once', () => {
    const { complained } = run({});

    expect(complained.match(/^ {2}- /gm)).toHaveLength(2);
  });
});

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

interface Pngjs {
  readonly PNG: {
    readonly sync: { read(file: Buffer): { width: number; height: number; data: Buffer } };
  };
}

function pixels(name: string): { width: number; height: number; all: Pixel[] } {
  // pngjs brings no types.
  const { PNG } = createRequire(import.meta.url)('pngjs') as Pngjs;
  const { width, height, data } = PNG.sync.read(readFileSync(new URL(`${name}.png`, FOLDER)));
  const all = Array.from({ length: width * height }, (_, index): Pixel => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(index * 4, index * 4 + 4);
    return [red, green, blue, alpha];
  });
  return { width, height, all };
}
