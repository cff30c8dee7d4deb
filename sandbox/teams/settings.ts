/**
 * How a botbuilder CloudAdapter is pointed at the tenant:
 *
 *   const { configuration, credentials } = botSettings('http://127.0.0.1:4000');
 *   const auth = new ConfigurationBotFrameworkAuthentication(configuration, credentials);
 *   const adapter = new CloudAdapter(auth);
 *
 * The SDK takes all of these addresses or none: one that is left out is not Microsoft's, it is empty.
 * The credentials are our own, since the SDK's go through MSAL, which refuses an authority without https.
 * None of it may be heeded by a server that listens on anything but loopback.
 */

import { asDict } from '../dict.ts';

/** The application as the tenant knows it, unless it is told otherwise. */
export const APP_ID = '3f0c7a52-8d1e-4c96-9b57-1f6f2f5f7a10';
export const APP_PASSWORD = 'sandbox-app-password';
export const TENANT_ID = 'b4c1f0de-7c2a-4b1e-9a53-0d6b8f0e4c21';

export const ISSUER = 'https://api.botframework.com';
export const SCOPE = 'https://api.botframework.com';

export interface AppIdentity {
  readonly appId: string;
  readonly appPassword: string;
  readonly tenantId: string;
  readonly issuer: string;
}

export const SANDBOX_APP: AppIdentity = {
  appId: APP_ID,
  appPassword: APP_PASSWORD,
  tenantId: TENANT_ID,
  issuer: ISSUER,
};

/** The message actions of the app's manifest: what stands in the menu of every message. */
export const MESSAGE_ACTIONS: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'note', title: 'Add to Task note' },
];

/** The addresses of a tenant. `url` is the sandbox's, without a trailing slash. */
export function addressesOf(url: string, tenantId: string = TENANT_ID) {
  return {
    openIdMetadata: `${url}/teams/login/.well-known/openidconfiguration`,
    token: `${url}/teams/login/${tenantId}/oauth2/v2.0/token`,
    serviceUrl: `${url}/teams/connector/`,
  };
}

/** The two arguments of ConfigurationBotFrameworkAuthentication. */
export function botSettings(url: string, app: Partial<AppIdentity> = {}) {
  const { appId, appPassword, tenantId, issuer } = { ...SANDBOX_APP, ...app };
  const { openIdMetadata, token } = addressesOf(url, tenantId);
  const configuration = {
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppTenantId: tenantId,
    ToBotFromChannelOpenIdMetadataUrl: openIdMetadata,
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadata,
    ToBotFromChannelTokenIssuer: issuer,
    ToChannelFromBotOAuthScope: SCOPE,
    ToChannelFromBotLoginUrl: `${url}/teams/login/${tenantId}`,
    OAuthUrl: `${url}/teams/login`,
    CallerId: 'urn:botframework:azure',
  };
  return { configuration, credentials: credentialsFactory(token, appId, appPassword) };
}

/** What the SDK gives to be signed, as far as that is needed here. */
interface Signable {
  readonly headers: { set(name: string, value: string): void };
}

/** The credentials of one connector client. `getToken` is for the calls that the SDK cannot make. */
export interface LoopbackCredentials {
  getToken(forceRefresh?: boolean): Promise<string>;
  signRequest<Request extends Signable>(request: Request): Promise<Request>;
}

function credentialsFactory(tokenUrl: string, appId: string, appPassword: string) {
  const credentials = loopbackCredentials(tokenUrl, appId, appPassword);
  return {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async (_appId: string, _audience: string | undefined): Promise<LoopbackCredentials> =>
      credentials,
  };
}

function loopbackCredentials(tokenUrl: string, appId: string, appPassword: string): LoopbackCredentials {
  let current: { readonly token: string; readonly until: number } | undefined;
  const getToken = async (forceRefresh = false): Promise<string> => {
    if (!current || forceRefresh || current.until < Date.now())
      current = await fetchToken(tokenUrl, appId, appPassword);
    return current.token;
  };
  return {
    getToken,
    signRequest: async (request) => {
      request.headers.set('authorization', `Bearer ${await getToken()}`);
      return request;
    },
  };
}

async function fetchToken(tokenUrl: string, appId: string, appPassword: string) {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: `${SCOPE}/.default`,
    }),
  });
  if (!response.ok) throw new Error(`${tokenUrl} gave no token: ${response.status} ${await response.text()}`);
  const { access_token, expires_in } = asDict(await response.json());
  if (typeof access_token !== 'string' || typeof expires_in !== 'number')
    throw new Error(`${tokenUrl} gave an answer without a token.`);
  // Five minutes early, as the SDK's own credentials do.
  return { token: access_token, until: Date.now() + (expires_in - 300) * 1000 };
}
