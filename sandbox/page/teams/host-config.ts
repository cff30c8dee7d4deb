import { HostConfig } from 'adaptivecards';

const plain = (color: string, subtle = color) => ({ default: color, subtle });

const COLORS = {
  default: plain('var(--ink)', 'var(--ink-soft)'),
  light: plain('var(--ink-soft)'),
  dark: plain('var(--ink)'),
  accent: plain('var(--accent)'),
  good: plain('var(--good)'),
  warning: plain('var(--warn)'),
  attention: plain('var(--danger)'),
};

/** How cards look here. The colours are the page's own tokens, so that light and dark are decided in one place. */
export const hostConfig = new HostConfig({
  fontFamily: 'inherit',
  fontSizes: { small: 13, default: 15, medium: 15, large: 17, extraLarge: 20 },
  fontWeights: { lighter: 400, default: 400, bolder: 650 },
  lineHeights: { small: 19, default: 22, medium: 22, large: 23, extraLarge: 26 },
  spacing: { small: 4, default: 11, medium: 14, large: 16, extraLarge: 20, padding: 14 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  containerStyles: {
    default: { backgroundColor: 'transparent', foregroundColors: COLORS },
    emphasis: { backgroundColor: 'var(--sunken)', foregroundColors: COLORS },
  },
  factSet: {
    title: { weight: 'Default', isSubtle: true, size: 'Default', wrap: true, maxWidth: 130 },
    value: { weight: 'Default', size: 'Default', wrap: true },
    spacing: 22,
  },
  inputs: {
    label: {
      inputSpacing: 'Small',
      requiredInputs: { weight: 'Bolder', size: 'Small', suffix: ' *', suffixColor: 'Attention' },
      optionalInputs: { weight: 'Bolder', size: 'Small' },
    },
    errorMessage: { size: 'Small', color: 'Attention', weight: 'Default' },
  },
  actions: {
    // The most that Teams shows of a card's actions.
    maxActions: 6,
    spacing: 'Medium',
    // The gaps are the style sheet's, so that buttons may wrap.
    buttonSpacing: 0,
    showCard: { actionMode: 'Inline', inlineTopMargin: 12, style: 'emphasis' },
    actionsOrientation: 'Horizontal',
    actionAlignment: 'Left',
  },
  textBlock: { headingLevel: 3 },
});
