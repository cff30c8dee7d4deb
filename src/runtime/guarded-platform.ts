import type { Dependency } from './dependencies.ts';
import { answer } from './http.ts';
import { ChatError, type ChatPlatform, type Route } from './ports/chat.ts';
import type { Desk } from './ports/desk.ts';

/** A platform that is left alone while it is away, and brought up again by itself. */
export interface GuardedPlatform extends ChatPlatform {
  readonly dependency: Dependency;
  readonly isUp: () => boolean;
  /** Asks it whether it is well; one that did not let us in at the start is started again. */
  ask(): Promise<void>;
}

/** One that has not let us in yet is not asked for anything else. */
const NOT_UP_MS = 2_000;
/** A call that takes longer keeps a worker from everybody else's cards. */
const SLOW_MS = 2_000;
/** While a platform is slow, so many calls may wait for it: the other workers are the other platform's. */
const MOST_WHILE_SLOW = 2;
const SLOW_WAIT_MS = 1_000;

/**
 * Stands before a platform: tells the dependency what its calls answered, and calls nobody who is known to be away or to
 * refuse our token. For the core both are "not now, but in a while": five thousand Tasks then cost one try, and a platform
 * that is away does not use up the workers of the other.
 *
 * @param now milliseconds.
 */
export function guardPlatform(
  platform: ChatPlatform,
  dependency: Dependency,
  now: () => number,
): GuardedPlatform {
  let desk: Desk | undefined;
  let isUp = false;
  let wasSlow = false;
  const running = new Set<{ readonly since: number }>();

  const tookLong = ({ since }: { readonly since: number }) => now() - since > SLOW_MS;
  const isSlow = () => wasSlow || [...running].some(tookLong);

  function check(doing: string): void {
    const slow = isSlow() && running.size >= MOST_WHILE_SLOW ? SLOW_WAIT_MS : 0;
    const wait = slow || (isUp ? dependency.takeTurn() : Math.max(dependency.waitMs(), NOT_UP_MS));
    if (wait > 0) throw new ChatError('rate-limited', `${doing}: leaving it alone`, { retryAfterMs: wait });
  }

  async function asked<T>(doing: string, work: () => Promise<T>): Promise<T> {
    check(doing);
    const call = { since: now() };
    running.add(call);
    try {
      const result = await work();
      dependency.worked();
      return result;
    } catch (error) {
      throw told(error, doing);
    } finally {
      running.delete(call);
      wasSlow = tookLong(call);
    }
  }

  /** Gives back what the core is to make of it: that our token is not taken is no fault of any one surface. */
  function told(error: unknown, doing: string, isCertain = false): unknown {
    if (!(error instanceof ChatError)) return error;
    const { kind, token } = innermost(error);
    if (token !== undefined) {
      dependency.failed({ state: 'refused', why: `token ${token}` });
      // Something of it may stand: that is for whoever settles it.
      if (error.kind === 'in-doubt') return error;
      return new ChatError('rate-limited', doing, { cause: error, token, retryAfterMs: dependency.waitMs() });
    }
    if (kind === 'unreachable' || kind === 'in-doubt') dependency.failed({ state: 'unreachable', isCertain });
    else dependency.worked();
    return error;
  }

  async function start(): Promise<void> {
    if (desk === undefined) return;
    try {
      await platform.start(desk);
      isUp = true;
      dependency.worked();
    } catch (error) {
      told(error, 'starting', true);
      throw error;
    }
  }

  /** That a token is given out does not mean that it is taken where it is used. */
  async function inspect(): Promise<void> {
    if (!platform.inspect) return;
    try {
      await platform.inspect();
      const { state, why } = dependency.report();
      if (!(state === 'refused' && why === 'token rejected')) dependency.worked();
    } catch (error) {
      told(error, 'asking', true);
      throw error;
    }
  }

  const { publishHome } = platform;
  return {
    ...platform,
    dependency,
    isUp: () => isUp,
    ask: () => (isUp ? inspect() : start()),
    start: (served) => {
      desk = served;
      return start();
    },
    stop: async () => {
      if (isUp) await platform.stop();
    },
    post: (surface, card, key) => asked('posting a card', () => platform.post(surface, card, key)),
    update: (ref, card) => asked('redrawing a card', () => platform.update(ref, card)),
    find: (surface, key, since) => asked('looking for a card', () => platform.find(surface, key, since)),
    profile: (user) => asked('reading a profile', () => platform.profile(user)),
    ...(publishHome && {
      publishHome: (user, home) => asked('drawing a Home', () => publishHome(user, home)),
    }),
    routes: () => platform.routes().map((route) => whenUp(route, () => isUp)),
  };
}

/** A platform delivers again what was answered with 503. */
function whenUp(route: Route, isUp: () => boolean): Route {
  return {
    ...route,
    handle: (request, response) =>
      isUp() ? route.handle(request, response) : answer(response, 503, 'Not connected yet.'),
  };
}

/** An answer that was lost because of something says so in its cause. */
function innermost(error: ChatError): ChatError {
  return error.cause instanceof ChatError ? innermost(error.cause) : error;
}
