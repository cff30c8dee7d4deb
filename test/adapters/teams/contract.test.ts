import { openTeams } from '../../support/contract-teams.ts';
import { describeAdapter } from '../contract.ts';

describeAdapter({ name: 'Teams', open: openTeams });
