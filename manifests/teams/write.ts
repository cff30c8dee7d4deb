import { writeFileSync } from 'node:fs';
import { teamsManifest } from '../../adapters/teams/manifest.ts';
import packageJson from '../../package.json' with { type: 'json' };

/*
 * Part of `npm run manifests`: writes Teams' manifest with placeholders, for people to read. `npm run manifest:teams`
 * makes the package that is uploaded.
 */

const manifest = teamsManifest({
  appId: '00000000-0000-0000-0000-000000000000',
  publicUrl: 'https://switchboard.example.org',
  version: packageJson.version,
});

writeFileSync(new URL('manifest.json', import.meta.url), `${JSON.stringify(manifest, null, 2)}\n`);
