import type { Dict } from '../dict.ts';
import { stableId } from '../fhir/stable-id.ts';
import { encodeJwt, type Keys, part, type SigningKey, signHs256WithPublicKey, signRs256 } from './keys.ts';

/** What a token is made of before it is signed. */
interface Draft {
  readonly header: Dict;
  readonly claims: Dict;
  readonly sign: (input: string) => string;
  /** Changes the finished token. */
  readonly after?: (token: string) => string;
}

interface Grounds {
  readonly keys: Keys;
  readonly appId: string;
  /** Seconds since 1970. */
  readonly now: number;
  readonly valid: Draft;
}

const MINUTE = 60;
const IN_A_MOMENT = 10 * MINUTE;

/** Every way in which a delivery's token can be right or wrong. */
const VARIATIONS = {
  valid: ({ valid }) => valid,
  'wrong-audience': (from) => withClaims(from, { aud: stableId('App', 'another') }),
  'no-audience': (from) => withClaims(from, { aud: undefined }),
  'wrong-issuer': (from) => withClaims(from, { iss: 'https://issuer.elsewhere.example' }),
  'no-issuer': (from) => withClaims(from, { iss: undefined }),
  expired: (from) => withClaims(from, { nbf: from.now - 60 * MINUTE, exp: from.now - 10 * MINUTE }),
  'expired-within-skew': (from) => withClaims(from, { exp: from.now - 2 * MINUTE }),
  'no-expiry': (from) => withClaims(from, { exp: undefined }),
  'not-yet-valid': (from) => withClaims(from, { nbf: from.now + IN_A_MOMENT, exp: from.now + 60 * MINUTE }),
  'alg-none': ({ valid }) => ({ ...valid, header: { ...valid.header, alg: 'none' }, sign: () => '' }),
  'hs256-public-key': ({ valid, keys }) => ({
    ...valid,
    header: { ...valid.header, alg: 'HS256' },
    sign: signHs256WithPublicKey(keys.teams),
  }),
  'bad-signature': ({ valid, keys }) => ({ ...valid, sign: signRs256(keys.unknown) }),
  'changed-payload': ({ valid }) => ({
    ...valid,
    after: (token) => {
      const [header, , signature] = token.split('.');
      return `${header}.${part({ ...valid.claims, changed: true })}.${signature}`;
    },
  }),
  'unknown-kid': (from) => withKey(from, from.keys.unknown),
  'no-kid': ({ valid }) => ({ ...valid, header: { ...valid.header, kid: undefined } }),
  'other-channel-key': (from) => withKey(from, from.keys.otherChannel),
  'unendorsed-key': (from) => withKey(from, from.keys.unendorsed),
  'no-service-url': (from) => withClaims(from, { serviceurl: undefined }),
  'other-service-url': (from) => withClaims(from, { serviceurl: 'https://smba.elsewhere.example/emea/' }),
  'service-url-slash': (from) =>
    withClaims(from, { serviceurl: String(from.valid.claims.serviceurl).replace(/\/$/, '') }),
  // The SDK takes these from the emulator: whoever knows the app's secret can have one from Entra.
  'own-app': (from) => withClaims(from, { iss: EMULATOR_ISSUER, ver: '1.0', appid: from.appId }),
  // A bot that calls another as its skill: refused unless the claims are validated.
  'other-app': (from) =>
    withClaims(from, { iss: EMULATOR_ISSUER, ver: '1.0', appid: stableId('App', 'another') }),
} as const satisfies Readonly<Record<string, (from: Grounds) => Draft>>;

const EMULATOR_ISSUER = 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/';

export type TokenVariation = keyof typeof VARIATIONS;

export const TOKEN_VARIATIONS = Object.keys(VARIATIONS) as readonly TokenVariation[];

export interface TokenOptions {
  readonly keys: Keys;
  readonly appId: string;
  readonly issuer: string;
  readonly serviceUrl: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A token for the Authorization header of a delivery. `claims` go over those of the variation. */
export function mintToken(options: TokenOptions, variation: TokenVariation, claims: Dict = {}): string {
  const { keys, appId, issuer, serviceUrl } = options;
  const now = Math.floor(options.now / 1000);
  const valid: Draft = {
    header: { alg: 'RS256', typ: 'JWT', kid: keys.teams.kid, x5t: keys.teams.kid },
    claims: { serviceurl: serviceUrl, nbf: now, exp: now + 60 * MINUTE, iss: issuer, aud: appId },
    sign: signRs256(keys.teams),
  };
  const make: (from: Grounds) => Draft = VARIATIONS[variation];
  const draft = make({ keys, appId, now, valid });
  const token = encodeJwt(draft.header, { ...draft.claims, ...claims }, draft.sign);
  return draft.after ? draft.after(token) : token;
}

// A claim that is undefined is left out by JSON.
function withClaims({ valid }: Grounds, claims: Dict): Draft {
  return { ...valid, claims: { ...valid.claims, ...claims } };
}

function withKey({ valid }: Grounds, key: SigningKey): Draft {
  return { ...valid, header: { ...valid.header, kid: key.kid, x5t: key.kid }, sign: signRs256(key) };
}
