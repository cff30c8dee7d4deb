import { z } from 'zod';

/** The environment variables of the Slack adapter. README.md says where each of them comes from. */
export const settings = z
  .object({
    SLACK_BOT_TOKEN: z.string().startsWith('xox', 'must be a bot token (xoxb-...)'),
    /** Over HTTP each request is signed with this. */
    SLACK_SIGNING_SECRET: z.string().min(8, 'must be the signing secret of the app').optional(),
    /** With it the app connects to Slack by itself (Socket Mode), and needs no public address. */
    SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must be an app-level token (xapp-...)').optional(),
    /** Another address of Slack's Web API: a test double, or GovSlack. */
    SLACK_API_URL: z.url().optional(),
  })
  .check((context) => {
    const { SLACK_SIGNING_SECRET: secret, SLACK_APP_TOKEN: token } = context.value;
    if (secret || token) return;
    const message = 'is missing (or set SLACK_APP_TOKEN for Socket Mode)';
    context.issues.push({ code: 'custom', path: ['SLACK_SIGNING_SECRET'], message, input: context.value });
  });

export type Settings = z.output<typeof settings>;
