import type { Coding } from '@medplum/fhirtypes';
import type { Logger } from 'pino';
import {
  DEFAULT_REASONS,
  findReason,
  REASON_KINDS,
  type Reason,
  type ReasonKind,
  type Reasons,
} from '../routing/reasons.ts';
import { withRetries } from './patience.ts';

/** The reasons that the project uses now. */
export interface ReasonWatch {
  current(): Reasons;
  stop(): void;
}

/** How often the lists are read again, in milliseconds. */
export interface ReasonPace {
  readonly everyMs: number;
  /** After a list could not be read. */
  readonly retryMs: number;
}

const PACE: ReasonPace = { everyMs: 3_600_000, retryMs: 60_000 };

/** More than this is no list that people choose from, and no platform shows more. */
const MOST_REASONS = 100;

/**
 * Reads the project's own ValueSets of reasons, and again from time to time. What cannot be read at first is made up
 * for by our own list; later the last one that could be read counts on. Never rejects.
 *
 * @param expand gives the codes of a ValueSet, by its canonical address.
 */
export async function watchReasons(
  expand: (valueSet: string) => Promise<readonly Coding[]>,
  sets: { readonly [kind in ReasonKind]?: string | undefined },
  log: Logger,
  pace: Partial<ReasonPace> = {},
): Promise<ReasonWatch> {
  const { everyMs, retryMs } = { ...PACE, ...pace };
  const own = REASON_KINDS.flatMap((kind) => {
    const valueSet = sets[kind];
    return valueSet === undefined ? [] : [{ kind, valueSet }];
  });
  let current = DEFAULT_REASONS;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function look(): Promise<boolean> {
    let isRead = true;
    for (const { kind, valueSet } of own) {
      try {
        const list = reasonsOf(await withRetries(() => expand(valueSet)), log.child({ valueSet }));
        if (list.length === 0) throw new Error('the ValueSet has no code that could be a reason');
        current = { ...current, [kind]: list };
      } catch (error) {
        isRead = false;
        const instead = current[kind] === DEFAULT_REASONS[kind] ? 'the built-in list' : 'the last one';
        log.warn({ err: error, kind, valueSet, instead }, 'the reasons could not be read');
      }
    }
    return isRead;
  }

  async function lookAgain(): Promise<void> {
    const isRead = await look();
    if (isStopped) return;
    timer = setTimeout(lookAgain, isRead ? everyMs : retryMs).unref();
  }

  if (own.length > 0) await lookAgain();
  return {
    current: () => current,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Codings as reasons that people can tell apart: people type a code or what it is called, so both must be alone. */
function reasonsOf(codings: readonly Coding[], log: Logger): Reason[] {
  const reasons: Reason[] = [];
  for (const { system, code, display } of codings) {
    if (system === undefined || code === undefined) {
      log.warn({ system, code }, 'a code without its system, or the other way round, is no reason');
      continue;
    }
    const reason = { system, code, display: display?.trim() || code };
    if (findReason(code, reasons) ?? findReason(reason.display, reasons)) {
      log.warn({ system, code }, 'this reason could not be told from an earlier one, and is left out');
      continue;
    }
    reasons.push(code.toLowerCase() === 'other' ? { ...reason, needsNote: true } : reason);
  }
  if (reasons.length > MOST_REASONS)
    log.warn({ codes: reasons.length, most: MOST_REASONS }, 'only the first of these reasons are offered');
  return reasons.slice(0, MOST_REASONS);
}
