/**
 * The trained predictor of NAS cells from the files of the product: dist/kernels.wasm and dist/models/nas-bench-201.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createCellPredictor, type PredictorResult } from '../predictor/cellPredictor.ts';
import { createKernels } from '../predictor/createKernels.ts';

const MODEL = 'models/nas-bench-201';
const MAX_WEIGHT_BYTES = 256 * 2 ** 20;

/** `modelFolder`: where model.json lies, the shipped model where left out. */
export function loadCellPredictor(
  productFolder: string,
  modelFolder = path.join(productFolder, MODEL),
): PredictorResult {
  const read = (file: string): Uint8Array | undefined => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size <= MAX_WEIGHT_BYTES ? readFileSync(file) : undefined;
  };
  const wasm = read(path.join(productFolder, 'kernels.wasm'));
  return createCellPredictor(
    (name) => read(path.join(modelFolder, name)),
    (bytes) => new TextDecoder().decode(bytes),
    createKernels(wasm),
  );
}
