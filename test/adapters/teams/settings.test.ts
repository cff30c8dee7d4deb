import { describe, expect, it } from 'vitest';
import { isLoopback, isServiceHost } from '../../../adapters/teams/hosts.ts';
import { settings } from '../../../adapters/teams/settings.ts';

const TENANT = 'b4c1f0de-7c2a-4b1e-9a53-0d6b8f0e4c21';
const GIVEN = {
  TEAMS_APP_ID: '3f0c7a52-8d1e-4c96-9b57-1f6f2f5f7a10',
  TEAMS_APP_PASSWORD: 'a password',
  TEAMS_TENANT_IDS: TENANT,
};

/** The variables that are complained about. */
function complaints(more: Record<string, string | undefined>): string[] {
  const given = Object.entries({ ...GIVEN, ...more }).filter(([, value]) => value !== undefined);
  const { error } = settings.safeParse(Object.fromEntries(given));
  return (error?.issues ?? []).map(({ path }) => String(path[0]));
}

describe('the settings of Teams', () => {
  it('need an app, its password and a tenant, and choose what is right for a new bot', () => {
    expect(settings.parse(GIVEN)).toMatchObject({
      TEAMS_APP_TYPE: 'SingleTenant',
      TEAMS_AUTH: 'token',
      TEAMS_TENANT_IDS: [TENANT],
      TEAMS_SERVICE_URL: 'https://smba.trafficmanager.net/teams/',
    });
  });

  it.each(['TEAMS_APP_ID', 'TEAMS_APP_PASSWORD', 'TEAMS_TENANT_IDS'])(
    'complain of a missing %s',
    (variable) => {
      expect(complaints({ [variable]: undefined })).toEqual([variable]);
    },
  );

  it.each([
    ['TEAMS_APP_ID', 'switchboard'],
    ['TEAMS_TENANT_IDS', ''],
    ['TEAMS_TENANT_IDS', ' , '],
    ['TEAMS_TENANT_IDS', 'common'],
    ['TEAMS_TENANT_IDS', `${TENANT},riverside.example`],
    ['TEAMS_APP_TYPE', 'Federated'],
    ['TEAMS_AUTH', 'off'],
    ['TEAMS_SERVICE_URL', 'smba'],
  ])('complain of %s=%s', (variable, value) => {
    expect(complaints({ [variable]: value })).toContain(variable);
  });

  it('take several tenants, with spaces and capitals as they were copied', () => {
    const parsed = settings.parse({ ...GIVEN, TEAMS_TENANT_IDS: ` ${TENANT.toUpperCase()} , ${TENANT}` });

    expect(parsed.TEAMS_TENANT_IDS).toEqual([TENANT, TENANT]);
  });

  it.each([
    ['UserAssignedMSI', undefined, []],
    ['UserAssignedMSI', 'a password', []],
    ['MultiTenant', 'a password', []],
    ['MultiTenant', undefined, ['TEAMS_APP_PASSWORD']],
    ['SingleTenant', undefined, ['TEAMS_APP_PASSWORD']],
  ])('of a bot that is %s with the password %s', (type, password, expected) => {
    expect(complaints({ TEAMS_APP_TYPE: type, TEAMS_APP_PASSWORD: password })).toEqual(expected);
  });

  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])(
    'let anybody in where the server listens on %s',
    (HOST) => {
      expect(complaints({ TEAMS_AUTH: 'none', TEAMS_APP_PASSWORD: undefined, HOST })).toEqual([]);
    },
  );

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', '1127.0.0.1', ''])(
    'let nobody in without a token where the server listens on “%s”',
    (HOST) => {
      expect(complaints({ TEAMS_AUTH: 'none', HOST })).toEqual(['TEAMS_AUTH']);
    },
  );

  describe.each(['TEAMS_OPENID_METADATA_URL', 'TEAMS_LOGIN_URL'])('with %s', (variable) => {
    it.each(['http://127.0.0.1:4000/x', 'http://localhost:4000/x', 'http://[::1]:4000/x'])(
      'take a double on this machine: %s',
      (url) => {
        expect(complaints({ [variable]: url })).toEqual([]);
      },
    );

    it.each([
      'https://login.botframework.com/v1/.well-known/openidconfiguration',
      'http://127.0.0.1.evil.example/',
      'http://localhost.evil.example/',
      'http://user@evil.example/127.0.0.1',
      'http://127.0.0.1@evil.example/',
    ])('take no address elsewhere: %s', (url) => {
      expect(complaints({ [variable]: url })).toEqual([variable]);
    });

    it('take no double where others can reach the server', () => {
      expect(complaints({ [variable]: 'http://127.0.0.1:4000/', HOST: '0.0.0.0' })).toEqual([variable]);
    });
  });
});

describe('the hosts that are sent our token', () => {
  it.each([
    'https://smba.trafficmanager.net/teams/',
    'https://smba.trafficmanager.net/emea/v3/conversations',
    'https://SMBA.trafficmanager.net:443/amer/',
    'https://smba.onyx.prod.teams.trafficmanager.net/',
    'https://smba.infra.gcc.teams.microsoft.com/teams',
    'https://smba.infra.gov.teams.microsoft.us/teams',
    'https://smba.infra.dod.teams.microsoft.us/teams',
  ])('are Microsoft’s: %s', (url) => {
    expect(isServiceHost(new URL(url))).toBe(true);
  });

  it.each([
    'http://smba.trafficmanager.net/teams/',
    'https://smba.trafficmanager.net:8443/teams/',
    'https://smba.trafficmanager.net./teams/',
    'https://evil.trafficmanager.net/teams/',
    'https://evil-smba.trafficmanager.net/teams/',
    'https://x.smba.trafficmanager.net/teams/',
    'https://smba-trafficmanager.net/teams/',
    'https://evil-trafficmanager.net/teams/',
    'https://smba.trafficmanager.net.evil.org/teams/',
    'https://smba.trafficmanager.net@evil.org/teams/',
    'https://evil.org/smba.trafficmanager.net/',
    'https://evil.org#smba.trafficmanager.net',
    'https://trafficmanager.net/teams/',
    'https://evil.teams.microsoft.com/',
    'https://smba.infra.gcc.teams.microsoft.com.evil.org/',
    'https://webchat.botframework.com/',
    'https://127.0.0.1/teams/',
    'https://smbа.trafficmanager.net/teams/',
    'ftp://smba.trafficmanager.net/',
  ])('are nobody else’s: %s', (url) => {
    expect(isServiceHost(new URL(url))).toBe(false);
  });

  it('are on this machine only where a double of Microsoft’s login stands', () => {
    expect(['127.0.0.1', 'localhost', '[::1]'].map(isLoopback)).toEqual([true, true, true]);
    expect(['evil.org', '127.0.0.1.evil.org', '10.0.0.1', ''].map(isLoopback)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
