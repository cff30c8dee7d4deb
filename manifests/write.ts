import { writeFileSync } from 'node:fs';
import { slackManifest } from '../adapters/slack/manifest.ts';

/*
 * `npm run manifests`: writes what is derived from the code into the files that people upload. A test holds them
 * against each other. With PUBLIC_URL set, Slack's manifest carries that address; with MEDPLUM_APP_URL, links to that
 * application are the ones that are shown as cards.
 */

const PLACEHOLDER = 'https://switchboard.example.org';

const { PUBLIC_URL, MEDPLUM_APP_URL } = process.env;
const links = MEDPLUM_APP_URL ? { unfurlDomains: [new URL(MEDPLUM_APP_URL).hostname] } : {};

write('slack.json', slackManifest(PUBLIC_URL ?? PLACEHOLDER, links));
write('slack-socket-mode.json', slackManifest(undefined, links));

function write(name: string, content: object): void {
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
