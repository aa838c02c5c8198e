/**
 * One escaping function a target: whatever a name holds, it stays a name there, and people can still read it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inHtml } from '../../server/src/base/escaping/html.ts';
import { labelText, noticeText } from '../../server/src/base/escaping/labelText.ts';
import { codeMarkdown, figureMarkdown, inMarkdown, messageMarkdown } from '../../server/src/base/escaping/markdown.ts';
import { coloredLine, printedLines, printedText, terminalText } from '../../server/src/base/escaping/printed.ts';
import { jsonText } from '../../server/src/base/escaping/printedJson.ts';
import { sarifText } from '../../server/src/base/escaping/sarifText.ts';
import { visibleText } from '../../server/src/base/escaping/visibleText.ts';
import { printedCommand } from '../../server/src/base/escaping/workflowCommand.ts';
import { inXml, xmlLines } from '../../server/src/base/escaping/xml.ts';
import {
  actingCharacters,
  hostileText,
  markdownFaults,
  shownByMarkdown,
  terminalFaults,
} from '../support/hostileText.ts';

const RUNS = { numRuns: 1000 };

it.each([
  ['plain', 'größe 日本 nai\u0308ve 👩\u200d💻', 'größe 日本 nai\u0308ve 👩\u200d💻'],
  ['C0', 'a\tb\nc\rd\u0000\u001b[31m', 'a\\tb\\nc\\rd\\x00\\x1b[31m'],
  ['DEL and C1', '\u007f\u0085\u009b', '\\x7f\\x85\\x9b'],
  ['direction', 'a\u202eb\u2066c\u200fd\u061ce', 'a\\u202eb\\u2066c\\u200fd\\u061ce'],
  ['without width', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\xadd'],
  ['ends of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['tags', '\u{e0041}', '\\u{e0041}'],
  ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
])('writes out what does not show: %s', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

describe('terminals and logs', () => {
  it.each([
    ['::error::x', '\\x3a:error::x'],
    ['  ::error::x', '  \\x3a:error::x'],
    [': :x', '\\x3a :x'],
    ['a::b', 'a::b'],
    ['x ##[error]y', 'x #\\x23[error]y'],
    ['##vso[task]', '#\\x23vso[task]'],
    ['## a', '## a'],
  ])('%j -> %j', (text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it('a name makes neither a line nor a command, alone or within a line', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const text = printedLines([one, `  ${one}: ${other}`, `${one}${other}`]);
        expect(text.split('\n')).toHaveLength(4);
        expect(terminalFaults(text)).toEqual([]);
        expect(terminalFaults(printedText(`${one}\n${other}`))).toEqual([]);
        expect(coloredLine(one, 31).slice(5, -4)).toBe(terminalText(one));
      }),
      RUNS,
    );
  });

  it('JSON says the same, and acts on nothing', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (key, text) => {
        const json = jsonText({ [key]: [text] }, 2);
        expect(terminalFaults(json)).toEqual([]);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [key]: [text] })));
      }),
      RUNS,
    );
  });

  it("GitHub's commands keep data and properties in their places", () => {
    expect(printedCommand('error', { file: 'a,b:c%.py', line: 2 }, 'x\n::y%')).toBe(
      '::error file=a%2Cb%3Ac%25.py,line=2::x\\n::y%25\n',
    );
    fc.assert(
      fc.property(hostileText, hostileText, (file, message) => {
        const line = printedCommand('notice', { file, line: 1, title: file }, message);
        expect(line.slice(0, -1)).not.toContain('\n');
        expect(actingCharacters(line.slice(0, -1))).toEqual([]);
        // As the runner takes it apart: properties up to the next "::".
        const end = line.indexOf('::', 2);
        const properties = line.slice('::notice '.length, end).split(',');
        expect(properties.map((each) => each.split('=')[0])).toEqual(['file', 'line', 'title']);
        expect(decodeURIComponent(line.slice(end + 2, -1).replace(/%(?!25)/g, '%25'))).toBe(visibleText(message));
      }),
      RUNS,
    );
  });
});

describe('Markdown', () => {
  it('a name stays text, wherever it stands', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const page = inMarkdown`### ${one}\n\n| a | b |\n|---|---|\n| ${one} | ${messageMarkdown(other)} |\n\n**${other}**: ${one}\n\n- ${one}\n\n${messageMarkdown(one)}\n\n<details><summary>${one}</summary>\n\n${other}\n\n</details>\n`;
        expect(markdownFaults(page.text)).toEqual([]);
        for (const line of page.text.split('\n').filter((each) => each.startsWith('|'))) {
          expect(line.split('|')).toHaveLength(4);
        }
      }),
      RUNS,
    );
  });

  it('shows what stands there', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = visibleText(text).replace(/\s+/g, ' ').trim();
        expect(shownByMarkdown(`x ${inMarkdown`${text}`.text} x`).replace(/\s+/g, ' ')).toBe(
          `x ${shown} x`.replace(/\s+/g, ' '),
        );
      }),
      RUNS,
    );
  });

  it.each([
    ['snake_case_name', 'snake_case_name'],
    ['__init__', '&#95;&#95;init&#95;&#95;'],
    ['+5 %', '+5 %'],
    ['1.5M', '1.5M'],
    ['1. x', '1&#46; x'],
    ['- x', '&#45; x'],
    ['@a', '&#64;&#8203;a'],
  ])('%s -> %s', (text, escaped) => {
    expect(inMarkdown`${text}`.text).toBe(escaped);
  });

  it('keeps figures on a line, and code as code where that is safe', () => {
    expect(figureMarkdown('1.5 MiB (3 %)').text).toBe('1.5&nbsp;MiB (3&nbsp;%)');
    expect(codeMarkdown('x > 3').text).toBe('`x > 3`');
    expect(codeMarkdown('a`b').text).toBe('a&#96;b');
    expect(messageMarkdown('`x > 3` is not known').text).toBe('`x > 3` is not known');
    expect(messageMarkdown('`s == "`![x](http://e)"` is not known').text).not.toContain('![');
  });
});

describe('pages and reports', () => {
  it('HTML has no element and no attribute from a name', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = inHtml`<p title="${text}">${text}</p>`.text;
        expect(page.match(/[<>]/g)).toHaveLength(4);
        expect(page.match(/"/g)).toHaveLength(2);
        expect(actingCharacters(page)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('XML has no element and no attribute from a name', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const element = inXml`<a b="${text}">${xmlLines([text, text])}</a>`.text;
        expect(element.match(/[<>]/g)).toHaveLength(4);
        expect(element.match(/"/g)).toHaveLength(2);
        expect(terminalFaults(element)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('what is put in as markup stays markup; an object that looks like it does not pass for it', () => {
    expect(inHtml`<p>${inHtml`<b>${'<'}</b>`}${[inHtml`<i>`]}</p>`.text).toBe('<p><b>&lt;</b><i></p>');
    const forged = JSON.parse('{"kind":"html","text":"<b>"}') as never;
    expect(() => inHtml`${forged}`.text).toThrow();
  });

  it("SARIF's texts and an editor's labels hold no links and no icons", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(sarifText(text)).not.toContain('](');
        expect(noticeText(text)).not.toMatch(/\]\(|\$\(/);
        expect(labelText(text)).not.toContain('$(');
        expect([sarifText(text), labelText(text), noticeText(text)].flatMap(actingCharacters)).toEqual([]);
      }),
      RUNS,
    );
  });
});

it.each(['\u001b[31m', '\n::error::x', '##[error]x', '\u202e'])('what acts on terminals is found: %j', (text) => {
  expect(terminalFaults(text)).not.toEqual([]);
});

it.each([
  '![x](http://a)',
  '[x](y)',
  '@team',
  '#1',
  'GH-1',
  'http://a.b',
  'www.a.b',
  '<img src=x>',
  '# h',
  '> q',
  '---',
])('what acts in Markdown is found: %s', (text) => {
  expect(markdownFaults(text)).not.toEqual([]);
});
