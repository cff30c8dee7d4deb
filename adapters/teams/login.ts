import type { ServiceClientCredentialsFactory } from 'botframework-connector';

/** Five minutes early, as Microsoft's own libraries do. */
const EARLY_MS = 300_000;

/**
 * Credentials against a test double of Microsoft's login. The SDK's own go through MSAL, which refuses an address
 * without https; `settings.ts` allows this on loopback only.
 */
export function loopbackCredentials(
  tokenUrl: string,
  appId: string,
  appPassword: string,
): ServiceClientCredentialsFactory {
  let current: { readonly token: string; readonly until: number } | undefined;
  const getToken = async (): Promise<string> => {
    if (!current || current.until < Date.now()) current = await fetchToken(tokenUrl, appId, appPassword);
    return current.token;
  };
  const credentials = {
    getToken,
    signRequest: async (request: { headers: { set(name: string, value: string): void } }) => {
      request.headers.set('authorization', `Bearer ${await getToken()}`);
      return request;
    },
  };
  return {
    isValidAppId: async (id: string) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => credentials,
  } as unknown as ServiceClientCredentialsFactory;
}

async function fetchToken(tokenUrl: string, appId: string, appPassword: string) {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: appPassword,
      scope: 'https://api.botframework.com/.default',
    }),
  });
  if (!response.ok) throw new Error(`the login gave no token: ${response.status}`);
  const { access_token: token, expires_in: seconds } = (await response.json()) as {
    access_token: string;
    expires_in: number;
  };
  return { token, until: Date.now() + seconds * 1000 - EARLY_MS };
}
