import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { ZONE } from '../../sandbox/clinic.ts';
import { createClock } from '../../sandbox/clock.ts';
import type { SandboxEvent } from '../../sandbox/events.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { clinic } from './fhir-support.ts';

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function move(sandbox: Sandbox, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${sandbox.url}/sandbox/clock`, { method: 'POST', body: text });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control of the clinic’s clock', () => {
  it.each([{ advance: 15 }, { advance: '15' }])('moves it forward by minutes: %j', async (asked) => {
    const { sandbox } = await clinic({ seed: false });

    const { status, body } = await move(sandbox, asked);

    expect(status).toBe(200);
    expect(body).toEqual({ now: expect.any(String), offset: 15 * MINUTE_MS, zone: ZONE });
    expect(sandbox.clock.offset()).toBe(15 * MINUTE_MS);
    expect(await (await fetch(`${sandbox.url}/sandbox/clock`)).json()).toMatchObject({
      offset: 15 * MINUTE_MS,
    });
  });

  it('moves it to half a minute before eight of the next weekday, where the clinic is', async () => {
    const { sandbox } = await clinic({ seed: false });

    const { body } = await move(sandbox, { to: 'next-morning' });

    const shown = DateTime.fromISO(String(body.now), { zone: ZONE });
    expect(shown.toFormat('HH:mm')).toBe('07:59');
    expect(shown.weekday).toBeLessThan(6);
  });

  it('moves it to an instant', async () => {
    const { sandbox } = await clinic({ seed: false });
    const friday = new Date(Date.now() + 3 * DAY_MS);

    expect((await move(sandbox, { to: friday.toISOString() })).status).toBe(200);

    const distance = sandbox.clock.now() - friday.getTime();
    expect(distance).toBeGreaterThanOrEqual(0);
    expect(distance).toBeLessThan(MINUTE_MS);
  });

  it.each([
    ['[]', 'is said by a JSON object'],
    ['nonsense', 'is said by a JSON object'],
    [{}, 'say one of the two'],
    [{ advance: 5, to: 'next-morning' }, 'say one of the two'],
    [{ advance: 0 }, 'advance must be a number of minutes'],
    [{ advance: -5 }, 'advance must be a number of minutes'],
    [{ advance: 'soon' }, 'advance must be a number of minutes'],
    [{ advance: ' ' }, 'advance must be a number of minutes'],
    [{ advance: true }, 'advance must be a number of minutes'],
    [{ advance: 1e9 }, 'at most a year'],
    [{ to: 'yesterday' }, 'to must be "next-morning" or an instant'],
    [{ to: 17 }, 'to must be "next-morning" or an instant'],
    [{ to: '2026-99-99T00:00:00Z' }, 'to must be "next-morning" or an instant'],
    [{ to: '2001-01-01T00:00:00Z' }, 'The clock only moves forward'],
    [{ to: '9999-01-01T00:00:00Z' }, 'to must be within a year'],
  ])('is told in a sentence what is wrong with %j, and moves nothing', async (asked, sentence) => {
    const { sandbox } = await clinic({ seed: false });

    const { status, body } = await move(sandbox, asked);

    expect([status, body.error]).toEqual([400, expect.stringContaining(sentence)]);
    expect(sandbox.clock.offset()).toBe(0);
  });

  it('tells the page’s stream of each move', async () => {
    const { sandbox } = await clinic({ seed: false });
    const stream = await fetch(`${sandbox.url}/sandbox/events`);

    await move(sandbox, { advance: 60 });

    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"clock"')) break;
    }
    expect(text).toContain(`data: {"kind":"clock","offset":${60 * MINUTE_MS}}`);
  });

  it('is heard of no more by a sandbox that was closed', async () => {
    const { startSandbox } = await import('../../sandbox/server.ts');
    const clock = createClock();
    const sandbox = await startSandbox({ seed: false, clock });
    const events: SandboxEvent[] = [];
    sandbox.hub.listen((event) => events.push(event));

    await sandbox.close();
    clock.advance(1);

    expect(events).toEqual([]);
  });
});

describe('a clinic whose clock was moved', () => {
  it('stamps the record with it, in order', async () => {
    const { sandbox, medplum } = await clinic({ seed: false });
    const { task: first, thread } = await sandbox.inbox.write();
    const before = sandbox.clock.now();

    sandbox.clock.advance(DAY_MS);

    const moved = before + DAY_MS;
    const { task: second, message } = await sandbox.inbox.write();
    const isMoved = (instant: string | undefined) =>
      expect(Date.parse(instant ?? '')).toBeGreaterThanOrEqual(moved);
    isMoved((await medplum.readResource('Task', second)).authoredOn);
    isMoved((await medplum.readResource('Task', second)).meta?.lastUpdated);
    isMoved((await medplum.readResource('Communication', message)).sent);
    isMoved(
      (await medplum.readResource('Communication', (await sandbox.inbox.say({ thread })).message)).sent,
    );
    await medplum.patchResource('Task', first, [{ op: 'replace', path: '/priority', value: 'stat' }]);
    await medplum.deleteResource('Task', first);
    const history = await medplum.readHistory('Task', first);
    const stamps = history.entry?.map(({ response }) => Date.parse(response?.lastModified ?? '')) ?? [];
    expect(stamps).toHaveLength(3);
    expect(stamps).toEqual(stamps.toSorted((a, b) => b - a));
    expect(stamps.filter((stamp) => stamp >= moved)).toHaveLength(2);
  });

  it('finds what was written after the move by _lastUpdated, and nothing else', async () => {
    const { sandbox, medplum } = await clinic({ seed: false });
    await sandbox.inbox.write();
    sandbox.clock.advance(DAY_MS);
    const moved = new Date(sandbox.clock.now()).toISOString();

    const { task } = await sandbox.inbox.write();

    const found = await medplum.searchResources('Task', { _lastUpdated: `ge${moved}` });
    expect(found.map(({ id }) => id)).toEqual([task]);
  });

  it('stamps the messages of both platforms with it: each later than the last, none twice', async () => {
    const { sandbox } = await clinic({ seed: false });
    const speak = () => {
      for (let i = 0; i < 3; i++) sandbox.slack.say({ user: 'U0ANA', channel: 'C0NURSES', text: 'Hello' });
      return sandbox.teams.say({
        user: 'U0ANA',
        conversation: '19:registered-nurses@thread.tacv2',
        text: 'Hi',
      });
    };
    await speak();
    const moved = sandbox.clock.now() + DAY_MS;

    sandbox.clock.advance(DAY_MS);
    await speak();

    const stamps = sandbox.slack.messages('C0NURSES').map(({ ts }) => Number(ts) * 1000);
    expect(new Set(stamps).size).toBe(6);
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    expect(stamps.filter((stamp) => stamp >= moved)).toHaveLength(3);
    const [, newest] = sandbox.teams.messages('19:registered-nurses@thread.tacv2');
    expect(Date.parse(newest?.at ?? '')).toBeGreaterThanOrEqual(moved);
    expect(Number(newest?.activityId)).toBeGreaterThanOrEqual(moved);
  });

  it('still takes the token that was given before', async () => {
    const { sandbox, raw } = await clinic();

    sandbox.clock.advance(30 * DAY_MS);

    expect((await raw('/fhir/R4/Patient')).status).toBe(200);
  });

  it('seeds its past before the hour that the clock shows', async () => {
    const clock = createClock();
    clock.advance(400 * DAY_MS);

    const { medplum } = await clinic({ clock });

    const [task] = await medplum.searchResources('Task', '_sort=-_lastUpdated');
    const age = clock.now() - Date.parse(task?.meta?.lastUpdated ?? '');
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(7 * DAY_MS);
  });
});
