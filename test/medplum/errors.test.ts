import { inspect } from 'node:util';
import type { OperationOutcomeIssue, Provenance } from '@medplum/fhirtypes';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRecordStore } from '../../src/medplum/store.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import type { RecordErrorKind, RecordStore } from '../../src/runtime/ports/record.ts';
import { fakeServer, listOf, outcome, type Reply, recordErrorOf } from '../support/unit-fhir.ts';

/** A patient's name, as a failed test or a broken answer may quote it. */
const PATIENT = 'Nadia Brown';

const PROVENANCE: Provenance = {
  resourceType: 'Provenance',
  target: [{ reference: 'Task/1' }],
  recorded: '2026-11-23T08:00:00Z',
  agent: [{ who: { display: 'x' } }],
  entity: [{ role: 'revision', what: { reference: 'Task/1/_history/1' } }],
};

const BUNDLE = { resourceType: 'Bundle', type: 'transaction', entry: [] } as const;

/** Every way to the server. */
const WAYS: readonly [what: string, call: (store: RecordStore) => Promise<unknown>][] = [
  ['a patch', (store) => store.patch('Task', '1', [{ op: 'add', path: '/status', value: 'accepted' }])],
  ['a Provenance', (store) => store.addProvenance(PROVENANCE)],
  ['a transaction', (store) => store.transact({ ...BUNDLE, entry: [] })],
  ['a search', (store) => store.observe('1')],
  ['a history', (store) => store.versions('1')],
  ['a read', (store) => store.thread('1')],
  ['a page of Tasks', (store) => listOf(store.changedSince(new Date(0)))],
];

const serialization = {
  code: 'conflict' as const,
  details: {
    coding: [{ code: '40001' }],
    text: 'could not serialize access due to concurrent update',
  },
} satisfies Partial<OperationOutcomeIssue>;

const throttled = {
  code: 'throttled',
  diagnostics: '{"_remainingPoints":0,"_msBeforeNext":58000,"_consumedPoints":50010,"limit":50000}',
} as const;

const ANSWERS: readonly [answer: string, reply: Reply, kind: RecordErrorKind, waitMs?: number][] = [
  ['409', { status: 409, body: outcome('conflict', '', serialization) }, 'conflict'],
  ['400 Test failed', { status: 400, body: outcome(undefined, `Test failed: ${PATIENT} != x`) }, 'lost'],
  [
    '400 with two failed tests',
    { status: 400, body: outcome(undefined, `Value required\nTest failed: ${PATIENT} != x`) },
    'lost',
  ],
  [
    '400 missing path',
    { status: 400, body: outcome(undefined, 'Value required at path: /owner') },
    'invalid',
  ],
  [
    '400 structure',
    {
      status: 400,
      body: outcome(undefined, `Invalid JSON: ${PATIENT}`, { code: 'structure', expression: ['Task.x'] }),
    },
    'invalid',
  ],
  ['401', { status: 401, body: outcome('unauthorized', 'Unauthorized', { code: 'login' }) }, 'forbidden'],
  ['403', { status: 403, body: outcome('forbidden', 'Forbidden', { code: 'forbidden' }) }, 'forbidden'],
  ['404', { status: 404, body: outcome('not-found', 'Not found', { code: 'not-found' }) }, 'gone'],
  ['410', { status: 410, body: outcome('gone', 'Deleted', { code: 'deleted' }) }, 'gone'],
  ['412', { status: 412, body: outcome('precondition-failed', 'Stale', { code: 'processing' }) }, 'lost'],
  ['429', { status: 429, body: outcome('too-many-requests', 'Too many', throttled) }, 'throttled', 58_000],
  [
    '500',
    { status: 500, body: outcome('internal-server-error', PATIENT, { code: 'exception' }) },
    'unreachable',
  ],
  ['500 without an id', { status: 500, body: outcome(undefined, PATIENT) }, 'unreachable'],
  ['502 of a gateway', { status: 502, type: 'text/html', body: `<html>${PATIENT}</html>` }, 'unreachable'],
  ['503 of a gateway', { status: 503, type: 'application/json', body: { message: PATIENT } }, 'unreachable'],
  ['504 without a body', { status: 504, type: 'text/plain' }, 'unreachable'],
  ['200 with a page', { type: 'text/html', body: `<html>Sign in, ${PATIENT}</html>` }, 'unreachable'],
  ['404 with a page', { status: 404, type: 'text/html', body: '<html>Not found</html>' }, 'unreachable'],
  ['200 with broken JSON', { body: `{"resourceType":"Task","for":${PATIENT}` }, 'unreachable'],
  ['half an answer', { body: `{"resourceType":"Task","for":"${PATIENT}`, fault: 'cut' }, 'unreachable'],
  ['no answer', { fault: 'reset' }, 'unreachable'],
];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(ANSWERS)('%s', (_answer, reply, kind, waitMs) => {
  it.each(WAYS)(`to %s is “${kind}”, quotes nobody, and is asked for once`, async (_what, call) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { client, asked } = await fakeServer(() => reply);

    const error = await recordErrorOf(call(createRecordStore(client, DEFAULT_TASK_RULES)));

    expect(error.kind).toBe(kind);
    expect(error.retryAfterMs).toBe(waitMs);
    // The client logs in once more after a 401, which wrote nothing.
    expect(asked).toHaveLength(reply.status === 401 ? 2 : 1);
    const told = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), printed.mock.calls];
    expect(inspect(told, { depth: 9 })).not.toContain(PATIENT);
  });
});

describe('a server that stops in the middle of an answer', () => {
  it.each(WAYS)('is given up after a while for %s', async (_what, call) => {
    const { client, asked } = await fakeServer(() => ({ body: '{"resourceType":', fault: 'stall' }));
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const limits = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));

    const error = await recordErrorOf(call(createRecordStore(client, DEFAULT_TASK_RULES)));

    expect(error.kind).toBe('unreachable');
    expect(limits).toHaveBeenCalledWith(10_000);
    expect(asked).toHaveLength(1);
  });
});
