// Third step of the GitHub Action (action.yml): keeps one comment on the pull request up to date. It alone has the token;
// it starts no process, and reads nothing of the checkout: only the event and the reports of the step before, as text.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { log } from './log.mjs';
import { isInside } from './outsideProgram.mjs';
import { keepComment } from './pullRequestComment.mjs';

/** GitHub refuses longer comments; reports keep to it. */
const MOST_BYTES = 65_536;
/** An event holds the texts of a pull request. */
const MOST_EVENT_BYTES = 16 * 2 ** 20;

const { env } = process;
const number = pullRequest(textOf(env.GITHUB_EVENT_PATH, MOST_EVENT_BYTES));
if (number !== undefined) {
  const note = await keepComment({
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    repository: env.GITHUB_REPOSITORY ?? '',
    pullRequest: number,
    token: env.LAYERCOST_TOKEN ?? '',
    key: env.LAYERCOST_COMMENT_KEY || 'default',
    parts: [env.LAYERCOST_DIFF_MARKDOWN, env.LAYERCOST_CHECK_MARKDOWN].map(reportOf),
  });
  log(`Layer Cost: ${note}`);
}

function pullRequest(text) {
  try {
    const number = JSON.parse(text).pull_request?.number;
    return Number.isSafeInteger(number) ? number : undefined;
  } catch {
    return undefined;
  }
}

/** A report of ours: a file of the folder that the first step made. */
function reportOf(file) {
  return file && isInside(file, env.LAYERCOST_FOLDER) ? textOf(file, MOST_BYTES) : '';
}

function textOf(file, mostBytes) {
  if (!file) return '';
  try {
    const descriptor = openSync(file, 'r');
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && stats.size <= mostBytes ? readFileSync(descriptor, 'utf8') : '';
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
