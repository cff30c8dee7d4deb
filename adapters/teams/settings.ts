import { z } from 'zod';
import { isLoopback } from './hosts.ts';

/** The environment variables of the Teams adapter. README.md says where each of them comes from. */
export const settings = z
  .object({
    TEAMS_APP_ID: z.guid('must be the id of the bot’s app registration'),
    TEAMS_APP_PASSWORD: z.string().min(1).optional(),
    /** New bots are `SingleTenant` or use a managed identity; `MultiTenant` is for those that exist already. */
    TEAMS_APP_TYPE: z.enum(['SingleTenant', 'UserAssignedMSI', 'MultiTenant']).default('SingleTenant'),
    /** Tenants whose people may act, separated by commas. The first is the one that the app is registered in. */
    TEAMS_TENANT_IDS: z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((id) => id.trim().toLowerCase())
          .filter(Boolean),
      )
      .pipe(z.array(z.guid('must be tenant ids, separated by commas')).min(1)),
    /** `none` lets anybody in: for trying things out on this machine, and nowhere else. */
    TEAMS_AUTH: z.enum(['token', 'none']).default('token'),
    /** Where posts go until Teams has told us a nearer address. */
    TEAMS_SERVICE_URL: z.url().default('https://smba.trafficmanager.net/teams/'),
    /** Test doubles of Microsoft's login, on this machine only. */
    TEAMS_OPENID_METADATA_URL: z.url().optional(),
    TEAMS_LOGIN_URL: z.url().optional(),
    HOST: z.string().default('127.0.0.1'),
  })
  .check((context) => {
    const value = context.value;
    const complain = (variable: string, message: string) =>
      context.issues.push({ code: 'custom', path: [variable], message, input: value });
    if (
      value.TEAMS_APP_TYPE !== 'UserAssignedMSI' &&
      value.TEAMS_AUTH !== 'none' &&
      !value.TEAMS_APP_PASSWORD
    ) {
      complain('TEAMS_APP_PASSWORD', 'is missing');
    }
    if (value.TEAMS_AUTH === 'none' && !isLoopback(value.HOST)) {
      complain('TEAMS_AUTH', 'can be none only where the server listens on loopback (HOST)');
    }
    for (const variable of ['TEAMS_OPENID_METADATA_URL', 'TEAMS_LOGIN_URL'] as const) {
      const url = value[variable];
      if (url && !(isLoopback(new URL(url).hostname) && isLoopback(value.HOST))) {
        complain(variable, 'is for test doubles on loopback only');
      }
    }
  });

export type Settings = z.output<typeof settings>;
