/**
 * The connectors of Teams, name by name: under trafficmanager.net anybody can register a name of their own.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages and
 * `allowedServiceUrls` of Microsoft's Teams SDK, https://github.com/microsoft/teams.ts
 */
const SERVICE_HOSTS: ReadonlySet<string> = new Set([
  // Everywhere; the region is in the path, as in /emea/.
  'smba.trafficmanager.net',
  'smba.onyx.prod.teams.trafficmanager.net',
  // The government clouds of the United States: GCC, GCC High, DoD.
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
]);

/** Where a bot may send its token: to Microsoft's connectors, over https. */
export function isServiceHost(url: URL): boolean {
  return url.protocol === 'https:' && url.port === '' && SERVICE_HOSTS.has(url.hostname);
}

/** Whether a host, as a setting or an address names it, is this machine itself. */
export function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(host);
}
