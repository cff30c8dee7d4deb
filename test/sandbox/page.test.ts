import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Task } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block } from '../../sandbox/page/data/blocks.ts';
import { slackDate, withDay, withTeamsDates } from '../../sandbox/page/data/time.ts';
import { changesBetween } from '../../sandbox/page/record/changes.ts';
import { jsonDiff } from '../../sandbox/page/record/json-diff.ts';
import { createPage } from '../../sandbox/page/serve.ts';
import { twinOf } from '../../sandbox/page/stage/twins.ts';
import { taskOfCard } from '../../sandbox/page/teams/card-task.ts';
import { markdownToHtml } from '../../sandbox/page/teams/markdown.ts';
import { newestIn, threadsOf } from '../../sandbox/page/teams/threads.ts';
import { missingOf, valuesOf } from '../../sandbox/page/workspace/input-values.ts';
import { inOrder, matching, roleOf } from '../../sandbox/page/workspace/people.ts';
import { timelineOf } from '../../sandbox/page/workspace/timeline.ts';

const requested: Task = {
  resourceType: 'Task',
  id: '1',
  meta: { versionId: 'a' },
  status: 'requested',
  intent: 'order',
  performerType: [{ coding: [{ code: '224535009', display: 'Registered nurse' }] }],
};

describe('the versions of a Task in words', () => {
  it('says who became the owner', () => {
    const claimed: Task = {
      ...requested,
      meta: { versionId: 'b' },
      status: 'accepted',
      owner: { reference: 'Practitioner/ana', display: 'Ana Silva' },
    };

    expect(changesBetween(requested, claimed)).toEqual([
      { what: 'Status', from: 'requested', to: 'accepted' },
      { what: 'Owner', from: 'nobody', to: 'Ana Silva' },
    ]);
  });

  it('quotes a new note, and names an element that it has no words for', () => {
    const noted: Task = { ...requested, note: [{ text: 'Called back' }], description: 'Blood pressure' };

    expect(changesBetween(requested, noted)).toEqual([
      { what: 'Note', to: '“Called back”' },
      { what: 'Description', to: 'changed' },
    ]);
  });

  it('says nothing of the first version, nor of a version number', () => {
    expect(changesBetween(undefined, requested)).toEqual([]);
    expect(changesBetween(requested, { ...requested, meta: { versionId: 'b' } })).toEqual([]);
  });
});

describe('the resource as JSON', () => {
  it('marks the lines that came and those that went', () => {
    const lines = jsonDiff({ status: 'requested', intent: 'order' }, { status: 'accepted', intent: 'order' });

    expect(lines.map(({ mark, text }) => `${mark}: ${text.trim()}`)).toEqual([
      'same: {',
      'removed: "status": "requested",',
      'added: "status": "accepted",',
      'same: "intent": "order"',
      'same: }',
    ]);
  });
});

describe('Slack’s dates', () => {
  const now = new Date('2026-11-23T12:00:00Z');

  it.each([
    ['{ago}', '2026-11-23T11:57:10Z', '2 minutes ago'],
    ['waits since {ago}', '2026-11-23T11:59:30Z', 'waits since a moment ago'],
    ['{date_short}', '2026-11-03T12:00:00Z', '3 Nov 2026'],
    ['{date_short_pretty}', '2026-11-22T12:00:00Z', 'yesterday'],
  ])('reads %s', (format, instant, text) => {
    expect(slackDate(format, new Date(instant), now)).toBe(text);
  });

  it.each([
    ['2026-11-23T04:59:00Z', 'yesterday at 23:59'],
    ['2026-11-23T05:00:00Z', 'today at 00:00'],
    ['2026-11-24T04:59:00Z', 'today at 23:59'],
    ['2026-11-24T05:00:00Z', 'tomorrow at 00:00'],
    ['2026-11-25T05:00:00Z', '25 Nov 2026 at 00:00'],
  ])('has the days of the clinic, wherever the reader is: %s', (instant, text) => {
    expect(slackDate('{date_short_pretty} at {time}', new Date(instant), now)).toBe(text);
  });

  it('leaves an unknown token to the fallback', () => {
    expect(slackDate('{moon_phase}', now, now)).toBeUndefined();
  });
});

