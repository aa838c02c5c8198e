/**
 * Names that nobody may trust: what acts on terminals, logs of CI, Markdown, HTML, XML and editors, put together at random.
 * And what to hold against text that was to be made harmless.
 */
import fc from 'fast-check';
import { createRequire } from 'node:module';

/** One of each kind of attack. */
export const ATTACKS: readonly string[] = [
  '\u001b[2J\u001b[31mred\u001b[0m',
  '\u001b]8;;http://evil.example/\u0007click\u001b]8;;\u0007',
  '\u001b]0;title\u0007',
  '\u009b31m\u009d0;c1\u009c',
  '\u0007\u0008\u0000\u007f',
  'a\nb',
  'a\r::error::b',
  '\n::set-output name=status::pass',
  '::stop-commands::x',
  ' ::add-mask::x',
  '##[error]x ##[add-matcher]m.json',
  '##vso[task.setvariable variable=a]b',
  'section_start:1:x\r\u001b[0K',
  '\u202egnp.exe\u2066\u200f\u061c',
  '\u2028\u2029\u0085\u200b\ufeff',
  '\ud800',
  '`](x)![x](http://evil.example/x.png)`',
  '![x](http://evil.example/x.png)',
  '[x](javascript:alert(1))',
  '[x](command:evil)',
  '[x]: http://evil.example',
  'https://evil.example/x www.evil.example a@evil.example',
  '@team @org/team #1 GH-1 org/repo#2',
  '| a | b |\n|---|---|',
  '# h\n- l\n1. n\n> q\n---\n===',
  '**b** __i__ *e* _u_ ~~s~~ $x$ `c`',
  '<img src=x onerror=alert(1)><script>x</script><!-- -->',
  '</details></summary><h1>&lt;&#60;',
  '"\' onmouseover="x',
  ']]>&amp;<![CDATA[',
  '$(bug~spin) $(x)',
  '\\\\',
  '%0A::error::x %25',
  'file=a,line=1::x',
  '日本 größe naïve',
];

/** Attacks and any characters in any order. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ATTACKS),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(' ', '_', 'net', '.'),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

/** Characters that act, or do not show, by their code points. */
export function actingCharacters(text: string): readonly string[] {
  return (
    text.match(
      /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{AD}\u{180E}\u{200B}\u{2060}-\u{2064}\u{FEFF}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E007F}]/gu,
    ) ?? []
  ).map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16)}`);
}

/** What is wrong with text for a terminal or a log: characters that act, and lines that CI takes for commands. */
export function terminalFaults(text: string): readonly string[] {
  const lines = text.split('\n');
  return [
    ...lines.flatMap(actingCharacters),
    ...lines.filter((line) => line.trimStart().startsWith('::')),
    ...lines.filter((line) => /##[\w.]*\[/.test(line)),
  ];
}

interface Renderer {
  readonly linkify: { set(options: object): void };
  render(text: string): string;
  renderInline(text: string): string;
}

// The package has no types of its own.
const MarkdownIt = createRequire(import.meta.url)('markdown-it') as new (options: object) => Renderer;
const renderer = new MarkdownIt({ html: true, linkify: true, breaks: false });
// GitHub's dialect takes no "net.py" for an address.
renderer.linkify.set({ fuzzyLink: false });

/** Elements of rendered Markdown that our pages never have. */
export function markdownFaults(markdown: string): readonly string[] {
  const html = renderer.render(markdown);
  const text = decoded(html.replace(/<[^>]*>/g, '\n'));
  return [
    ...(html.match(/<(a|img|script|svg|iframe|input|style|s|blockquote|hr|h1|h2)\b[^>]*>/g) ?? []),
    // GitHub looks for these in the finished page.
    ...(text.match(/(?<![\w/])@\w[\w-]*/g) ?? []),
    ...(text.match(/#\d+/g) ?? []),
    ...(text.match(/\bGH-\d+/gi) ?? []),
    ...(text.match(/\w:\/\/|\bwww\.\w/gi) ?? []),
    ...markdown.split('\n').flatMap(actingCharacters),
  ];
}

/** What rendered Markdown says, without its elements. */
export function shownByMarkdown(markdown: string): string {
  return decoded(renderer.renderInline(markdown).replace(/<[^>]*>/g, '')).replaceAll('\u200b', '');
}

/** HTML's entities, as far as they are written here, as their characters. */
function decoded(html: string): string {
  return html
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
