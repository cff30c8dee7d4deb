import { App, HTTPReceiver } from '@slack/bolt';

/*
 * The least that a Bolt app can do with a press: acknowledge it. The peer that ours is measured against, in a process
 * of its own like ours.
 */

const receiver = new HTTPReceiver({ signingSecret: process.env.SLACK_SIGNING_SECRET ?? '' });
const clientOptions = { slackApiUrl: process.env.SLACK_API_URL ?? '' };
const app = new App({ receiver, token: 'xoxb-sandbox', clientOptions });
app.action(/.*/, async ({ ack }) => {
  await ack();
});
await app.start({ port: Number(process.env.PORT), host: '127.0.0.1' });
