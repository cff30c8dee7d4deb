import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClinicPool, PEOPLE, POOLS, SAMPLE_MESSAGES } from './clinic.ts';
import { type Clock, createClock } from './clock.ts';
import { faceOf, moveAsAsked } from './clock-control.ts';
import { ControlError } from './control-error.ts';
import { type Fields, pick, readFields } from './control-fields.ts';
import { isDict } from './dict.ts';
import type { Hub } from './events.ts';
import { createHub } from './events.ts';
import type { FhirServer } from './fhir/index.ts';
import { createFhirServer } from './fhir/index.ts';
import { BodyTooLarge, parseJson, readBody, sendJson } from './http.ts';
import type { Inbox, PatientWords, WrittenWords } from './messages.ts';
import { createInbox, PRIORITIES, writeThread } from './messages.ts';
import { type Notification, notificationsOf } from './notifications.ts';
import type { Page } from './page/serve.ts';
import { patients, practitionerOf, seed } from './seed.ts';
import type { SlackWorkspace } from './slack/index.ts';
import { createSlackWorkspace } from './slack/index.ts';
import type { EventStream } from './sse.ts';
import { createEventStream } from './sse.ts';
import type { TeamsTenant } from './teams/index.ts';
import { createTeamsTenant } from './teams/index.ts';

export interface SandboxOptions {
  /** 0, the default, picks a free one. */
  readonly port?: number;
  /** The project feature `transaction-bundles`: off unless said, as on a real project. */
  readonly transactions?: boolean;
  /** The project feature `websocket-subscriptions`: off unless said, as on a real project. */
  readonly websockets?: boolean;
  /** Servers from 5.1.29 heed If-Match on PATCH: off unless said. */
  readonly ifMatchOnPatch?: boolean;
  /** Fill the FHIR server from `clinic.ts`; true unless said. */
  readonly seed?: boolean;
  /** Serve the web page, which is built for it; false unless said. */
  readonly page?: boolean;
  /** Base URL of Switchboard, where the Slack workspace delivers to. */
  readonly app?: string;
  /** Interaction units per minute; no limit when absent. */
  readonly quota?: number;
  /** Waits between the attempts of a rest-hook, in milliseconds: 1, 2 and 4 s unless said. */
  readonly webhookRetryMs?: readonly number[];
  /** The clinic's clock, where somebody else goes by it too; one of its own unless said. */
  readonly clock?: Clock;
  /** Channels that both platforms have beside those of `clinic.ts`. */
  readonly channels?: readonly ClinicPool['channel'][];
}

/** A running sandbox. */
export interface Sandbox {
  /** Without a trailing slash, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  readonly hub: Hub;
  /** Stamps the record and the messages, and can be moved forward. What is checked for its age goes by real time. */
  readonly clock: Clock;
  readonly fhir: FhirServer;
  readonly slack: SlackWorkspace;
  readonly teams: TeamsTenant;
  /** "A patient writes", without HTTP. */
  readonly inbox: Inbox;
  practitionerOf(slackId: string): string | undefined;
  /** Who has been notified of what so far, on every platform. */
  notifications(): Notification[];
  /** Says where Switchboard is, from now on. */
  setApp(url: string | undefined): void;
  close(): Promise<void>;
}

interface Parts {
  readonly clock: Clock;
  readonly fhir: FhirServer;
  readonly slack: SlackWorkspace;
  readonly teams: TeamsTenant;
  readonly inbox: Inbox;
  readonly events: EventStream;
  readonly page: Page | undefined;
}

