import { surfaceKey } from '../../src/cards/surfaces.ts';
import type { Item, Line, Wish } from '../../src/runtime/ports/line.ts';
import { byTurn } from '../../src/runtime/sending/turns.ts';

interface Place extends Wish {
  readonly since: Date;
  readonly called: boolean;
}

/** A line in memory, for code that needs one and is not about it: nothing is paced, but a line may be shut. */
export class MemoryLine implements Line {
  readonly places = new Map<string, Place>();
  readonly shutUntil = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  enter: Line['enter'] = async (wish) => {
    const place = this.#placeOf(wish);
    const isAhead = (other: Place) =>
      other.line === wish.line && wordOf(other) !== wordOf(wish) && this.#turn(other, place) < 0;
    const goes = this.#isOpen(wish.line) && (place.called || ![...this.places.values()].some(isAhead));
    const waitedMs = this.#now() - place.since.getTime();
    if (goes) this.places.delete(wordOf(wish));
    else this.places.set(wordOf(wish), { ...place, called: false });
    return { kind: goes ? 'go' : 'wait', waitedMs };
  };

  shut: Line['shut'] = async (wish, waitedMs, forMs) => {
    this.shutUntil.set(wish.line, this.#now() + forMs);
    this.places.set(wordOf(wish), { ...wish, since: new Date(this.#now() - waitedMs), called: false });
  };

  leave: Line['leave'] = async (item, surfaces) => {
    for (const surface of surfaces) this.places.delete(wordOf({ item, surface }));
  };

  waitsAt: Line['waitsAt'] = async (item) =>
    [...this.places.values()].filter((one) => isSame(one.item, item)).map(({ surface }) => surface);

  notWaiting: Line['notWaiting'] = async (taskIds) =>
    taskIds.filter((id) => ![...this.places.values()].some(({ item }) => isSame(item, { kind: 'task', id })));

  call: Line['call'] = async () => {
    const first = [...this.places.values()].filter(({ line, called }) => !called && this.#isOpen(line));
    for (const one of first) this.places.set(wordOf(one), { ...one, called: true });
    return { items: first.toSorted(this.#turn).map(({ item }) => item), waiting: this.places.size };
  };

  lags: Line['lags'] = async () => [];

  #turn = (a: Place, b: Place): number => byTurn(new Date(this.#now()))(a, b);

  #isOpen(line: string): boolean {
    return (this.shutUntil.get(line) ?? 0) <= this.#now();
  }

  #placeOf(wish: Wish): Place {
    const before = this.places.get(wordOf(wish));
    return { ...wish, since: before?.since ?? new Date(this.#now()), called: before?.called ?? false };
  }
}

function wordOf({ item, surface }: Pick<Wish, 'item' | 'surface'>): string {
  return `${item.kind}:${item.id} ${surfaceKey(surface)}`;
}

function isSame(a: Item, b: Item): boolean {
  return a.kind === b.kind && a.id === b.id;
}
