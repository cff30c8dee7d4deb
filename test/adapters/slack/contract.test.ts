import { openSlack } from '../../support/contract-slack.ts';
import { describeAdapter } from '../contract.ts';

describeAdapter({ name: 'Slack', open: openSlack });