/** Starts the clinic on 127.0.0.1: FHIR server, Slack workspace and, when asked, the page. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const hub = createHub();
  const clock = options.clock ?? createClock();
  const stopTelling = clock.onMove((offset) => hub.emit({ kind: 'clock', offset }));
  let url = '';
  const fhir = createFhirServer({
    hub,
    baseUrl: () => `${url}/`,
    transactions: options.transactions ?? false,
    websockets: options.websockets ?? false,
    ifMatchOnPatch: options.ifMatchOnPatch ?? false,
    quota: options.quota,
    now: clock.now,
    webhookRetryMs: options.webhookRetryMs,
  });
  if (options.seed !== false) await seed(fhir, new Date(clock.now()));
  const channels = [...POOLS.map(({ channel }) => channel), ...(options.channels ?? [])];
  const slack = createSlackWorkspace({
    hub,
    people: PEOPLE,
    channels,
    practitionerOf,
    url: () => url,
    clock: clock.now,
    ...(options.app ? { appUrl: options.app } : undefined),
  });
  const teams = createTeamsTenant({
    hub,
    people: PEOPLE,
    channels,
    practitionerOf,
    url: () => url,
    clock: clock.now,
    ...(options.app ? { appUrl: options.app } : undefined),
  });
  const page = options.page ? await loadPage() : undefined;
  const inbox = createInbox(fhir, clock.now);
  const events = createEventStream(hub);
  const parts: Parts = { clock, fhir, slack, teams, inbox, events, page };

  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => fail(error, request, response));
  });
  server.on('upgrade', (request, socket, head) => {
    if (!fhir.upgrade(request, socket, head) && !slack.upgrade(request, socket, head))
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;

  return {
    url,
    port,
    hub,
    clock,
    fhir,
    slack,
    teams,
    inbox,
    practitionerOf,
    notifications: () => notificationsOf(slack, teams),
    setApp: (app) => {
      slack.setApp(app);
      teams.setApp(app);
    },
    close: async () => {
      stopTelling();
      events.close();
      await Promise.all([fhir.close(), slack.close(), teams.close(), page?.close()]);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

// The page brings a bundler with it, which tests have no use for.
async function loadPage(): Promise<Page> {
  const { createPage } = await import('./page/serve.ts');
  return createPage();
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { clock, fhir, slack, teams, inbox, events, page } = parts;
  if (await fhir.handle(request, response)) return;
  if (await slack.handle(request, response)) return;
  if (await teams.handle(request, response)) return;

  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case 'GET /sandbox/events':
      events.handle(request, response);
      return;
    case 'GET /sandbox/clinic':
      sendJson(response, 200, describeClinic());
      return;
    case 'GET /sandbox/clock':
      sendJson(response, 200, faceOf(clock));
      return;
    case 'POST /sandbox/clock':
      await receive(request, response, 200, async (body) => {
        if (!isDict(body)) throw new ControlError(400, 'How to move the clock is said by a JSON object.');
        moveAsAsked(clock, body);
        return faceOf(clock);
      });
      return;
    case 'POST /sandbox/message':
      await receiveMessage(fhir, inbox, request, response);
      return;
    case 'POST /sandbox/say':
      await receiveWords(request, response, (given) => inbox.say(patientWords(given)));
      return;
    case 'POST /sandbox/answer':
      await receiveWords(request, response, (given) =>
        inbox.answer({ thread: given.text('thread'), by: given.text('by'), text: given.text('text') }),
      );
      return;
  }
  if (await page?.handle(request, response)) return;
  sendJson(response, 404, { error: `There is nothing at ${request.method} ${request.url}.` });
}

async function receiveMessage(
  fhir: FhirServer,
  inbox: Inbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await readBody(request);
  const parts = inbox.read(text === '' ? {} : parseJson(text));
  if (typeof parts === 'string') sendJson(response, 400, { error: parts });
  else sendJson(response, 201, await writeThread(fhir, parts));
}

function receiveWords(
  request: IncomingMessage,
  response: ServerResponse,
  write: (given: Fields) => Promise<WrittenWords>,
): Promise<void> {
  return receive(request, response, 201, async (body) => {
    if (!isDict(body)) throw new ControlError(400, 'A message is a JSON object.');
    return write(readFields(body));
  });
}

/** Does what the body asks for, and answers what comes of it; 400 or 404 and a sentence when nobody could do that. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  work: (body: unknown) => Promise<unknown>,
): Promise<void> {
  const text = await readBody(request);
  const body = text === '' ? {} : parseJson(text);
  try {
    sendJson(response, status, await work(body));
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    sendJson(response, error.status, { error: error.message });
  }
}

function patientWords(given: Fields): PatientWords {
  const wanted = given.maybe('priority');
  const priority = PRIORITIES.find((name) => name === wanted);
  if (wanted !== undefined && priority === undefined)
    throw new ControlError(400, `priority must be one of: ${PRIORITIES.join(', ')}.`);
  return { ...pick(given.maybe, 'thread', 'pool', 'patient', 'text'), priority };
}

function describeClinic(): unknown {
  return {
    pools: POOLS,
    patients: patients().map(({ key, id, given, family }) => ({ key, id, name: `${given} ${family}` })),
    samples: SAMPLE_MESSAGES,
  };
}

function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (!(error instanceof BodyTooLarge))
    console.error(`The sandbox failed at ${request.method} ${request.url}`, error);
  if (response.headersSent) request.socket.destroy();
  else if (error instanceof BodyTooLarge) sendJson(response, 413, { error: 'The body is too large.' });
  else sendJson(response, 500, { error: 'The sandbox failed. Its console says why.' });
}
