import { randomUUID } from 'node:crypto';
import { getWebSocketUrl, type MedplumClient, normalizeErrorString } from '@medplum/core';
import type { Config } from '../config.ts';
import { isNotEnabled, NOT_ENABLED } from '../medplum/socket-events.ts';
import { subscriptionParts, webhookAddress } from '../medplum/subscriptions.ts';
import { partFindings } from './check-parts.ts';
import { type Finding, fine, note, wrong } from './findings.ts';

const SOCKET_PATIENCE_MS = 5_000;

/** Whether we are told of changes, in the way that the configuration has chosen. */
export async function eventFindings(config: Config, client: MedplumClient): Promise<Finding[]> {
  const { events, publicUrl, webhookSecret, sweep } = config;
  switch (events) {
    case 'websocket':
      return websocket(config, client);
    case 'rest-hook':
      return subscriptions(client, publicUrl ?? '', webhookSecret ?? '');
    case 'none': {
      const missing = publicUrl ? 'MEDPLUM_WEBHOOK_SECRET' : 'PUBLIC_URL';
      const why = publicUrl && webhookSecret ? 'MEDPLUM_EVENTS is none, so' : `Without ${missing}`;
      return [
        note(`${why} nobody tells us of changes: they are found by asking every ${sweep.everyMs / 1000} s.`),
      ];
    }
    default:
      return events satisfies never;
  }
}

/** Whether the project may have such Subscriptions, and whether anything stands in the way of the connection. */
async function websocket({ medplum, sweep }: Config, client: MedplumClient): Promise<Finding[]> {
  if (!(await isEnabled(client))) {
    const meanwhile = `Until then changes are found by asking every ${sweep.everyMs / 1000} s.`;
    return [wrong(`${NOT_ENABLED} ${meanwhile}`)];
  }
  const address = getWebSocketUrl(medplum.baseUrl, '/ws/subscriptions-r4');
  if (await answersPing(address)) return [fine(`Medplum can tell us of changes over ${address}.`)];
  return [
    wrong(
      `No websocket can be opened at ${address}. Does something between us and Medplum keep websockets from passing?`,
    ),
  ];
}

/** Asks for the token of a Subscription that is not there: the feature is what a server looks at first. */
async function isEnabled(client: MedplumClient): Promise<boolean> {
  try {
    await client.get(`fhir/R4/Subscription/${randomUUID()}/$get-ws-binding-token`);
    return true;
  } catch (error) {
    const text = normalizeErrorString(error);
    if (isNotEnabled(text)) return false;
    if (text.includes('Error reading subscription')) return true;
    throw error;
  }
}

function answersPing(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const end = (does: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(does);
    };
    const timer = setTimeout(() => end(false), SOCKET_PATIENCE_MS);
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'ping' })));
    socket.addEventListener('message', () => end(true));
    socket.addEventListener('error', () => end(false));
  });
}

async function subscriptions(
  client: MedplumClient,
  publicUrl: string,
  webhookSecret: string,
): Promise<Finding[]> {
  const address = webhookAddress(publicUrl);
  const findings = await partFindings(client, subscriptionParts(address, webhookSecret));
  if (findings.length === 0) findings.push(fine(`The Subscriptions deliver to ${address}, signed.`));
  if (isOpenHttp(address))
    findings.push(note('PUBLIC_URL is not https, and newer Medplum servers deliver to nothing else.'));
  return findings;
}

function isOpenHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(localhost|127\..*|\[::1\])$/.test(hostname);
}
