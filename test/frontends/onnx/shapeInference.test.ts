/**
 * Inferred types against onnx.shape_inference and against what onnx's own tests compute, for every operator
 * (truth/data/onnx/nodeCases.json.gz) and every real model (truth/data/onnx/inferredShapes.json.gz).
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { printType, type ValueType } from '../../../server/src/graph/tensorType.ts';
import { analyzeOnnx, type OnnxResult } from '../../../server/src/frontends/onnx/analyzeOnnx.ts';
import { memoryByteSource } from '../../../server/src/frontends/onnx/byteSource.ts';
import { modelFiles } from './modelFiles.ts';
import { bytesField, concat } from './onnxWriter.ts';
import { addToTally, emptyTally, tallyText, type Tally } from './typeAgreement.ts';

interface NodeCase {
  readonly name: string;
  readonly model: string;
  readonly inferred: Readonly<Record<string, string>>;
  readonly constants: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
}

interface FileTruth {
  readonly inferred: Readonly<Record<string, string>>;
  readonly declared: Readonly<Record<string, string>>;
}

function readTruth(name: string): unknown {
  const bytes = readFileSync(new URL(`../../truth/data/onnx/${name}`, import.meta.url));
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

// Written by make_node_cases.py, make_inferred_shapes.py and make_microsoft_cases.py.
const { cases } = readTruth('nodeCases.json.gz') as { readonly cases: readonly NodeCase[] };
const { files } = readTruth('inferredShapes.json.gz') as { readonly files: Readonly<Record<string, FileTruth>> };
const microsoft = readTruth('microsoftCases.json') as {
  readonly cases: readonly Pick<NodeCase, 'name' | 'model' | 'outputs'>[];
};

function analyze(bytes: Uint8Array): OnnxResult {
  return analyzeOnnx(memoryByteSource(bytes), { file: 'model.onnx', usesDeclared: false });
}

/** Adds a result to a tally; valid models give no problem at all. */
function compare(tally: Tally, name: string, result: OnnxResult, truth: Readonly<Record<string, string>>): void {
  for (const { code, message, severity } of result.problems) {
    if (severity !== 'information') tally.misses.push(`problem: ${name}: ${code}: ${message}`);
  }
  for (const [value, text] of Object.entries(truth)) {
    if (value === 'error') continue;
    const ours: ValueType | undefined = result.valueTypes.get(value);
    addToTally(tally, `${name} ${value}`, ours, text, ours === undefined ? 'nothing' : printType(ours));
  }
}

function print(title: string, tally: Tally, allowedGaps: RegExp): void {
  console.log(`${title}: ${tallyText(tally)}${tally.misses.map((miss) => `\n  ${miss}`).join('')}`);
  expect(tally.misses.filter((miss) => !allowedGaps.test(miss))).toEqual([]);
}

/**
 * What a loop hands on has one type for all its runs in our reading: the slice that changes its place, and the sequence
 * that grows from an empty one, are open where the truth looks at one run.
 */
const LOOPS = /^gap: test_loop(11|13_seq|16_seq_none) /;

/** Sizes that only the data tells; and bfloat16, which the script cannot write as a constant. */
const DATA = /^gap: test_(loop11|unique_|image_decoder|nonmaxsuppression|string_split|strnormalizer|range_bfloat16)/;

/** A limit for a hang, far above what the runs take. */
const MINUTES = 300_000;

test(
  'types of single operators agree with onnx.shape_inference',
  () => {
    const tally = emptyTally();
    for (const { name, model, inferred } of cases)
      compare(tally, name, analyze(Buffer.from(model, 'base64')), inferred);
    print(`${cases.length} operator cases against onnx.shape_inference`, tally, LOOPS);
  },
  MINUTES,
);

test(
  'types of single operators agree with what the reference computes',
  () => {
    const tally = emptyTally();
    for (const { name, model, constants, outputs } of cases) {
      const initializers = constants.map((tensor) => bytesField(5, Buffer.from(tensor, 'base64')));
      const bytes = concat(Buffer.from(model, 'base64'), bytesField(7, concat(...initializers)));
      compare(tally, name, analyze(bytes), outputs);
    }
    print(`${cases.length} operator cases against computed outputs`, tally, DATA);
  },
  MINUTES,
);

test(
  "types of com.microsoft's operators agree with what onnxruntime computes",
  () => {
    const tally = emptyTally();
    for (const { name, model, outputs } of microsoft.cases) {
      compare(tally, name, analyze(Buffer.from(model, 'base64')), outputs);
    }
    print(`${microsoft.cases.length} com.microsoft cases against onnxruntime`, tally, /^$/);
  },
  MINUTES,
);

test(
  'types of real models agree with onnx.shape_inference',
  () => {
    const { light, wheel } = modelFiles();
    const tally = emptyTally();
    for (const { name, path } of [...light, ...wheel]) {
      compare(tally, name, analyze(readFileSync(path)), files[name]?.inferred ?? {});
    }
    print(`${light.length + wheel.length} models against onnx.shape_inference`, tally, /^$/);
  },
  MINUTES,
);
