import { fileURLToPath } from 'node:url';
import { addressesOf, SANDBOX_APP } from './teams/index.ts';

/** A configuration file for the clinic in which nothing goes by the clock: for tests and measurements. */
export const CLINIC_CONFIG = fileURLToPath(new URL('./clinic.yaml', import.meta.url));

/** The configuration file of the demo: the same, with hours, targets and digests. */
export const DEMO_CONFIG = fileURLToPath(new URL('./switchboard.yaml', import.meta.url));

/**
 * The environment that points Switchboard at a sandbox, as one would point it at real services.
 *
 * @param sandboxUrl without a trailing slash; @param appUrl where Switchboard will listen.
 */
export function environmentFor(sandboxUrl: string, appUrl: string): Record<string, string> {
  const { hostname, port } = new URL(appUrl);
  return {
    SWITCHBOARD_CONFIG: CLINIC_CONFIG,
    MEDPLUM_BASE_URL: sandboxUrl,
    MEDPLUM_APP_URL: sandboxUrl,
    MEDPLUM_CLIENT_ID: 'sandbox',
    MEDPLUM_CLIENT_SECRET: 'sandbox',
    MEDPLUM_WEBHOOK_SECRET: 'sandbox-webhook-secret',
    SLACK_BOT_TOKEN: 'xoxb-sandbox',
    SLACK_SIGNING_SECRET: 'sandbox-signing-secret',
    SLACK_API_URL: `${sandboxUrl}/slack/api/`,
    ...teamsEnvironment(sandboxUrl),
    PUBLIC_URL: appUrl,
    HOST: hostname,
    PORT: port,
  };
}

function teamsEnvironment(sandboxUrl: string): Record<string, string> {
  const { openIdMetadata, token, serviceUrl } = addressesOf(sandboxUrl);
  return {
    TEAMS_APP_ID: SANDBOX_APP.appId,
    TEAMS_APP_PASSWORD: SANDBOX_APP.appPassword,
    TEAMS_TENANT_IDS: SANDBOX_APP.tenantId,
    TEAMS_OPENID_METADATA_URL: openIdMetadata,
    TEAMS_LOGIN_URL: token,
    TEAMS_SERVICE_URL: serviceUrl,
  };
}
