import { createContext, useContext } from 'react';
import type { Clinic } from '../data/clinic.ts';
import type { Channel, Person } from '../data/slack.ts';

/** What every part of the stage may look up, and who is acting. */
export interface Workspace {
  readonly clinic: Clinic;
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly user: Person;
}

const context = createContext<Workspace | undefined>(undefined);

export const WorkspaceProvider = context.Provider;

export function useWorkspace(): Workspace {
  const workspace = useContext(context);
  if (workspace === undefined) throw new Error('useWorkspace needs a WorkspaceProvider above it');
  return workspace;
}
