/**
 * The part of Adaptive Cards 1.5 that our cards are made of. Teams shows markdown in TextBlock and FactSet, and none in RichTextBlock
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format), so text that others wrote is only ever put into TextRun:
 * nothing needs escaping there, and what is copied is what was meant. TextBlock carries our own words: they are headings for screen readers.
 */
export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly fontType?: 'Monospace';
  readonly size?: 'Small' | 'Medium';
  readonly isSubtle?: true;
  readonly color?: 'Attention' | 'Warning' | 'Good' | 'Accent';
  readonly selectAction?: OpenUrl;
}

export interface RichTextBlock {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly TextRun[];
  readonly spacing?: Spacing;
  readonly separator?: true;
}

export interface TextBlock {
  readonly type: 'TextBlock';
  readonly text: string;
  readonly wrap: true;
  readonly style?: 'heading';
  readonly weight?: 'Bolder';
  readonly isSubtle?: true;
  readonly size?: 'Default';
  readonly spacing?: Spacing;
}

export interface Container {
  readonly type: 'Container';
  readonly items: readonly CardElement[];
  readonly id?: string;
  readonly isVisible?: false;
  readonly style?: ContainerStyle;
  readonly bleed?: true;
  readonly separator?: true;
  readonly spacing?: Spacing;
}

export interface ColumnSet {
  readonly type: 'ColumnSet';
  readonly spacing?: Spacing;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly type: 'Column';
  readonly width: string;
  readonly items: readonly CardElement[];
}

export interface ActionSet {
  readonly type: 'ActionSet';
  readonly spacing?: Spacing;
  readonly actions: readonly (OpenUrl | ToggleVisibility)[];
}

export interface OpenUrl {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
}

export interface ToggleVisibility {
  readonly type: 'Action.ToggleVisibility';
  readonly title: string;
  readonly targetElements: readonly string[];
}

export type CardElement = TextBlock | RichTextBlock | Container | ColumnSet | ActionSet;
export type ContainerStyle = 'default' | 'emphasis' | 'good' | 'attention' | 'warning' | 'accent';
type Spacing = 'None' | 'Small' | 'Default' | 'Medium' | 'Large';

export interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.5';
  readonly fallbackText: string;
  readonly body: readonly CardElement[];
  readonly actions: readonly OpenUrl[];
}

type Look = Omit<TextRun, 'type' | 'text'>;
type Place = Pick<RichTextBlock, 'spacing' | 'separator'>;

export const run = (text: string, look: Look = {}): TextRun => ({ type: 'TextRun', text, ...look });
export const strong = (text: string): TextRun => run(text, { weight: 'Bolder' });
export const faint = (text: string): TextRun => run(text, { isSubtle: true });
export const line = (inlines: readonly TextRun[], place: Place = {}): RichTextBlock => ({ type: 'RichTextBlock', inlines, ...place });

/** Our own words only: a TextBlock is read as markdown. */
export const heading = (words: string): TextBlock => ({
  type: 'TextBlock',
  text: words,
  wrap: true,
  style: 'heading',
  size: 'Default',
  weight: 'Bolder',
  spacing: 'Medium',
});
