import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The one client of the sandbox. */
export const CLIENT = { id: 'sandbox', secret: 'sandbox' } as const;

const LIFETIME_SECONDS = 3600;

/** An answer of the token endpoint: a grant, or an OAuth error. */
export type TokenAnswer =
  | { readonly status: 200; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly status: 400 | 401;
      readonly body: { readonly error: string; readonly error_description: string };
    };

/** Answers a client_credentials request; the client's id and secret stand in the form or in Basic auth. */
export function grantToken(
  form: URLSearchParams,
  headers: IncomingHttpHeaders,
  who: { readonly project: string; readonly client: string },
): TokenAnswer {
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 'Only client_credentials is served here');
  }
  const [id, secret] = basicCredentials(headers) ?? [form.get('client_id'), form.get('client_secret')];
  if (!id || !secret) return refuse(400, 'invalid_request', 'Missing client_id or client_secret');
  if (id !== CLIENT.id || !equal(secret, CLIENT.secret))
    return refuse(401, 'invalid_client', 'Invalid client');

  const now = Math.floor(Date.now() / 1000);
  const profile = `ClientApplication/${who.client}`;
  const claims = {
    iss: 'sandbox',
    sub: who.client,
    client_id: id,
    login_id: randomUUID(),
    profile,
    scope: 'openid',
    iat: now,
    exp: now + LIFETIME_SECONDS,
  };
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      access_token: sign(claims),
      expires_in: LIFETIME_SECONDS,
      scope: 'openid',
      project: { reference: `Project/${who.project}` },
      profile: { reference: profile },
    },
  };
}

/** Whether the request carries a token of ours that has not expired. */
export function isAuthorized(headers: IncomingHttpHeaders): boolean {
  const [scheme, token] = headers.authorization?.split(' ') ?? [];
  return scheme === 'Bearer' && claimsOf(token) !== undefined;
}

/** A token that binds a websocket to one Subscription, and until when it does. */
export function bindingToken(subscriptionId: string): { readonly token: string; readonly until: Date } {
  const exp = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  return {
    token: sign({ iss: 'sandbox', subscription_id: subscriptionId, exp }),
    until: new Date(exp * 1000),
  };
}

/** The Subscription that a token binds to; undefined for a token that is not good for that. */
export function subscriptionOf(token: string): string | undefined {
  const id = claimsOf(token)?.subscription_id;
  return typeof id === 'string' ? id : undefined;
}

/** What a token of ours says; undefined where it is none, or has expired. */
function claimsOf(token: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const [head, payload, signature] = token?.split('.') ?? [];
  if (!head || !payload || !signature) return undefined;
  if (!equal(signature, signatureOf(`${head}.${payload}`))) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  return claims.exp * 1000 > Date.now() ? { ...claims } : undefined;
}

function refuse(status: 400 | 401, error: string, error_description: string): TokenAnswer {
  return { status, body: { error, error_description } };
}

function basicCredentials({ authorization }: IncomingHttpHeaders): [string, string] | undefined {
  if (!authorization?.startsWith('Basic ')) return undefined;
  const [id = '', secret = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
  return [id, secret];
}

function sign(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${signatureOf(unsigned)}`;
}

// A fixed key lets tokens outlive a restart, as they do on a real server. It guards a loopback sandbox only.
function signatureOf(text: string): string {
  return createHmac('sha256', `token of ${CLIENT.secret}`).update(text).digest('base64url');
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
