import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Dict } from '../dict.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The channels that may use it; absent for a key that says nothing about that. */
  readonly endorsements?: readonly string[];
}

export interface Keys {
  readonly teams: SigningKey;
  readonly otherChannel: SigningKey;
  readonly unendorsed: SigningKey;
  /** Never published. */
  readonly unknown: SigningKey;
}

let made: Keys | undefined;

// The SDK keeps the keys of an address for 24 hours: a second tenant of this process on the same port must have the same.
/** The signing keys of this process. */
export function processKeys(): Keys {
  made ??= {
    teams: makeKey('teams', ['msteams']),
    otherChannel: makeKey('other-channel', ['webchat']),
    unendorsed: makeKey('unendorsed'),
    unknown: makeKey('unknown'),
  };
  return made;
}

/** The published keys. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication */
export function jwks({ teams, otherChannel, unendorsed }: Keys): Dict {
  return {
    keys: [teams, otherChannel, unendorsed].map(({ kid, publicKey, endorsements }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: 'RS256',
      ...(endorsements ? { endorsements } : {}),
    })),
  };
}

export const signRs256 =
  (key: SigningKey) =>
  (input: string): string =>
    createSign('RSA-SHA256').update(input).sign(key.privateKey, 'base64url');

/** The classic confusion: the public key, which everybody has, taken as a shared secret. */
export const signHs256WithPublicKey =
  (key: SigningKey) =>
  (input: string): string =>
    createHmac('sha256', key.publicKey.export({ type: 'pkcs1', format: 'pem' }))
      .update(input)
      .digest('base64url');

export function encodeJwt(header: Dict, claims: Dict, sign: (input: string) => string): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${sign(input)}`;
}

export const part = (json: Dict): string => Buffer.from(JSON.stringify(json)).toString('base64url');

function makeKey(kid: string, endorsements?: readonly string[]): SigningKey {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid: `sandbox-${kid}`, ...pair, ...(endorsements ? { endorsements } : {}) };
}
