/**
 * Where torchvision's sources lie: unpacked by test/corpus/fetch.mjs into .cache/, or in the folder that the
 * environment variable LAYERCOST_SITE_PACKAGES names.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function findTorchvision(): string | undefined {
  const folders = [
    process.env['LAYERCOST_SITE_PACKAGES'],
    path.join(import.meta.dirname, '../../.cache/python/torchvision-0.29.1'),
  ];
  return folders.find(
    (folder) => folder !== undefined && existsSync(path.join(folder, 'torchvision/models/resnet.py')),
  );
}
