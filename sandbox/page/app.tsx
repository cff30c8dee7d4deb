import { loadClinic } from './data/clinic.ts';
import { useConversations } from './data/conversations.ts';
import { useLive } from './data/live.ts';
import { loadPeople } from './data/slack.ts';
import { slackSource } from './data/sources.ts';
import { AppMark } from './stage/marks.tsx';
import { Stage } from './stage/stage.tsx';
import { useKept } from './stage/use-kept.ts';
import { inOrder } from './workspace/people.ts';
import { WorkspaceProvider } from './workspace/workspace-context.ts';

const never = () => false;

/** The whole page: once the clinic and its people are known, the stage. */
export function App() {
  const clinic = useLive('clinic', loadClinic, never);
  const people = useLive('people', loadPeople, never);
  const slack = useConversations(slackSource);
  const [kept, setUser] = useKept('act-as');

  const everyone = people.value ?? [];
  const user = everyone.find((person) => person.id === kept) ?? inOrder(everyone)[0];
  const problem = clinic.error ?? people.error ?? slack.error;

  if (clinic.value === undefined || user === undefined) {
    return (
      <main className="opening" aria-busy={problem === undefined}>
        <AppMark />
        <h1>Switchboard sandbox</h1>
        <p role="status">{problem ?? 'Opening the clinic…'}</p>
      </main>
    );
  }
  return (
    <WorkspaceProvider value={{ clinic: clinic.value, people: everyone, channels: slack.places, user }}>
      <Stage slack={slack} onActAs={setUser} />
    </WorkspaceProvider>
  );
}
