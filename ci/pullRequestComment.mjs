// One comment on a pull request, made once and updated from then on; a marker that does not show tells it from others.
// Source: https://docs.github.com/rest/issues/comments

/** GitHub refuses more characters. */
const MOST_CHARACTERS = 65_536;
/** Comments are looked through up to this page, of 100 each. */
const MOST_PAGES = 20;

/**
 * Says in one sentence what became of it. What hinders (a fork whose token may only read, an API that is not there) is
 * no failure of the run: the job summary has the same text.
 */
export async function keepComment({ apiUrl, repository, pullRequest, token, key, parts }) {
  const body = commentBody(key, parts);
  if (body === undefined) return 'there is nothing to comment';
  if (token === '' || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return 'no comment, as there is no token or repository';
  const issues = `${apiUrl}/repos/${repository}/issues`;
  const ask = (url, method, json) =>
    fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'x-github-api-version': '2022-11-28',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  try {
    for (const id of await ownComments(ask, `${issues}/${pullRequest}/comments`, markerOf(key))) {
      const updated = await ask(`${issues}/comments/${id}`, 'PATCH', { body });
      if (updated.ok) return 'the comment was updated';
      // Somebody else's comment with our marker may not be changed: then one of our own is made.
      if (updated.status !== 403 && updated.status !== 404) return refusal('updated', updated);
    }
    const made = await ask(`${issues}/${pullRequest}/comments`, 'POST', { body });
    return made.ok ? 'a comment was made' : refusal('made', made);
  } catch (error) {
    return `no comment, as the API cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Undefined where there is nothing to say. Parts that find no room are named, not cut in their middle. */
export function commentBody(key, parts) {
  const said = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (said.length === 0) return undefined;
  const head = `${markerOf(key)}\n`;
  let body = head;
  let omittedCount = 0;
  for (const part of said) {
    if (body.length + part.length + 200 <= MOST_CHARACTERS) body += `${body === head ? '' : '\n\n'}${part}`;
    else omittedCount++;
  }
  return omittedCount === 0 ? body : `${body}\n\nThe rest stands in the summary of the job.`;
}

function markerOf(key) {
  return `<!-- layercost:${key.replace(/[^\w.-]/g, '_')} -->`;
}

async function ownComments(ask, url, marker) {
  const ids = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await ask(`${url}?per_page=100&page=${page}`, 'GET');
    if (!answer.ok) throw new Error(`it answers ${answer.status} when asked for comments`);
    const comments = await answer.json();
    if (!Array.isArray(comments)) throw new Error('it gives no list of comments');
    ids.push(
      ...comments.filter(({ body }) => typeof body === 'string' && body.startsWith(marker)).map(({ id }) => Number(id)),
    );
    if (comments.length < 100) break;
  }
  return ids.filter((id) => Number.isSafeInteger(id));
}

function refusal(what, { status }) {
  const why =
    status === 403 || status === 404
      ? 'the token may not write (a fork, or "permissions: pull-requests: write" is missing)'
      : `the API answers ${status}`;
  return `no comment was ${what}, as ${why}; the job summary has it all`;
}
