import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { PLACEHOLDER_PAGES, type TeamsApp, teamsManifest } from '../../adapters/teams/manifest.ts';
import packageJson from '../../package.json' with { type: 'json' };

/*
 * `npm run manifest:teams`: makes the app package that a Teams administrator uploads, with the clinic's own app id and
 * addresses. Nothing is sent anywhere.
 */

const OUT = 'dist/switchboard-teams.zip';

const https = (example: string) =>
  z.url({ protocol: /^https$/, error: `must be an https address, such as ${example}` });

const PLACEHOLDER_ID = '00000000-0000-0000-0000-000000000000';

const variables = z.object({
  TEAMS_APP_ID: z
    .guid('must be the Application (client) ID of the bot’s app registration in Microsoft Entra')
    .refine((id) => id !== PLACEHOLDER_ID, 'is the placeholder; put your own app registration’s id there'),
  PUBLIC_URL: https('https://switchboard.your-clinic.org'),
  TEAMS_WEBSITE_URL: https('https://your-clinic.org').optional(),
  TEAMS_PRIVACY_URL: https('https://your-clinic.org/privacy').optional(),
  TEAMS_TERMS_URL: https('https://your-clinic.org/terms').optional(),
});

// An empty variable is how many tools say "not set".
const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value?.trim()));
const read = variables.safeParse(given);
if (!read.success) {
  const problems = read.error.issues.map(({ path, message }) => `  - ${path.join('.')} ${message}`);
  console.error(`The Teams package was not made:\n${problems.join('\n')}`);
  process.exitCode = 2;
} else {
  const app = toApp(read.data);
  mkdirSync('dist', { recursive: true });
  writeFileSync(OUT, zip(app));
  console.log(`${OUT}: upload it in the Teams admin center, as adapters/teams/README.md says.`);
  if (Object.keys(app.pages ?? {}).length < Object.keys(PLACEHOLDER_PAGES).length) {
    console.log(
      'Its links still lead to switchboard.example.org: set TEAMS_WEBSITE_URL, TEAMS_PRIVACY_URL, TEAMS_TERMS_URL.',
    );
  }
}

function toApp(values: z.output<typeof variables>): TeamsApp {
  const { TEAMS_WEBSITE_URL: website, TEAMS_PRIVACY_URL: privacy, TEAMS_TERMS_URL: terms } = values;
  return {
    appId: values.TEAMS_APP_ID,
    publicUrl: values.PUBLIC_URL,
    version: packageJson.version,
    pages: {
      ...(website && { websiteUrl: website }),
      ...(privacy && { privacyUrl: privacy }),
      ...(terms && { termsOfUseUrl: terms }),
    },
  };
}

/** Teams wants the three files at the root of the zip, and no others. */
function zip(app: TeamsApp): Uint8Array {
  const icon = (name: string) => new Uint8Array(readFileSync(new URL(name, import.meta.url)));
  return zipSync({
    'manifest.json': strToU8(`${JSON.stringify(teamsManifest(app), null, 2)}\n`),
    'color.png': icon('color.png'),
    'outline.png': icon('outline.png'),
  });
}
