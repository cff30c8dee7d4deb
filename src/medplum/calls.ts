/** The kinds of requests that the server charges differently, and those that it does not charge. */
export type Operation =
  | 'login'
  | 'read'
  | 'search'
  | 'history'
  | 'create'
  | 'conditional-create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'bundle'
  | 'other';

/** A request to the FHIR server, and what came of it. */
export interface RecordCall {
  readonly operation: Operation;
  /** What it costs of the quota, as far as a request tells. */
  readonly units: number;
  /**
   * `answered`: whatever was said. `unauthorized`: our token is over, and the client logs in anew. `refused`: our
   * credentials are not taken.
   */
  readonly outcome: 'answered' | 'throttled' | 'unauthorized' | 'refused' | 'unreachable';
  /** How long the server wants to be left alone, in milliseconds, where it is throttled. */
  readonly forMs?: number;
}

/** Whoever wants to know of the requests, and may keep them from being made. */
export interface RecordWatch {
  /** For how long no request should be made, in milliseconds; 0 where this one may be. */
  takeTurn(): number;
  called(call: RecordCall): void;
}

/** https://www.medplum.com/docs/rate-limits: writes cost the same when they are refused. */
const UNITS: Readonly<Record<Exclude<Operation, 'bundle'>, number>> = {
  login: 0,
  other: 0,
  read: 1,
  history: 10,
  search: 20,
  create: 100,
  'conditional-create': 120,
  update: 100,
  patch: 100,
  delete: 100,
};

/** What a request is, by its method and address. */
export function operationOf(method: string, url: string, isConditional: boolean): Operation {
  const { pathname, search } = new URL(url);
  if (pathname.endsWith('/oauth2/token')) return 'login';
  const place = /\/fhir\/R4(?:\/(.*))?$/.exec(pathname)?.[1];
  if (place === undefined) return method === 'POST' && /\/fhir\/R4\/?$/.test(pathname) ? 'bundle' : 'other';
  const [type = '', id, more] = place.split('/');
  if (type === '') return method === 'POST' ? 'bundle' : 'other';
  if (place.includes('$')) return 'other';
  switch (method) {
    case 'GET':
      if (more === '_history') return 'history';
      return id === undefined || search !== '' ? 'search' : 'read';
    case 'POST':
      if (id === '_search') return 'search';
      return isConditional ? 'conditional-create' : 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return 'other';
  }
}

/** @param created whether a conditional create found nothing, and wrote. */
export function unitsOf(operation: Operation, body: unknown, created: boolean): number {
  if (operation === 'bundle') return bundleUnits(body);
  if (operation === 'conditional-create' && !created) return UNITS.search;
  return UNITS[operation];
}

/** The sum of its entries. */
function bundleUnits(body: unknown): number {
  if (typeof body !== 'string') return 0;
  const methods = body.matchAll(/"method"\s*:\s*"(GET|POST|PUT|PATCH|DELETE)"/g);
  return [...methods].reduce((sum, [, method]) => sum + (method === 'GET' ? UNITS.search : UNITS.patch), 0);
}

/** A throttled server that does not say for how long. */
const UNTOLD_MS = 60_000;

/** Medplum's `RateLimit: "requests";r=59499;t=58, "fhirInteractions";r=0;t=58`: for how long nothing is left, in milliseconds. */
export function throttledFor(header: string | null): number {
  const waits = [...(header ?? '').matchAll(/;r=0;t=(\d+)/g)].map(([, seconds]) => Number(seconds) * 1000);
  return waits.length > 0 ? Math.max(...waits) : UNTOLD_MS;
}
