import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type TurnContext,
} from 'botbuilder';
import { AuthenticationError } from 'botframework-connector';
import { loopbackCredentials } from './login.ts';
import { quietly } from './quiet.ts';
import type { Settings } from './settings.ts';

/** The activity comes from a tenant that is not served. */
export class ForeignTenant extends Error {}

/** Microsoft's keys could not be read, so nobody can say whether the token is valid. */
export class KeysMissing extends Error {}

const ISSUER = 'https://api.botframework.com';

/** What the SDK gives back to us for an invoke. */
export interface InvokeAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * botbuilder's CloudAdapter behind a door that answers for itself. The SDK's own `process` writes error texts into
 * the answer and public keys to the console, and answers 500 to a bad signature.
 */
export class TeamsDoor extends CloudAdapter {
  /**
   * Checks the token, then runs the logic. Throws `AuthenticationError` (401), {@link ForeignTenant} (403) and
   * {@link KeysMissing} (503); what the logic throws comes through as it is.
   */
  receive(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeAnswer | undefined> {
    return this.processActivity(authorization, activity, logic) as Promise<InvokeAnswer | undefined>;
  }
}

/** Lets in what carries a valid Bot Framework token for Teams, from a tenant that is served. */
class StrictAuthentication extends ConfigurationBotFrameworkAuthentication {
  #tenants: ReadonlySet<string> = new Set();

  allow(tenants: readonly string[]): void {
    this.#tenants = new Set(tenants);
  }

  override async authenticateRequest(activity: Activity, header: string) {
    // Without these the SDK skips the checks that hang on them.
    if (activity.channelId !== 'msteams' || !activity.serviceUrl) {
      throw new AuthenticationError('not a Teams activity', 401);
    }
    const checked = quietly(() => super.authenticateRequest(activity, header));
    const result = await checked.catch((cause: unknown) => {
      if (cause instanceof AuthenticationError) throw cause;
      throw isTokenError(cause)
        ? new AuthenticationError('invalid token', 401)
        : new KeysMissing('reading Microsoft’s keys', { cause });
    });
    for (const tenant of tenantsOf(activity)) if (!this.#tenants.has(tenant)) throw new ForeignTenant();
    return result;
  }
}

/** The library that verifies tokens throws errors of its own, which the SDK lets through as failures of the server. */
function isTokenError(error: unknown): boolean {
  return error instanceof Error && /^(JsonWebToken|NotBefore|TokenExpired|Syntax)Error$/.test(error.name);
}

/** The tenant as the conversation and as Teams' own data name it. An activity that names none is foreign. */
function tenantsOf(activity: Activity): string[] {
  const named = [activity.conversation?.tenantId, activity.channelData?.tenant?.id];
  const tenants = named.filter((id) => typeof id === 'string').map((id) => id.toLowerCase());
  return tenants.length > 0 ? tenants : [''];
}

/** The door, and where tokens for what we send come from. */
export interface Authentication {
  readonly door: TeamsDoor;
  token(): Promise<string>;
}

export function createAuthentication(settings: Settings): Authentication {
  const [tenant = ''] = settings.TEAMS_TENANT_IDS;
  const isOpen = settings.TEAMS_AUTH === 'none';
  const identity = {
    MicrosoftAppType: settings.TEAMS_APP_TYPE,
    MicrosoftAppId: isOpen ? '' : settings.TEAMS_APP_ID,
    MicrosoftAppPassword: isOpen ? '' : (settings.TEAMS_APP_PASSWORD ?? ''),
    MicrosoftAppTenantId: tenant,
  };
  const { TEAMS_LOGIN_URL: loginUrl, TEAMS_APP_ID: appId, TEAMS_APP_PASSWORD: password = '' } = settings;
  const double = loginUrl === undefined ? undefined : loopbackCredentials(loginUrl, appId, password);
  const credentials = isOpen
    ? new ConfigurationServiceClientCredentialFactory({ MicrosoftAppType: 'MultiTenant' })
    : (double ?? new ConfigurationServiceClientCredentialFactory(identity));
  const authentication = new StrictAuthentication({ ...identity, ...addresses(settings) }, credentials);
  authentication.allow(settings.TEAMS_TENANT_IDS);

  let outbound: Promise<{ getToken(): Promise<string> }> | undefined;
  return {
    door: new TeamsDoor(authentication),
    token: async () => {
      if (isOpen && !double) return '';
      outbound ??= (double ?? credentials).createCredentials(
        appId,
        ISSUER,
        `https://login.microsoftonline.com/${settings.TEAMS_APP_TYPE === 'MultiTenant' ? 'botframework.com' : tenant}`,
        true,
      ) as unknown as Promise<{ getToken(): Promise<string> }>;
      return (await outbound).getToken();
    },
  };
}

/** For test doubles: the SDK takes all of these addresses or none; one that is left out is empty, not Microsoft's. */
function addresses({ TEAMS_OPENID_METADATA_URL: metadata, TEAMS_LOGIN_URL: login }: Settings) {
  if (!metadata) return {};
  return {
    ToBotFromChannelOpenIdMetadataUrl: metadata,
    ToBotFromEmulatorOpenIdMetadataUrl: metadata,
    ToBotFromChannelTokenIssuer: ISSUER,
    ToChannelFromBotOAuthScope: ISSUER,
    ToChannelFromBotLoginUrl: login ?? '',
    OAuthUrl: login ?? '',
    CallerId: 'urn:botframework:azure',
  };
}
