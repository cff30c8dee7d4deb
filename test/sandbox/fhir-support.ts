import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PatchOperation } from '@medplum/core';
import { MedplumClient, OperationOutcomeError } from '@medplum/core';
import type { Bundle, BundleEntry, OperationOutcome, Provenance, Task } from '@medplum/fhirtypes';
import { onTestFinished } from 'vitest';
import type { SandboxOptions } from '../../sandbox/server.ts';
import { startSandbox } from '../../sandbox/server.ts';

/** A sandbox for one test, and a real client that is logged in and tries nothing twice. */
export async function clinic(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const medplum = new MedplumClient({ baseUrl: `${sandbox.url}/`, maxRetries: 0 });
  await medplum.startClientLogin('sandbox', 'sandbox');
  const authorization = `Bearer ${medplum.getAccessToken()}`;
  /** A plain request, for what the client hides. */
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${sandbox.url}${path}`, {
      ...init,
      headers: { authorization, ...(init.headers as Record<string, string>) },
    });
  return { sandbox, medplum, raw };
}

/** What came of a call: its value, or the outcome that it was refused with. */
export async function outcomeOf(work: Promise<unknown>): Promise<OperationOutcome> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperationOutcomeError) return error.outcome;
    throw error;
  }
  throw new Error('The call was not refused');
}

/** The text of the first issue. */
export async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  return (await outcomeOf(work)).issue[0]?.details?.text;
}

/** The options of a request on behalf of somebody, for example `Practitioner/<id>`. */
export function as(person: string) {
  return { headers: { 'X-Medplum-On-Behalf-Of': person } };
}

export const openTask: Task = { resourceType: 'Task', status: 'requested', intent: 'order' };

/** A claim as it has to be written for a Medplum server. */
export function claimBy(practitioner: string): PatchOperation[] {
  return [
    { op: 'test', path: '/status', value: 'requested' },
    // Without a value: asserts that there is no owner.
    { op: 'test', path: '/owner' } as PatchOperation,
    { op: 'replace', path: '/status', value: 'accepted' },
    { op: 'add', path: '/owner', value: { reference: `Practitioner/${practitioner}` } },
  ];
}

/** A patch as an entry of a Bundle. */
export function patchEntry(reference: string, patch: readonly PatchOperation[]): BundleEntry {
  return {
    request: { method: 'PATCH', url: reference },
    resource: {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(JSON.stringify(patch)).toString('base64'),
    },
  };
}

export function provenanceEntry(target: string, more: Partial<Provenance> = {}): BundleEntry {
  return {
    request: { method: 'POST', url: 'Provenance' },
    resource: {
      resourceType: 'Provenance',
      target: [{ reference: target }],
      recorded: new Date().toISOString(),
      agent: [{ who: { display: 'somebody' } }],
      ...more,
    },
  };
}

export function transaction(...entry: BundleEntry[]): Bundle {
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

/** A receiver of rest-hooks; `answer` says with which status the nth call (from 0) is answered. */
export async function receiver(answer: (call: number) => number = () => 200) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const chunk of request) body += String(chunk);
    calls.push({ headers: request.headers, body, at });
    response.writeHead(answer(calls.length - 1)).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}
