import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity, TurnContext } from 'botbuilder';
import { AuthenticationError } from 'botframework-connector';
import { answerHttp, BodyTooLarge, createUnderWay, type Log, type Route, readBody } from '../../src/index.ts';
import { ForeignTenant, type InvokeAnswer, KeysMissing, type TeamsDoor } from './auth.ts';
import type { Listener } from './listen.ts';
import { MESSAGES_PATH } from './paths.ts';

const BODY_LIMIT = 1024 * 1024;

/** The messaging endpoint, and how to wait until nothing is being worked on. */
export interface Messages {
  readonly route: Route;
  /** Lets work go on after the answer. */
  later(work: Promise<void>): void;
  idle(): Promise<void>;
}

/** `POST /teams/messages`. Every answer is of ours: the SDK's carry error texts and stack traces. */
export function createMessages(door: TeamsDoor, listener: () => Listener | undefined, log: Log): Messages {
  const underWay = createUnderWay();

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const activity = parseActivity(await readBody(request, BODY_LIMIT));
    if (activity === undefined) return answerHttp(response, 400, 'Not an activity.');
    const listening = listener();
    if (listening === undefined) return answerHttp(response, 503, 'Not ready yet.');
    let invoked: InvokeAnswer | undefined;
    await door.receive(request.headers.authorization ?? '', activity, async (context: TurnContext) => {
      if (context.activity.type === 'invoke') invoked = await listening.invoke(context.activity);
      else later(listening.hear(context.activity));
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(invoked?.body ?? {}));
  }

  /** Teams gives up on a turn after some seconds: what takes time goes on after the answer. */
  function later(work: Promise<void>): void {
    underWay
      .track(work)
      .catch((error: unknown) => log.error({ err: error }, 'Teams: a message could not be handled'));
  }

  return {
    route: {
      method: 'POST',
      path: MESSAGES_PATH,
      handle: (request, response) => {
        receive(request, response).catch((error: unknown) => refuse(response, error, log));
      },
    },
    later,
    idle: underWay.idle,
  };
}

function refuse(response: ServerResponse, error: unknown, log: Log): void {
  const [status, sentence] = refusalOf(error);
  if (status === 500) log.error({ err: error }, 'Teams: an activity could not be handled');
  else if (status === 503)
    log.warn({ err: error }, 'Teams: Microsoft’s keys cannot be read, so nobody is let in');
  else log.info({ status }, 'Teams: an activity was refused');
  answerHttp(response, status, sentence);
}

function refusalOf(error: unknown): [status: number, sentence: string] {
  if (error instanceof BodyTooLarge) return [413, 'At most 1 MiB.'];
  if (error instanceof AuthenticationError) return [401, 'The token is not valid.'];
  if (error instanceof KeysMissing) return [503, 'Not just now.'];
  if (error instanceof ForeignTenant) return [403, 'This tenant is not served here.'];
  return [500, 'Something went wrong here; nothing was changed.'];
}

function parseActivity(body: Buffer): Activity | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const isActivity =
      typeof parsed === 'object' && parsed !== null && 'type' in parsed && typeof parsed.type === 'string';
    return isActivity && parsed.type !== '' ? (parsed as Activity) : undefined;
  } catch {
    return undefined;
  }
}
