import type { Answer } from './faulty-answer.ts';
import { encodeJwt, jwks, signRs256 } from './keys.ts';
import { SCOPE } from './settings.ts';
import type { State } from './state.ts';

const LIFE_SECONDS = 3600;

/** What describes the tokens of deliveries, or `undefined` for any other path. */
export function openIdDocument(state: State, pathname: string): unknown {
  switch (pathname) {
    case '/teams/login/.well-known/openidconfiguration':
      return {
        issuer: state.issuer,
        authorization_endpoint: 'https://invalid.botframework.com',
        jwks_uri: `${state.url()}/teams/login/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      };
    case '/teams/login/keys':
      return jwks(state.keys);
    default:
      return undefined;
  }
}

/** The tenant that a token is asked of, or `undefined` for any other path. */
export const tokenTenant = (pathname: string): string | undefined =>
  /^\/teams\/login\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(pathname)?.[1];

/** Client credentials in, a token for the connector out. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
export function giveToken(state: State, tenant: string, form: URLSearchParams): Answer {
  if (![state.tenantId, 'botframework.com'].includes(tenant))
    return denied(400, 'invalid_request', `AADSTS90002: Tenant '${tenant}' not found.`);
  if (form.get('grant_type') !== 'client_credentials')
    return denied(400, 'unsupported_grant_type', 'AADSTS70003: The grant type is not supported.');
  if (form.get('client_id') !== state.appId)
    return denied(400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory.');
  if (form.get('client_secret') !== state.appPassword)
    return denied(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  if (form.get('scope') !== `${SCOPE}/.default`)
    return denied(400, 'invalid_scope', 'AADSTS70011: The provided value for scope is not valid.');
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: LIFE_SECONDS,
      ext_expires_in: LIFE_SECONDS,
      access_token: newToken(state),
    },
  };
}

function newToken(state: State): string {
  const { appId, tenantId, keys, tokens } = state;
  const now = state.now();
  for (const [old, until] of tokens) if (until < now) tokens.delete(old);
  const iat = Math.floor(now / 1000);
  const token = encodeJwt(
    { alg: 'RS256', typ: 'JWT', kid: keys.teams.kid },
    {
      aud: SCOPE,
      iss: `https://sts.windows.net/${tenantId}/`,
      appid: appId,
      tid: tenantId,
      iat,
      nbf: iat,
      exp: iat + LIFE_SECONDS,
      // Two tokens of one second must differ.
      uti: state.nextId(),
    },
    signRs256(keys.teams),
  );
  tokens.set(token, now + LIFE_SECONDS * 1000);
  return token;
}

function denied(status: number, error: string, error_description: string): Answer {
  return { status, body: { error, error_description } };
}
