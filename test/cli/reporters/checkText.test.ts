/**
 * A check for people: the terminal, Markdown, and GitHub's annotations. What they say is in golden/, refreshed by
 * `npx vitest run test/cli/reporters -u` and read.
 */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkToGithub } from '../../../server/src/cli/reporters/checkGithub.ts';
import { checkToMarkdown } from '../../../server/src/cli/reporters/checkMarkdown.ts';
import { COMMENT_BYTES } from '../../../server/src/cli/reporters/markdownPage.ts';
import { checkToText } from '../../../server/src/cli/reporters/checkText.ts';
import { manyEntries, sampleReport } from '../../gate/sampleReport.ts';

it('prints a table, what is wrong and the sum', async () => {
  await expect(checkToText(sampleReport('plain'), { hasColors: false })).toMatchFileSnapshot('golden/check.txt');
});

it('has colours where the terminal shows them, and the same text', () => {
  const colored = checkToText(sampleReport('plain'), { hasColors: true });
  expect(colored).toContain('\u001B[');
  const plain = stripVTControlCharacters(colored).replace(/ +$/gm, '');
  expect(plain).toBe(checkToText(sampleReport('plain'), { hasColors: false }).replace(/ +$/gm, ''));
});

it('says so where there is nothing to check', () => {
  const empty = { ...sampleReport('plain'), entries: [], entryCount: 0, problems: [] };
  expect(checkToText(empty, { hasColors: false })).toBe('0 entries\n');
});

describe('Markdown', () => {
  it('shows what is not met, and folds the rest', async () => {
    await expect(checkToMarkdown(sampleReport('plain'), COMMENT_BYTES)).toMatchFileSnapshot('golden/check.md');
  });

  it('lets no name become markup', () => {
    const text = checkToMarkdown(sampleReport('hostile'), COMMENT_BYTES);
    const own = text.replaceAll(/<\/?(details|summary)>/g, '');
    expect(own).not.toMatch(/[<>@]/);
    for (const line of own.split('\n').filter((each) => each.startsWith('|'))) {
      expect(line.split('|').length).toBe(9);
    }
  });

  it.each([2_000, COMMENT_BYTES])('keeps to %i bytes and says what it left out', (maxBytes) => {
    const text = checkToMarkdown(manyEntries(3_000), maxBytes);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    expect(text).toMatch(/Left out, as there is no room: \d+ of 3000 entries, \d+ of 3000 details\.\n$/);
  });

  it('closes what it opened where what passed does not fit', () => {
    const many = manyEntries(3_000);
    const passing = many.entries.map((entry) => ({ ...entry, status: 'pass' as const, budgets: [] }));
    const text = checkToMarkdown({ ...many, entries: passing }, 5_000);
    expect(text).toMatch(/<\/details>\n\nLeft out, as there is no room: \d+ of 3000 passing entries\.\n$/);
  });
});

describe("GitHub's annotations", () => {
  it('name file and line', async () => {
    await expect(checkToGithub(sampleReport('plain'))).toMatchFileSnapshot('golden/github.txt');
  });

  it('let no name become a command or a property', () => {
    const lines = checkToGithub(sampleReport('hostile')).trimEnd().split('\n');
    expect(lines.slice(0, -1).every((line) => /^::(error|warning|notice) [^\n]*::[^\r]*$/.test(line))).toBe(true);
    expect(lines.length).toBe(checkToGithub(sampleReport('plain')).trimEnd().split('\n').length);
    const report = sampleReport('plain');
    const entries = report.entries.map((entry) => ({ ...entry, place: { file: 'a,b:c%.py', line: 2 } }));
    expect(checkToGithub({ ...report, entries })).toContain('file=a%2Cb%3Ac%25.py,line=2,title=Layer Cost%3A');
  });
});
