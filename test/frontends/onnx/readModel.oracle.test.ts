/**
 * Every field of every real model equals what generated-protobuf code decodes from the same bytes.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { readModel } from '../../../server/src/frontends/onnx/readModel.ts';
import { openFileByteSource } from '../../../server/src/node/fileByteSource.ts';
import { comparableModel } from './comparable.ts';
import { modelFiles } from './modelFiles.ts';
import { oracleModel } from './oracle.ts';

const { light, wheel } = modelFiles();
const counts = { files: 0, nodes: 0, attributes: 0, initializers: 0 };

test.each([...light, ...wheel])('$name equals the oracle', ({ path }) => {
  const bytes = readFileSync(path);
  const result = readModel(memoryByteSource(bytes), path);
  if (result.kind === 'problem') throw new Error(result.problem.message);
  expect(result.problems).toEqual([]);
  expect(comparableModel(result.model, memoryByteSource(bytes))).toEqual(oracleModel(bytes));

  const file = openFileByteSource(path);
  const fromFile = readModel(file, path);
  file.close();
  expect(fromFile).toEqual(result);

  counts.files++;
  for (const { attributes } of result.model.graph?.nodes ?? []) {
    counts.nodes++;
    counts.attributes += attributes.length;
  }
  counts.initializers += result.model.graph?.initializers.length ?? 0;
});

test('prints what was compared', () => {
  console.log(
    `ONNX walker against the protobuf oracle: ${counts.files} files, ${counts.nodes} nodes, ` +
      `${counts.attributes} attributes, ${counts.initializers} initialisers equal`,
  );
  expect(counts.files).toBe(light.length + wheel.length);
});
