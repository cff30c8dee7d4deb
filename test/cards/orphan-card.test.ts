import { describe, expect, it } from 'vitest';
import { stuckCard, unstuckCard } from '../../src/cards/orphan-card.ts';
import type { Stuck } from '../../src/routing/orphans.ts';
import { drawingOf, read } from '../support/pure-cards.ts';
import {
  ANA,
  bareTask,
  CARDIOLOGY,
  claimedBy,
  refTo,
  STANDING_TASKS,
  taskIn,
} from '../support/pure-clinic.ts';

const UNSTAFFED: Stuck = { kind: 'unstaffed', name: 'Cardiologist' };
const NO_CHANNEL: Stuck = { kind: 'no-channel', name: 'Cardiologist' };
const GONE: Stuck = { kind: 'owner-gone', name: 'Ana Silva' };

const verbsOf = (card: { buttons: readonly { verb: string }[] }) => card.buttons.map(({ verb }) => verb);

describe('The report of a stuck Task', () => {
  it('says why, what to do, and offers to reroute it', () => {
    const card = stuckCard(drawingOf({ task: taskIn(CARDIOLOGY) }), [UNSTAFFED]);

    expect(card.title).toBe('⚠️ Stuck Task');
    expect(read(card)).toEqual([
      'Task a1b2c3 is stuck: nobody holds an active role for “Cardiologist”.',
      'Give somebody the role “Cardiologist” in the record, or reroute it.',
    ]);
    expect(verbsOf(card)).toEqual(['reroute']);
    expect(card.menu).toEqual([]);
    expect(card.notification).toBe('Task a1b2c3 is stuck: nobody holds an active role for “Cardiologist”.');
  });

  it('gives every reason that there is', () => {
    const card = stuckCard(drawingOf({ task: taskIn(CARDIOLOGY) }), [UNSTAFFED, NO_CHANNEL]);

    expect(read(card)).toEqual([
      'Task a1b2c3 is stuck: nobody holds an active role for “Cardiologist”, and “Cardiologist” has no channel here.',
      'Give somebody the role “Cardiologist” in the record, or give “Cardiologist” a channel in switchboard.yaml, or reroute it.',
    ]);
  });

  it('has nothing but rerouting to propose where its owner has left', () => {
    const card = stuckCard(drawingOf({ task: claimedBy(ANA) }), [GONE]);

    expect(read(card)).toEqual([
      'Task a1b2c3 is stuck: its owner, Ana Silva, is no longer in the record.',
      'Reroute it.',
    ]);
    expect(verbsOf(card)).toEqual(['reroute']);
  });

  it('names where the Task waits, how urgent it is and since when, and links to it', () => {
    const task = taskIn(CARDIOLOGY, { priority: 'stat' });

    const card = stuckCard(drawingOf({ task, taskLink: 'https://app.example/Task/{id}' }), [UNSTAFFED]);

    expect(card.facts.map(({ label }) => label)).toEqual(['Pool', 'Priority', 'Arrived']);
    expect(card.footer).toContainEqual({
      link: `https://app.example/Task/${task.id}`,
      text: 'Open in Medplum',
    });
  });

  it('says nothing of the patient, open or closed', () => {
    const task = taskIn(CARDIOLOGY, {
      description: 'Homer Simpson has pain',
      code: { text: 'Homer’s heart' },
    });
    const message = {
      resourceType: 'Communication',
      status: 'in-progress',
      payload: [{ contentString: 'It hurts, says Homer' }],
    } as const;
    const drawing = drawingOf({ task, message: { ...message, payload: [...message.payload] } });

    const said = JSON.stringify([stuckCard(drawing, [UNSTAFFED]), unstuckCard(drawing)]);

    expect(said).not.toMatch(/homer|hurts|heart|pain/i);
  });
});

describe('What stays of the report', () => {
  it.each([
    ['where it waits now', taskIn(CARDIOLOGY), 'it waits for Cardiologist, where it can be claimed.'],
    ['who has it', claimedBy(ANA), 'Ana Silva has it.'],
    ['who was given it', bareTask({ owner: refTo(ANA) }), 'Ana Silva was given it.'],
    ['that it is done', STANDING_TASKS.closed, 'it is completed.'],
    ['that it was given up', taskIn(CARDIOLOGY, { status: 'cancelled' }), 'it is cancelled.'],
    ['that it is on hold', STANDING_TASKS.paused, 'it is on-hold in the record.'],
  ])('says %s, and has no buttons', (_title, task, where) => {
    const card = unstuckCard(drawingOf({ task }));

    expect(read(card)).toEqual([`✅ No longer stuck: ${where}`]);
    expect([...card.buttons, ...card.menu]).toEqual([]);
    expect(card.notification).toBe('Task a1b2c3 is no longer stuck.');
  });
});
