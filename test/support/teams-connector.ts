import { createApi } from '../../adapters/teams/api.ts';
import { createConnector } from '../../adapters/teams/connector.ts';
import { createConversations } from '../../adapters/teams/conversations.ts';
import { isServiceHost } from '../../adapters/teams/hosts.ts';
import { MapMemory } from './contract-app.ts';
import { capturedLog } from './unit-slack.ts';

export const SMBA = 'https://smba.trafficmanager.net';
export const TENANT = 'b4c1f0de-7c2a-4b1e-9a53-0d6b8f0e4c21';
export const NURSES = { platform: 'teams', kind: 'channel', id: '19:nurses@thread.tacv2' } as const;
export const MEI = { platform: 'teams', tenant: TENANT, id: 'aad-mei' } as const;

/** The ref of a card in the nurses' channel. */
export const REF = JSON.stringify({
  serviceUrl: `${SMBA}/emea/`,
  conversation: `${NURSES.id};messageid=1`,
  activity: '1',
});

export const CREATE = '/teams/v3/conversations';
export const DRAW = `/emea/v3/conversations/${encodeURIComponent(`${NURSES.id};messageid=1`)}/activities/1`;

/** What the adapter sends with, against Microsoft's address. */
export function teamsApi(serviceUrl = `${SMBA}/teams/`) {
  const memory = new MapMemory();
  const tokens = { asked: 0 };
  const connector = createConnector(async () => {
    tokens.asked++;
    return 'a-token';
  }, isServiceHost);
  const conversations = createConversations(memory);
  const home = { serviceUrl, tenant: TENANT };
  const api = createApi({
    connector,
    conversations,
    appId: 'the-app',
    home,
    log: capturedLog().log,
  });
  return { api, connector, conversations, memory, tokens };
}
