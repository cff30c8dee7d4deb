import { useEffect, useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { useLive } from '../data/live.ts';
import { loadHome, openHome, problemOf } from '../data/slack.ts';
import { PlatformName } from '../stage/marks.tsx';
import { Blocks } from './blocks.tsx';
import { useLead } from './use-lead.ts';
import { useWorkspace } from './workspace-context.ts';

/** The app's Home tab of the acting person: told that it is looked at, the app publishes what it has for them alone. */
export function HomeTab() {
  const { user } = useWorkspace();
  const lead = useLead();
  const opening = useOpening(user.id);
  const { value: home, error } = useLive(
    `home ${user.id}`,
    () => loadHome(user.id),
    (event) => event.kind === 'slack' && event.what === 'home' && (event.user ?? user.id) === user.id,
  );
  const problem = opening.problem ?? error;

  return (
    <div className="conversation conversation--slack" id="conversation" tabIndex={-1}>
      <section className="channel" aria-label="Home, Slack" data-testid="home" data-user={user.id}>
        <header className="channel__head">
          <PlatformName platform="slack" />
          <h2>Home</h2>
          <p>
            What Switchboard shows <span dir="auto">{user.name}</span> alone
          </p>
        </header>
        <div className="channel__messages home">
          {problem === undefined ? null : (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          {home === undefined ? null : (
            <div className="home__view" data-testid="home-view" data-view={home.id}>
              <Blocks blocks={home.blocks} place={{ view_id: home.id }} onPress={lead} />
            </div>
          )}
          {home === undefined && problem === undefined ? <NotYet asked={opening.asked} /> : null}
        </div>
      </section>
    </div>
  );
}

function NotYet({ asked }: { readonly asked: boolean }) {
  return (
    <div className="empty" role="status">
      <h3>{asked ? 'Nothing here yet' : 'Opening…'}</h3>
      {asked ? <p>Switchboard knows that you are looking. What it publishes appears here.</p> : null}
    </div>
  );
}

/** Tells the app, each time that somebody looks at their Home. */
function useOpening(user: string): { readonly asked: boolean; readonly problem: string | undefined } {
  const [opened, setOpened] = useState<{ readonly user: string; readonly problem: string | undefined }>();

  useEffect(() => {
    let gone = false;
    const done = (problem: string | undefined) => {
      if (!gone) setOpened({ user, problem });
    };
    openHome(user).then(
      (answer) => done(problemOf(answer)),
      (error: unknown) => done(sentenceOf(error)),
    );
    return () => {
      gone = true;
    };
  }, [user]);

  const mine = opened?.user === user ? opened : undefined;
  return { asked: mine !== undefined, problem: mine?.problem };
}
