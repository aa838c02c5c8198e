/**
 * The trained predictor of NAS cells from the files of the product: dist/kernels.wasm and dist/models/nas-bench-201.
 */
import path from 'node:path';
import { createCellPredictor, type PredictorResult } from '../predictor/cellPredictor.ts';
import { createKernels } from '../predictor/createKernels.ts';
import { readRegularFile } from './regularFile.ts';

const MODEL = 'models/nas-bench-201';
const MAX_WEIGHT_BYTES = 256 * 2 ** 20;

/** `modelFolder`: where model.json lies, the shipped model where left out. */
export function loadCellPredictor(
  productFolder: string,
  modelFolder = path.join(productFolder, MODEL),
): PredictorResult {
  const faults: string[] = [];
  const read = (file: string): Uint8Array | undefined => {
    const bytes = readRegularFile(file, MAX_WEIGHT_BYTES);
    if (bytes.kind === 'ok') return bytes.value;
    if (!bytes.isAbsent) faults.push(`no weights: ${file} cannot be read: ${bytes.reason}`);
    return undefined;
  };
  const wasm = readRegularFile(path.join(productFolder, 'kernels.wasm'), MAX_WEIGHT_BYTES);
  const result = createCellPredictor(
    (name) => read(path.join(modelFolder, name)),
    (bytes) => new TextDecoder().decode(bytes),
    createKernels(wasm.kind === 'ok' ? wasm.value : undefined),
  );
  const fault = faults.at(-1);
  return fault === undefined ? result : { kind: 'problem', code: 'no-weights', message: fault };
}
