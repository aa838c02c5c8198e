/**
 * The part of GitHub's API that comments need, on 127.0.0.1, and the variables of a runner. Requests are kept, so that a
 * test can tell what was asked.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeComment {
  readonly id: number;
  body: string;
  /** By somebody else: our token may not change it. */
  readonly isForeign?: boolean;
}

export interface FakeGithub {
  readonly url: string;
  /** "POST /repos/o/r/issues/7/comments", in order. */
  readonly requests: string[];
  readonly comments: FakeComment[];
  /** Answers every writing request with it where it is set. */
  refuseWith: number | undefined;
  readonly close: () => Promise<void>;
}

export const TOKEN = 'token-of-a-test';

export async function startFakeGithub(comments: FakeComment[] = []): Promise<FakeGithub> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url = '', headers } = request;
      requests.push(`${method} ${url}`);
      const answer = (status: number, json: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      };
      if (headers.authorization !== `Bearer ${TOKEN}`) {
        answer(401, {});
        return;
      }
      const page = /^\/repos\/o\/r\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(url)?.[1];
      if (method === 'GET' && page !== undefined) {
        answer(200, comments.slice(100 * (Number(page) - 1), 100 * Number(page)));
        return;
      }
      if (github.refuseWith !== undefined) {
        answer(github.refuseWith, {});
        return;
      }
      if (method === 'POST' && url === '/repos/o/r/issues/7/comments') {
        comments.push({ id: 1000 + comments.length, body: textIn(body) });
        answer(201, {});
        return;
      }
      const id = /^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(url)?.[1];
      const comment = comments.find((each) => each.id === Number(id));
      if (method !== 'PATCH' || comment === undefined) {
        answer(404, {});
        return;
      }
      if (comment.isForeign === true) {
        answer(403, {});
        return;
      }
      comment.body = textIn(body);
      answer(200, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const github: FakeGithub = {
    url: `http://127.0.0.1:${port}`,
    requests,
    comments,
    refuseWith: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
  return github;
}

function textIn(body: string): string {
  return (JSON.parse(body) as { readonly body: string }).body;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
