import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Microsoft's own renderer, bundled for a page; Node cannot import it as it is. */
export async function officialRenderer(): Promise<string> {
  const built = await build({
    stdin: {
      contents: `export * from 'adaptivecards'`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    format: 'iife',
    globalName: 'AdaptiveCards',
    platform: 'browser',
    minify: true,
    write: false,
    logLevel: 'error',
  });
  return built.outputFiles[0]!.text;
}

/**
 * A page like a Teams channel in which the official renderer shows a card. Where Teams reads markdown, so does this page, and it takes more for markup than Teams does:
 * `[text](url)`, bare addresses, emphasis, pictures. `document.title` becomes `shown` when it is ready, `window.trouble` has what the renderer complained of.
 */
export function teamsPage(payload: string, colours: 'light' | 'dark', renderer: string): string {
  const theme = themes[colours];
  const card = payload.replace(/[<\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>card</title><style>
body{margin:0;padding:16px;background:${theme.page};color:${theme.text};font:14px/20px 'Segoe UI','Liberation Sans',Arial,sans-serif}
#sender{font-weight:600;margin:0 0 6px;color:${theme.subtle};font-size:12px}
#card{max-width:640px;background:${theme.card};border-radius:6px;box-shadow:0 0 0 1px ${theme.line},0 2px 4px rgba(0,0,0,.14);overflow:hidden}
.ac-textRun,.ac-textBlock{overflow-wrap:anywhere}
.ac-pushButton{font:600 13px 'Segoe UI','Liberation Sans',Arial,sans-serif;padding:5px 12px;border-radius:4px;border:1px solid ${theme.line};background:${theme.button};color:${theme.text};cursor:pointer;overflow:hidden;text-overflow:ellipsis}
a{color:${theme.accent}}
.ac-actionSet{flex-wrap:wrap;gap:6px 0}.ac-pushButton{flex:0 0 auto!important}
</style></head><body><p id="sender">mi-audit, through Workflows</p><div id="card"></div>
<script>${renderer.replaceAll('</script', '<\\/script')}</script>
<script>
window.trouble = [];
const message = ${card};
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/!\\[(.*?)\\]\\((.*?)\\)/g, '<img alt="$1" src="$2">').replace(/\\[(.*?)\\]\\((.*?)\\)/g, '<a href="$2">$1</a>')
    .replace(/(?<!["=])(https?:\\/\\/|www\\.)\\S+/g, '<a href="$&">$&</a>').replace(/\\*\\*(.+?)\\*\\*/g, '<b>$1</b>').replace(/(^|\\W)_(.+?)_/g, '$1<i>$2</i>').replace(/^(#+|-|\\d+\\.) .*/gm, '<li>$&</li>');
  result.didProcess = true;
};
const card = new AdaptiveCards.AdaptiveCard();
card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(hostConfig(theme))});
const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
card.parse(message.attachments[0].content, context);
for (let at = 0; at < context.eventCount; at += 1) window.trouble.push(context.getEventAt(at).message);
for (const event of card.validateProperties().validationEvents) window.trouble.push(event.message);
document.getElementById('card').append(card.render());
document.title = 'shown';
</script></body></html>`;
}

interface Theme {
  readonly page: string;
  readonly card: string;
  readonly text: string;
  readonly subtle: string;
  readonly line: string;
  readonly button: string;
  readonly accent: string;
  readonly good: string;
  readonly warning: string;
  readonly attention: string;
  readonly emphasis: string;
  readonly goodBack: string;
  readonly warningBack: string;
  readonly attentionBack: string;
  readonly accentBack: string;
}

/** The colours of Teams' two themes, as they show on its pages. */
const themes: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    page: '#f5f5f5',
    card: '#ffffff',
    text: '#242424',
    subtle: '#616161',
    line: '#d1d1d1',
    button: '#ffffff',
    accent: '#5b5fc7',
    good: '#0e7a0b',
    warning: '#8a4b00',
    attention: '#b10e1c',
    emphasis: '#f0f0f0',
    goodBack: '#e7f2da',
    warningBack: '#fbf1d9',
    attentionBack: '#fcf0f1',
    accentBack: '#e8ebfa',
  },
  dark: {
    page: '#1f1f1f',
    card: '#292929',
    text: '#ffffff',
    subtle: '#adadad',
    line: '#525252',
    button: '#333333',
    accent: '#a6a7f5',
    good: '#92c353',
    warning: '#f8d22a',
    attention: '#f1707b',
    emphasis: '#1a1a1a',
    goodBack: '#1d3312',
    warningBack: '#3d3005',
    attentionBack: '#44141b',
    accentBack: '#2b2b50',
  },
};

function hostConfig(theme: Theme): object {
  const foreground = Object.fromEntries(
    (['default', 'accent', 'good', 'warning', 'attention'] as const).map((name) => [
      name,
      { default: name === 'default' ? theme.text : theme[name], subtle: name === 'default' ? theme.subtle : theme[name] },
    ]),
  );
  const style = (backgroundColor: string): object => ({ backgroundColor, foregroundColors: foreground });
  return {
    fontFamily: `'Segoe UI','Liberation Sans',Arial,sans-serif`,
    fontTypes: {
      default: {
        fontFamily: `'Segoe UI','Liberation Sans',Arial,sans-serif`,
        fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
      },
      monospace: {
        fontFamily: `Consolas,'Liberation Mono','DejaVu Sans Mono',monospace`,
        fontSizes: { small: 12, default: 13, medium: 14, large: 18, extraLarge: 24 },
      },
    },
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    lineHeights: { small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    spacing: { small: 4, default: 8, medium: 14, large: 20, extraLarge: 28, padding: 14 },
    separator: { lineThickness: 1, lineColor: theme.line },
    supportsInteractivity: true,
    actions: { maxActions: 6, spacing: 'default', buttonSpacing: 8, actionsOrientation: 'horizontal', actionAlignment: 'left' },
    containerStyles: {
      default: style(theme.card),
      emphasis: style(theme.emphasis),
      good: style(theme.goodBack),
      warning: style(theme.warningBack),
      attention: style(theme.attentionBack),
      accent: style(theme.accentBack),
    },
  };
}