describe('the times on the page', () => {
  const now = new Date('2026-11-23T12:00:00Z');

  it.each([
    ['2026-11-23T05:00:00Z', '07:59'],
    ['2026-11-23T04:59:00Z', 'Sun 22 Nov, 07:59'],
    ['2026-11-24T05:00:00Z', 'Tue 24 Nov, 07:59'],
  ])('have their day in front where it is not today’s in the clinic: %s', (instant, text) => {
    expect(withDay('07:59', new Date(instant), now)).toBe(text);
  });

  it('are the clinic’s in an Adaptive Card too', () => {
    const text = 'Since {{DATE(2026-11-23T04:59:00Z,SHORT)}} {{TIME(2026-11-23T04:59:00Z)}}, {{TIME(soon)}}';

    expect(withTeamsDates(text)).toMatch(/^Since Sun,? 22 Nov 2026 23:59, \{\{TIME\(soon\)\}\}$/);
  });
});

describe('a modal’s inputs', () => {
  const text = (value: string) => ({ type: 'plain_text' as const, text: value });
  const blocks: readonly Block[] = [
    { type: 'section', text: text('Where to?') },
    { type: 'input', block_id: 'to', element: { type: 'external_select', action_id: 'target' } },
    {
      type: 'input',
      block_id: 'why',
      element: {
        type: 'static_select',
        action_id: 'reason',
        initial_option: { text: text('A'), value: 'a' },
      },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ];

  it('submits what was given, what was there from the start, and null for nothing', () => {
    expect(valuesOf(blocks, { to: 'pool:cardiology' })).toEqual({
      to: { target: 'pool:cardiology' },
      why: { reason: 'a' },
      note: { text: null },
    });
  });

  it('asks for a required input, not for an optional one', () => {
    expect(Object.keys(missingOf(blocks, {}))).toEqual(['to']);
    expect(missingOf(blocks, { to: 'pool:cardiology' })).toEqual({});
  });
});

describe('the people one can act as', () => {
  const pools = [
    { id: 'nurses', name: 'Registered nurse', system: 's', code: '1', channel: { id: 'C1', name: 'nurses' } },
  ];
  const person = (name: string, featured: boolean, more: object = {}) => ({
    id: name,
    name,
    practitioner: null,
    pools: ['nurses'],
    featured,
    ...more,
  });
  const bo = person('Bo Abbott', false);
  const pat = person('Pat Doyle', true, { obstacle: 'ended-role' });

  it('come with their pools and with what is in their way', () => {
    expect(roleOf(pat, pools)).toBe('Registered nurse · role has ended');
  });

  it('come featured first, and are found by any words of name and role', () => {
    expect(inOrder([bo, pat])).toEqual([pat, bo]);
    expect(matching([bo, pat], pools, 'nurse ended')).toEqual([pat]);
  });
});

it('shows a person’s own ephemerals between the messages of their channel', () => {
  const message = (ts: string) => ({ channel: 'C1', ts });
  const ephemeral = (channel: string, ts: string) => ({ channel, ts, user: 'U1' });

  const entries = timelineOf(
    'C1',
    [message('1.0'), message('3.0')],
    [ephemeral('C1', '2.0'), ephemeral('C2', '2.5')],
  );

  expect(entries.map((entry) => `${entry.kind} ${entry.ts}`)).toEqual([
    'message 1.0',
    'ephemeral 2.0',
    'message 3.0',
  ]);
});

describe('the text of a Teams card', () => {
  it.each([
    ['**Ana Silva** claimed this', '<p><strong>Ana Silva</strong> claimed this</p>'],
    ['[Open](http://127.0.0.1/Task/1)', '<p><a href="http://127.0.0.1/Task/1" rel="noreferrer">Open</a></p>'],
    ['one\ntwo', '<p>one<br>two</p>'],
    ['<img src=x onerror=alert(1)>', '<p>&#60;img src=x onerror=alert(1)&#62;</p>'],
    ['**<b>**', '<p><strong>&#60;b&#62;</strong></p>'],
    [
      '[x](https://a.example/"onclick=")',
      '<p><a href="https://a.example/&#34;onclick=&#34;" rel="noreferrer">x</a></p>',
    ],
  ])('draws %s', (text, html) => {
    expect(markdownToHtml(text)).toBe(html);
  });

  it('makes no link to a script', () => {
    expect(markdownToHtml('[x](javascript:alert`1`)')).not.toContain('<a');
  });
});

describe('the Task of a Teams card', () => {
  const execute = (task: string) => ({ type: 'Action.Execute', verb: 'claim', data: { task } });

  it('is the one that its actions name, also within a ShowCard', () => {
    const inner = {
      type: 'Action.ShowCard',
      card: { body: [{ type: 'ActionSet', actions: [execute('1')] }] },
    };

    expect(taskOfCard({ body: [{ type: 'ActionSet', actions: [execute('1'), inner] }] })).toBe('1');
  });

  it('is the one that it links to when it has no actions', () => {
    expect(taskOfCard({ body: [{ text: '[Open in Medplum](http://127.0.0.1:4000/Task/a-1)' }] })).toBe('a-1');
  });

  it('is none in a card of rows, also where there is a single one', () => {
    const claim = { type: 'Action.Execute', verb: 'claim', data: { task: '1', among: 'rows' } };

    expect(taskOfCard({ body: [{ type: 'ActionSet', actions: [claim] }] })).toBeUndefined();
  });

  it('is none in a listing of several', () => {
    expect(taskOfCard({ body: [{ actions: [execute('1')] }, { actions: [execute('2')] }] })).toBeUndefined();
  });
});

describe('a conversation in Teams', () => {
  const message = (activityId: string, root: string, more: object = {}) => ({
    conversation: '19:nurses',
    activityId,
    root,
    from: { id: '28:app', name: 'Switchboard' },
    at: '2026-11-23T12:00:00Z',
    text: '',
    attachments: [],
    ...more,
  });

  it('shows a person’s own private answers in the threads of their channel', () => {
    const threads = threadsOf(
      '19:nurses',
      [message('1', '1'), message('2', '2')],
      [message('3', '1', { to: 'U1' }), message('4', '4', { to: 'U1', conversation: '19:other' })],
    );

    expect(threads.map(({ messages }) => messages.map(({ activityId }) => activityId))).toEqual([
      ['1', '3'],
      ['2'],
    ]);
    expect(newestIn(threads)?.activityId).toBe('3');
  });
});

describe('the card of the same Task on the other platform', () => {
  const card = (name: string, task: string) => ({
    platform: 'teams' as const,
    task,
    place: `19:${name}`,
    name,
    message: `${name} ${task}`,
    updated: undefined,
  });
  const cards = [card('nurses', '1'), card('nurses', '2'), card('cardiology', '1')];

  it.each([
    ['in the channel of the same name', '1', 'nurses', 'nurses 1'],
    ['otherwise the newest', '1', 'pharmacy', 'cardiology 1'],
    ['or none', '3', 'nurses', undefined],
  ])('is the one %s', (_, task, channel, message) => {
    expect(twinOf(task, channel, cards)?.message).toBe(message);
  });
});

describe('the page’s files', () => {
  let page: Awaited<ReturnType<typeof createPage>>;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    page = await createPage();
    server = createServer(async (request, response) => {
      if (!(await page.handle(request, response))) response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await page.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are served with their types, and may load nothing from elsewhere', async () => {
    const index = await fetch(`${url}/`);
    const html = await index.text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';

    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(index.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('<title>Switchboard sandbox</title>');
    expect((await fetch(url + script)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('are all that it answers for', async () => {
    expect((await fetch(`${url}/nothing.js`)).status).toBe(404);
    expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(404);
  });
});
