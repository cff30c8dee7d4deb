import { writeFileSync } from 'node:fs';
import { slackManifest } from '../adapters/slack/manifest.ts';
import { reasonCodeSystem } from './fhir/code-system.ts';

/*
 * `npm run manifests`: writes what is derived from the code into the files that people upload. A test holds them
 * against each other. With PUBLIC_URL set, Slack's manifest carries that address.
 */

const PLACEHOLDER = 'https://switchboard.example.org';

write('slack.json', slackManifest(process.env.PUBLIC_URL ?? PLACEHOLDER));
write('slack-socket-mode.json', slackManifest(undefined));
write('fhir/CodeSystem-reason.json', reasonCodeSystem());

function write(name: string, content: object): void {
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
