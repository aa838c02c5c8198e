// Shows comments on pull requests as GitHub does, and takes pictures of them, to be looked at: test/pictures/comment-*.png.
// node test/ci/commentPictures.mjs [comment.md ...]; without files the comments of the tests' repositories (golden files).
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import { commentBody } from '../../ci/pullRequestComment.mjs';
import { findChromium, launchChromium } from '../editor/chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = (file) => path.join(root, 'test/cli', file);
const given = process.argv.slice(2);
/** Each comment with the files that it is put together from. */
const comments =
  given.length > 0
    ? given.map((file) => [path.basename(file, path.extname(file)), [file]])
    : [
        ['diff', [golden('golden/diff/comment.md')]],
        ['growth', [golden('golden/growth/diff.md'), golden('golden/growth/check.md')]],
        ['outcomes', [golden('reporters/golden/check.md')]],
      ];

/** GitHub's look as far as our comments use it: its font, width, tables and lists. */
const STYLE = `
  body { margin: 16px; width: 860px; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
    color: #1f2328; }
  .comment { border: 1px solid #d0d7de; border-radius: 6px; padding: 16px; }
  h3 { font-size: 1.25em; font-weight: 600; margin: 24px 0 16px; line-height: 1.25; }
  h3:first-child { margin-top: 0; }
  p, ul, table, details { margin: 0 0 16px; }
  ul { padding-left: 2em; }
  table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; }
  th, td { padding: 6px 13px; border: 1px solid #d0d7de; }
  th { font-weight: 600; }
  tr:nth-child(2n) td { background: #f6f8fa; }
  code { padding: .2em .4em; font: 85% ui-monospace, "SFMono-Regular", Menlo, monospace; background: #818b981f;
    border-radius: 6px; }
`;

const markdown = new MarkdownIt({ html: true });
const executable = findChromium();
if (executable === undefined) {
  console.log('NOT RUN: no Chromium was found (set CHROMIUM to its path)');
} else {
  const pictures = path.join(root, 'test/pictures');
  mkdirSync(pictures, { recursive: true });
  const browser = await launchChromium(executable);
  const page = await browser.newPage({ viewport: { width: 900, height: 600 }, deviceScaleFactor: 1.5 });
  for (const [name, files] of comments) {
    const body = commentBody(
      'default',
      files.map((file) => readFileSync(file, 'utf8')),
    );
    for (const state of ['folded', 'open']) {
      const html = markdown
        .render(body ?? '')
        .replaceAll('<details>', state === 'open' ? '<details open>' : '<details>');
      await page.setContent(`<style>${STYLE}</style><div class="comment">${html}</div>`);
      const file = path.join(pictures, `comment-${name}-${state}.png`);
      await page.screenshot({ path: file, fullPage: true });
      console.log(file);
    }
  }
  await browser.close();
}
