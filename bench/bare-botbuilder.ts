import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { botSettings } from '../sandbox/teams/index.ts';

/*
 * The least that a botbuilder bot can do with an `Action.Execute`: check the token and answer. The peer that ours is
 * measured against, in a process of its own like ours.
 */

const { configuration, credentials } = botSettings(process.env.SANDBOX_URL ?? '');
const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication(configuration, credentials as never),
);

createServer(async (request, response) => {
  if (request.method !== 'POST') return void response.end('ok');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  await adapter.process(asExpress(request, body), answerWith(response), async (context) => {
    const value = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Yes.' };
    await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body: value } });
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

function asExpress(request: IncomingMessage, body: Record<string, unknown>) {
  return { method: request.method ?? '', headers: request.headers, body };
}

function answerWith(response: ServerResponse) {
  return {
    socket: response.socket,
    status: (code: number) => {
      response.statusCode = code;
    },
    header: (name: string, value: unknown) => response.setHeader(name, String(value)),
    send: (content: unknown) => response.end(typeof content === 'string' ? content : JSON.stringify(content)),
    end: () => {
      if (!response.writableEnded) response.end();
    },
  };
}
