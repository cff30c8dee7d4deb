import { ControlError } from '../control-error.ts';
import { asDict, asText, type Dict } from '../dict.ts';
import { parseJson } from '../http.ts';
import type { State } from './state.ts';
import { mintToken, type TokenVariation } from './tokens.ts';
import type { Reply } from './types.ts';

// Unconfirmed figure, from reports: the platform gives a turn up after about 15 s.
const PATIENCE_MS = 15_000;

/** What a person reads when the application does not answer as it should. */
export const UNREACHABLE = 'Unable to reach app. Please try again.';

export interface Deliveries {
  /** A token for an activity's Authorization header. `claims` go over those of the variation. */
  mint(variation?: TokenVariation, claims?: Dict): string;
  /** Sends an activity; with a valid token, unless the whole Authorization header is given (`null` for none). */
  deliver(activity: Dict, authorization?: string | null): Promise<Reply>;
  /** The last delivery once more, byte for byte. */
  redeliver(): Promise<Reply>;
  setApp(url: string | undefined): void;
}

export function createDeliveries(state: State, firstUrl: string | undefined): Deliveries {
  let appUrl = firstUrl;
  let again: (() => Promise<Reply>) | undefined;

  const mint = (serviceUrl: string, variation: TokenVariation, claims: Dict): string => {
    const { keys, appId, issuer } = state;
    return mintToken({ keys, appId, issuer, serviceUrl, now: state.now() }, variation, claims);
  };

  return {
    mint: (variation = 'valid', claims = {}) => mint(state.serviceUrl(), variation, claims),
    deliver: (activity, authorization) => {
      const serviceUrl = asText(activity.serviceUrl) ?? state.serviceUrl();
      const header = authorization === undefined ? `Bearer ${mint(serviceUrl, 'valid', {})}` : authorization;
      const body = JSON.stringify(activity);
      again = () => post(appUrl, body, header);
      return again();
    },
    redeliver: async () => {
      if (!again) throw new ControlError(404, 'Nothing was delivered yet.');
      return again();
    },
    setApp: (url) => {
      appUrl = url;
    },
  };
}

async function post(appUrl: string | undefined, body: string, authorization: string | null): Promise<Reply> {
  if (!appUrl) return { status: 0, body: '', error: UNREACHABLE };
  try {
    const response = await fetch(`${appUrl.replace(/\/$/, '')}/teams/messages`, {
      method: 'POST',
      headers: {
        'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
        'content-type': 'application/json; charset=utf-8',
        ...(authorization === null ? {} : { authorization }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    const reply = { status: response.status, body: parseJson(text) ?? text };
    return response.ok ? reply : { ...reply, error: UNREACHABLE };
  } catch (cause) {
    const timedOut = asDict(cause).name === 'TimeoutError';
    return { status: 0, body: '', error: timedOut ? 'The app did not answer in time.' : UNREACHABLE };
  }
}
