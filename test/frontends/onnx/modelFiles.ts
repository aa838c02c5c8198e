/**
 * The real ONNX files that tests read: the light graphs beside the repository, and the model files of the onnx wheel
 * (`node test/corpus/fetch.mjs onnx`). What is not there is named, and left out.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const LIGHT = join(root, '../shared/corpora/onnx-light');
const WHEEL = join(root, '.cache/python/onnx-1.23.2/onnx/backend/test/data');

export interface ModelFile {
  /** "light_resnet50.onnx", "simple/test_sequence_model1/model.onnx" */
  readonly name: string;
  readonly path: string;
}

/** Model files by where they come from; prints which are left out. */
export function modelFiles(): { readonly light: readonly ModelFile[]; readonly wheel: readonly ModelFile[] } {
  const light = filesBelow(LIGHT);
  const wheel = filesBelow(WHEEL);
  if (light.length === 0) console.log('left out: the light ONNX graphs (../shared/corpora/onnx-light is not there)');
  if (wheel.length === 0) console.log("left out: the onnx wheel's models (run `node test/corpus/fetch.mjs onnx`)");
  return { light, wheel };
}

function filesBelow(folder: string): readonly ModelFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.onnx'))
    .sort()
    .map((name) => ({ name, path: join(folder, name) }));
}
