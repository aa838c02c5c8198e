/**
 * An npm registry on 127.0.0.1 with one package, and one that counts who asks: a registry that nobody is to ask.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { root } from './runAction.ts';

export interface FakeRegistry {
  readonly url: string;
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** With `archive`, a tarball of npm pack, as layercost in the version of this repository; without one it has nothing. */
export async function startFakeRegistry(archive?: string): Promise<FakeRegistry> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { url = '' } = request;
    requests.push(url);
    if (archive === undefined) response.writeHead(404).end('{}');
    else if (url.endsWith('.tgz')) response.end(readFileSync(archive));
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(packument(archive, registry.url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const registry: FakeRegistry = {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return registry;
}

function packument(archive: string, url: string): object {
  const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { readonly version: string };
  const { version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  const dist = { tarball: `${url}layercost/-/layercost-${version}.tgz`, integrity };
  const published = { name: 'layercost', version, bin: { layercost: 'dist/cli.js' }, dist };
  return { name: 'layercost', 'dist-tags': { latest: version }, versions: { [version]: published } };
}
