import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Card, plainText } from '../../src/cards/card.ts';
import type { Surface } from '../../src/cards/surfaces.ts';
import { READ_RECEIPT } from '../../src/routing/task.ts';
import { taskIn } from '../../src/runtime/unfurl.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const APP = 'https://emr.example/Task/{id}';

describe('A link', () => {
  it.each([
    'https://emr.example/Task/a1b2c3',
    'HTTPS://EMR.Example/Task/a1b2c3',
    'https://emr.example:443/Task/a1b2c3',
    'https://emr.example/Task/a1b2c3/',
    'https://emr.example/Task/a1b2c3/details',
    'https://emr.example/Task/a1b2c3?tab=timeline',
    'https://emr.example/Task/a1b2c3#notes',
    ' https://emr.example/Task/a1b2c3 ',
  ])('to a Task is known in all its forms: %s', (link) => {
    expect(taskIn(link, APP)).toBe('a1b2c3');
  });

  it.each([
    'https://emr.example/Task',
    'https://emr.example/Task/',
    'https://emr.example/task/a1b2c3',
    'https://emr.example/Tasks/a1b2c3',
    'https://emr.example/Patient/a1b2c3',
    'https://emr.example/x/Task/a1b2c3',
    'https://emr.example/Task/../Patient/a1b2c3',
    'https://emr.example/Task/a1%2Fb2',
    'https://emr.example/Task/a1_b2',
    `https://emr.example/Task/${'a'.repeat(65)}`,
    'http://emr.example/Task/a1b2c3',
    'https://emr.example:8443/Task/a1b2c3',
    'https://emr.example.evil.example/Task/a1b2c3',
    'https://emr.example@evil.example/Task/a1b2c3',
    'https://ana:secret@emr.example/Task/a1b2c3',
    'https://evil.example/https://emr.example/Task/a1b2c3',
    'javascript:alert(1)//emr.example/Task/a1b2c3',
    'emr.example/Task/a1b2c3',
    '',
    '¯\\_(ツ)_/¯',
  ])('to anything else is none: %s', (link) => {
    expect(taskIn(link, APP)).toBeUndefined();
  });

  it('is below the path of the application, where it has one', () => {
    expect(taskIn('https://emr.example/app/Task/a1', 'https://emr.example/app/Task/{id}')).toBe('a1');
    expect(taskIn('https://emr.example/Task/a1', 'https://emr.example/app/Task/{id}')).toBeUndefined();
  });

  it('is none where the record’s application has no address', () => {
    expect(taskIn('https://emr.example/Task/a1', undefined)).toBeUndefined();
  });
});

describe('A Task whose link somebody posts', () => {
  const AT = new Date('2026-03-02T10:00:00.000Z');
  let clinic: DeskClinic;
  let taskId: string;
  beforeAll(async () => {
    clinic = await openDesk({ now: () => AT });
  });
  afterAll(() => clinic?.close());
  beforeEach(async () => {
    taskId = await clinic.patientWrites({ pool: 'dietetics', patient: 'homer', text: 'I cough.' });
  });

  const channel = (id: string): Surface => ({ platform: 'slack', kind: 'channel', id });
  const unfurl = (surface = channel('C0DIET'), id = taskId) =>
    clinic.desk.unfurl(`https://emr.example/Task/${id}`, surface);
  const lines = (card: Card | undefined) => card?.lines.map((line) => plainText(line));
  const buttons = (card: Card | undefined) => card?.buttons.map(({ label }) => label);

  it('is drawn as it stood when it was shared, with what can be pressed', async () => {
    const card = await unfurl(channel('C0NURSES'));

    expect(lines(card)).toEqual([
      'When this was shared (2026-03-02T10:00:00.000Z): Nobody has claimed this yet.',
    ]);
    expect(buttons(card)).toEqual(['Claim', 'Reroute']);
  });

  it('says who had it then', async () => {
    await clinic.does(user('ZEYNEP'), 'claim', taskId);

    const card = await unfurl(channel('C0NURSES'));

    expect(lines(card)?.[0]).toContain(
      'When this was shared (2026-03-02T10:00:00.000Z): ✅ Zeynep Yılmaz claimed this',
    );
    expect(buttons(card)).toEqual(['Complete', 'Reroute']);
  });

  it.each<[string, Surface, RegExp | undefined]>([
    ['a channel that may know everything', channel('C0DIET'), /Homer Simpson.*I cough\./s],
    ['a channel that may know initials', channel('C0PHARMACY'), /H\. S\./],
    ['a channel that may know nothing', channel('C0NURSES'), undefined],
    ['a channel of which we know nothing', channel('C0RANDOM'), undefined],
    ['somebody’s direct messages', { platform: 'slack', kind: 'person', id: 'C0DIET' }, undefined],
    ['a channel of another platform', { ...channel('C0DIET'), platform: 'other' }, undefined],
  ])('says of the patient only what the place may know: %s', async (_what, surface, says) => {
    const words = JSON.stringify(await unfurl(surface));

    if (says) expect(words).toMatch(says);
    if (!says || surface.id === 'C0PHARMACY') expect(words).not.toMatch(/homer|simpson|cough/i);
  });

  it('says nothing of the patient where a lock screen may show it', async () => {
    expect((await unfurl())?.notification).not.toMatch(/homer|cough/i);
  });

  it('is not drawn where there is none, where it is nobody’s work, or while the record is away', async () => {
    const receipt = await clinic.put({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      code: { coding: [READ_RECEIPT] },
    });

    expect(await unfurl(channel('C0DIET'), receipt.id)).toBeUndefined();
    expect(await unfurl(channel('C0DIET'), '00000000-0000-4000-8000-00000000dead')).toBeUndefined();
    clinic.sandbox.fhir.faults.add({ kind: 'error', resourceType: 'Task', times: 50 });
    expect(await unfurl()).toBeUndefined();
    clinic.sandbox.fhir.faults.clear();
  });
});
