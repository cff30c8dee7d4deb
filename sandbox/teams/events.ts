/** What happens in the Teams tenant, for whoever watches: ids only, the reader fetches the rest. */
export interface TeamsEvent {
  readonly kind: 'teams';
  /** `message` everybody's, `targeted` one person's, `view` one person's own card, `dialog` one that opens or closes. */
  readonly what: 'message' | 'targeted' | 'view' | 'dialog';
  readonly conversation: string;
  readonly user?: string;
  readonly activityId?: string;
}
