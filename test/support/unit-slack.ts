import { webApi } from '@slack/bolt';
import nock from 'nock';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { CLIENT_OPTIONS, createApi } from '../../adapters/slack/api.ts';
import { toBoltLogger } from '../../adapters/slack/log.ts';
import { ChatError } from '../../src/index.ts';

export const SLACK = 'https://slack.com';

/** Log lines as they would be written, for a test to look through. */
export function capturedLog() {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  return { log, lines };
}

/** Slack's own client with our options, and what the adapter sends through it. */
export function slackApi(more: webApi.WebClientOptions = {}) {
  const logger = toBoltLogger(capturedLog().log);
  const client = new webApi.WebClient('xoxb-test', { ...CLIENT_OPTIONS, logger, ...more });
  return { client, api: createApi(client) };
}

/** Closes the network for a file: what is not expected is a stray, and what is expected has to happen, once. */
export function closedNetwork(): void {
  const strays: string[] = [];
  const onStray = (request: Request) => {
    if (!request.url.startsWith('http://127.0.0.1')) strays.push(`${request.method} ${request.url}`);
  };

  beforeAll(() => {
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
    nock.emitter.on('no match', onStray);
  });

  afterEach(() => {
    const pending = nock.pendingMocks();
    const unexpected = strays.splice(0);
    nock.cleanAll();
    expect({ pending, unexpected }).toEqual({ pending: [], unexpected: [] });
  });

  afterAll(() => {
    nock.emitter.off('no match', onStray);
    nock.enableNetConnect();
    nock.restore();
  });
}

/** The error that the work ends with; fails where it ends well. */
export async function chatErrorOf(work: Promise<unknown>): Promise<ChatError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
  throw new Error('nothing went wrong');
}
