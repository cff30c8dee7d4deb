import type { ServerResponse } from 'node:http';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createDependency, type Trouble } from '../../src/runtime/dependencies.ts';
import { readiness } from '../../src/runtime/health.ts';

const NOW = Date.parse('2026-11-30T08:00:00Z');
const AWAY: Trouble = { state: 'unreachable', isCertain: true };
const REFUSED: Trouble = { state: 'refused', why: 'token expired' };
const THROTTLED: Trouble = { state: 'throttled', forMs: 30_000 };

/** What is answered where these went wrong. */
function answered(troubles: Readonly<Record<string, Trouble>>) {
  const [record, ledger, chat] = ['record', 'ledger', 'chat'].map((name) => {
    const one = createDependency(name, () => NOW, pino({ level: 'silent' }));
    one.worked();
    const trouble = troubles[name];
    if (trouble) one.failed(trouble);
    return one;
  });
  if (!record || !ledger || !chat) throw new Error('three of them');
  let code = 0;
  let body = '';
  const response = {
    writeHead: (status: number) => {
      code = status;
    },
    end: (text: string) => {
      body = text;
    },
  };
  const route = readiness({
    needed: [record, ledger],
    platforms: [chat],
    surfaces: { lost: () => [] },
    events: () => ({ by: 'websocket', state: 'connected', since: '2026-11-30T07:00:00.000Z' }),
    keepsTransactions: () => true,
  });
  route.handle({} as never, response as unknown as ServerResponse);
  return { code, ...JSON.parse(body) };
}

describe('GET /readyz', () => {
  it.each<[string, Record<string, Trouble>, number]>([
    ['nothing is wrong', {}, 200],
    ['the record is away', { record: AWAY }, 503],
    ['the record refuses us', { record: REFUSED }, 503],
    ['the record wants to be left alone', { record: THROTTLED }, 200],
    ['the ledger is away', { ledger: AWAY }, 503],
    ['a platform is away', { chat: AWAY }, 200],
    ['a platform refuses our token', { chat: REFUSED }, 200],
    ['everything is away', { record: AWAY, ledger: AWAY, chat: AWAY }, 503],
  ])('where %s', (_what, troubles, code) => {
    const said = answered(troubles);

    expect(said.code).toBe(code);
    expect(said.status).toBe(code === 200 ? 'ready' : 'not ready');
  });

  it('names each dependency with its state, since when and until when; events and transactions', () => {
    expect(answered({ record: THROTTLED, chat: REFUSED })).toMatchObject({
      dependencies: [
        {
          name: 'record',
          state: 'throttled',
          since: '2026-11-30T08:00:00.000Z',
          until: '2026-11-30T08:00:30.000Z',
        },
        { name: 'ledger', state: 'well', since: '2026-11-30T08:00:00.000Z' },
        { name: 'chat', state: 'refused', why: 'token expired' },
      ],
      lostSurfaces: [],
      events: { by: 'websocket', state: 'connected' },
      transactions: 'kept',
    });
  });
});
