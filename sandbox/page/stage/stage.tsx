import { useState } from 'react';
import { useConversations } from '../data/conversations.ts';
import { loadRecentTasks } from '../data/fhir.ts';
import { useLive } from '../data/live.ts';
import { loadViews, type SlackMessage } from '../data/slack.ts';
import { type SlackConversations, teamsSource } from '../data/sources.ts';
import type { TeamsMessage } from '../data/teams.ts';
import { RecordPane } from '../record/record.tsx';
import { usePresses } from '../teams/use-presses.ts';
import { ViewModal } from '../workspace/view-modal.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { CardLinksProvider } from './card-links.ts';
import { Chat } from './chat.tsx';
import { PatientForm, type SentMessage } from './patient-form.tsx';
import { PatientPopover } from './patient-popover.tsx';
import { poolNamed, visibleTo } from './places.ts';
import { type Pane, TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useChosenTask } from './use-chosen-task.ts';
import { useLinks } from './use-links.ts';
import { usePlaces } from './use-places.ts';
import { usePlatforms } from './use-platforms.ts';
import { useRoom } from './use-room.ts';
import { useUnread } from './use-unread.ts';

interface StageProps {
  readonly slack: SlackConversations;
  onActAs(user: string): void;
}

/** The panes, and what is chosen in them: platforms, places, a Task, on a phone the pane itself. */
export function Stage({ slack, onActAs }: StageProps) {
  const { clinic, user } = useWorkspace();
  const room = useRoom();
  const phone = room === 'phone';
  const [pane, setPane] = useState<Pane>('channel');
  const [writing, setWriting] = useState(false);
  const teams = useConversations(teamsSource(user.id));
  const platforms = usePlatforms(room);
  const places = usePlaces(slack, teams, user.id, clinic.pools);
  const presses = usePresses(user.id);
  const openOn = { slack: openIf('slack', places.slack?.id), teams: openIf('teams', places.teams?.id) };
  const unread = {
    slack: useUnread(slack, openOn.slack, slackTime),
    teams: useUnread(teams, openOn.teams, teamsTime),
  };

  const recent = useLive(
    'tasks',
    loadRecentTasks,
    (event) => event.kind === 'fhir' && event.resourceType === 'Task',
  );
  const { chosen, awaited, choose, expect } = useChosenTask(recent.value);
  const views = useLive(
    `views ${user.id}`,
    () => loadViews(user.id),
    (event) => event.kind === 'slack' && event.what === 'view' && (event.user ?? user.id) === user.id,
  );

  const tasks = recent.value ?? [];
  const task = chosen ?? tasks[0]?.id;
  const view = views.value?.at(-1);
  const here = platforms.shown[0] === 'slack' ? places.slack : places.teams;
  const poolHere = here && poolNamed(here.name, clinic.pools)?.id;

  const links = useLinks({
    slack,
    channels: visibleTo(user.id, slack.places),
    teams,
    selected: awaited === undefined ? task : undefined,
    show: (shown, how) => {
      choose(shown);
      if (how === 'asked') setPane('record');
    },
    goTo: (platform, place) => {
      if (!platforms.shown.includes(platform)) platforms.choose(platform);
      places.choose(platform, place);
    },
  });

  const sent = ({ thread, task: newTask }: SentMessage, poolId: string) => {
    const pool = clinic.pools.find((one) => one.id === poolId);
    if (pool !== undefined) places.choose('slack', pool.channel.id);
    if (newTask === undefined) expect(thread);
    else choose(newTask);
    setWriting(false);
    setPane('channel');
  };

  return (
    <CardLinksProvider value={links}>
      <div className="stage" data-pane={pane}>
        <a className="skip" href="#conversation">
          Skip to the conversation
        </a>
        <TopBar
          onActAs={onActAs}
          {...(phone ? {} : { writing: { open: writing, toggle: () => setWriting(!writing) } })}
        />
        {writing && !phone ? (
          <PatientPopover poolId={poolHere} onSent={sent} onClose={() => setWriting(false)} />
        ) : null}
        <main className="panes">
          {phone && pane !== 'channel' ? null : (
            <Chat
              slack={slack}
              teams={teams}
              platforms={platforms}
              places={places}
              unread={unread}
              presses={presses}
              tasks={tasks}
              compact={phone}
              onActAs={onActAs}
              onWrite={() => (phone ? setPane('patient') : setWriting(true))}
            />
          )}
          {phone && pane !== 'record' ? null : (
            <RecordPane
              task={task}
              awaited={awaited}
              recent={tasks}
              onChoose={choose}
              onFollowUp={(thread) => expect(thread, tasks)}
            />
          )}
          {phone && pane === 'patient' ? (
            <section className="patient-pane" aria-label="A patient writes">
              <h2>A patient writes</h2>
              <PatientForm poolId={poolHere} onSent={sent} />
            </section>
          ) : null}
        </main>
        {phone ? (
          <TabBar pane={pane} unread={unread.slack.size + unread.teams.size > 0} onChoose={setPane} />
        ) : null}
        {view === undefined ? null : (
          <ViewModal key={`${user.id} ${view.id}`} view={view} refresh={views.refresh} />
        )}
      </div>
    </CardLinksProvider>
  );

  function openIf(platform: 'slack' | 'teams', place: string | undefined): string | undefined {
    return platforms.shown.includes(platform) ? place : undefined;
  }
}

const slackTime = ({ ts }: SlackMessage): number => Number.parseFloat(ts);
const teamsTime = ({ activityId }: TeamsMessage): number => Number(activityId);
