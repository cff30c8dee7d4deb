/** How Slack stores what a person types, and which links in it belong to the application. */

/** A link as `link_shared` names it. */
export interface Link {
  readonly domain: string;
  readonly url: string;
}

const LINK = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"]/g;

/** The text as Slack keeps it: three signs escaped, links in angle brackets. */
export function encodeText(typed: string): string {
  let kept = '';
  let from = 0;
  for (const { 0: url, index } of typed.matchAll(LINK)) {
    kept += `${escapeSigns(typed.slice(from, index))}<${escapeSigns(url)}>`;
    from = index + url.length;
  }
  return kept + escapeSigns(typed.slice(from));
}

/** The links to these domains and to what is below them, each once. */
export function linksTo(domains: readonly string[], typed: string): Link[] {
  const urls = new Set([...typed.matchAll(LINK)].map(([url]) => url));
  return [...urls].flatMap((url) => {
    const domain = domainOf(url);
    return domain !== undefined && isAmong(domains, domain) ? [{ domain, url }] : [];
  });
}

/** Whether the application has registered the domain of this address. */
export function isRegistered(domains: readonly string[], url: string): boolean {
  const domain = domainOf(url);
  return domain !== undefined && isAmong(domains, domain);
}

function domainOf(url: string): string | undefined {
  try {
    return new URL(url).hostname;
  } catch {
    return undefined;
  }
}

const isAmong = (domains: readonly string[], domain: string): boolean =>
  domains.some((one) => domain === one || domain.endsWith(`.${one}`));

const escapeSigns = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
