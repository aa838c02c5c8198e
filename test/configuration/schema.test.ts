/**
 * The JSON schema, which editors complete and check with, against the parser: one table of configurations that both
 * must take or both refuse. What a schema cannot say is marked, and refused by the parser alone.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { DATASETS } from '../../server/src/frontends/nasCell/network/datasets.ts';
import { DATASET_IDS, parseConfiguration } from '../../server/src/configuration/parseConfiguration.ts';

const root = path.join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(path.join(root, 'syntaxes/layercost.schema.json'), 'utf8')) as SchemaNode;
const deviceIds = readdirSync(path.join(root, 'models/devices')).map((name) => name.replace('.json', ''));

interface SchemaNode {
  readonly enum?: readonly string[];
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly [key: string]: unknown;
}

/** Keywords of VS Code's own; everything else must be JSON schema. */
function compile(): ValidateFunction {
  const ajv = new Ajv({ strictTypes: false, allErrors: true, keywords: ['defaultSnippets', 'allowTrailingCommas'] });
  return ajv.compile(schema);
}

const entry = (extra: object): object => ({ entries: [{ model: 'net.py:Net', ...extra }] });
const budgets = (extra: object): object => entry({ budgets: extra });
const growth = (extra: object): object => budgets({ growth: extra });

const cell = (extra: object): object => ({ entries: [{ cell: '|nor_conv_3x3~0|', ...extra }] });

const VALID: readonly unknown[] = [
  cell({}),
  cell({ name: 'x', dataset: 'imagenet16-120', devices: ['t4'], allowUnknown: true }),
  cell({ budgets: { params: '1M', latency: { t4: '1 ms', pixel3: { predicted: '1 ms', upper: '2 ms' } } } }),
  cell({ budgets: { accuracy: { cifar10: '>= 92 %' }, growth: { latency: { pixel3: { upper: '+5 %' } } } } }),

  {},
  { $schema: 'x', devices: ['t4'], searchPaths: ['src'], entries: [] },
  ...[
    'net.py',
    'a/ü.py:Net',
    'x.onnx',
    'X.ONNX',
    'm.pyi:f',
    'torchvision.models:resnet50',
    'models/**/*.py:*Net',
    'e/*.onnx',
    '../a.py:b.c',
  ].map((model) => ({ entries: [{ model }] })),
  entry({ name: 'x', args: { width: 0.5, ü: [1, null, { a: true }] }, allowUnknown: true, devices: [] }),
  entry({ args: 'width=0.5' }),
  ...['1x3x224x224', '1×3', 'N', 'scalar', '1x128:int64', 'tokens=Nx128:int64', '1x3,1x4', ['1x3', 'b=2']].map(
    (input) => entry({ input }),
  ),
  ...[
    '5M',
    '5 M',
    '<= 5M',
    '≤5M',
    '7B',
    '300k',
    '5 params',
    '1.5e6',
    5_000_000,
    'off',
    ['warn', '5M'],
    ['error', 5],
    ['off', '5M'],
  ].map((params) => budgets({ params })),
  ...['300M', '300 MMACs', '5 MACs', '1.8G MACs', 7].map((macs) => budgets({ macs })),
  ...['20 MiB', '20MB', '4 kB', '1 GiB', '12 B', '.5 TiB'].map((bytes) =>
    budgets({ weights: bytes, activations: bytes, peakMemory: ['warn', bytes] }),
  ),
  ...[
    '2.5 ms',
    '300 us',
    '300 µs',
    '300 μs',
    '1 s',
    '5ns',
    'off',
    { predicted: '1 ms', upper: ['warn', '2 ms'], roofline: '1 us' },
  ].map((time) => budgets({ latency: { t4: time } })),
  ...['>= 74 %', '74.5%', '≥ 100 %', '0 %'].map((share) => budgets({ accuracy: { 'imagenet-top1': share } })),
  growth({ params: '+5 %', macs: '5%', weights: '+1 MiB', peakMemory: '+0 %', activations: ['warn', '+1.5 %'] }),
  { devices: ['t4'], ...growth({ latency: '+5 %' }) },
  growth({ latency: { t4: '+0.2 ms', a100: { predicted: '+5 %' } } }),
  growth({ accuracy: { x: '-0.5 points', y: '1 point', z: '-1 percentage point' } }),
];

const INVALID: readonly unknown[] = [
  cell({ model: 'net.py' }),
  cell({ args: 'x=1' }),
  cell({ input: '1x3' }),
  cell({ dataset: 'cifar11' }),
  cell({ budgets: { param: '1M' } }),
  cell({ budgets: { latency: { pixel3: { median: '1 ms' } } } }),
  cell({ budgets: { latency: { 'pixel 3': { upper: '1 ms' } } } }),
  { entries: [{ cell: '' }] },
  { entries: [{ cell: 'x'.repeat(10_001) }] },
  entry({ dataset: 'cifar10' }),
  budgets({ latency: { pixel3: { upper: '1 ms' } } }),
  [],
  null,
  'net.py',
  { entires: [] },
  { devices: 't4' },
  { devices: ['t5'] },
  { searchPaths: [''] },
  { searchPaths: 'src' },
  { entries: {} },
  { entries: ['net.py'] },
  { entries: [{ name: 'x' }] },
  ...[
    '',
    'net',
    'models/*',
    '/net.py',
    'C:/net.py',
    'a\\net.py',
    'x.onnx:Net',
    '*.onnx:Net',
    `${'a'.repeat(500)}.py`,
    7,
  ].map((model) => ({
    entries: [{ model }],
  })),
  entry({ name: '' }),
  entry({ inputs: '1x3' }),
  entry({ args: 5 }),
  entry({ args: { 'a-b': 1 } }),
  entry({ allowUnknown: 'yes' }),
  ...['1xx3', '', '1x3px', '1x-3', [], [7], { a: 1 }, '1x3,'].map((input) => entry({ input })),
  entry({ budgets: [] }),
  budgets({ param: '5M' }),
  ...[
    '5m',
    'five',
    '5 MiB',
    '-5M',
    '>= 5M',
    -5,
    5.5,
    true,
    null,
    ['warm', '5M'],
    ['warn'],
    ['warn', '5M', 1],
    ['5M', 'warn'],
  ].map((params) => budgets({ params })),
  ...['3.6 GFLOPs', '7B', '5 params'].map((macs) => budgets({ macs })),
  ...['20', '20 M', '20 KB', '20 Mb', 20, '20 ms'].map((weights) => budgets({ weights })),
  ...['2.5', 2.5, '1 min', '1 MiB', { median: '1 ms' }, ['warn', { predicted: '1 ms' }]].map((time) =>
    budgets({ latency: { t4: time } }),
  ),
  budgets({ latency: '2.5 ms' }),
  budgets({ latency: { t5: '2.5 ms' } }),
  ...['74', 0.74, '<= 74 %', '174 %', '-1 %'].map((share) => budgets({ accuracy: { x: share } })),
  budgets({ accuracy: { 'a b': '74 %' } }),
  budgets({ accuracy: '74 %' }),
  ...['-5 %', '+5 ms', 'much', '+x %', 5].map((params) => growth({ params })),
  growth({ speed: '+5 %' }),
  growth({ accuracy: { x: '-1 %' } }),
  growth({ accuracy: { x: '+1 point' } }),
];

/** Two entries of one name, a device that must be named somewhere, keywords of Python, dtypes, limits of globs. */
const BEYOND_SCHEMA: readonly unknown[] = [
  cell({ budgets: { latency: { pixel3: '1 ms' } } }),
  { entries: [{ model: 'a.py' }, { model: 'a.py' }] },
  growth({ latency: '+5 %' }),
  entry({ args: { class: 1 } }),
  entry({ input: '1x3:float99' }),
  entry({ input: ['a=1', 'a=2'] }),
  budgets({ params: '0.5' }),
  { entries: [{ model: '*a*b*c*d.py' }] },
  { entries: [{ model: 'net-work/net.py:not a name' }] },
];

describe('the schema', () => {
  const validate = compile();
  const problemsOf = (value: unknown): readonly string[] =>
    parseConfiguration(JSON.stringify(value), '/w/layercost.json', {
      kind: 'json',
      knownDeviceIds: deviceIds,
    }).problems.map(({ message }) => message);

  it.each(VALID.map((value) => [JSON.stringify(value), value]))('takes %s', (_text, value) => {
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    expect(problemsOf(value)).toEqual([]);
  });

  it.each(INVALID.map((value) => [JSON.stringify(value), value]))('refuses %s', (_text, value) => {
    expect(validate(value)).toBe(false);
    expect(problemsOf(value)).not.toEqual([]);
  });

  it.each(BEYOND_SCHEMA.map((value) => [JSON.stringify(value), value]))('leaves %s to the parser', (_text, value) => {
    expect(validate(value)).toBe(true);
    expect(problemsOf(value)).not.toEqual([]);
  });

  it('names the data sets that there are', () => {
    const datasets = DATASETS.map(({ id }) => id);
    expect([...DATASET_IDS]).toEqual(datasets);
    expect(schema.definitions?.['entry']).toMatchObject({ properties: { dataset: { enum: datasets } } });
  });

  it('names the devices that there are', () => {
    expect(schema.definitions?.['device']?.enum).toEqual([...deviceIds].sort());
  });

  it('gives examples that it takes itself', () => {
    const ajv = new Ajv({ strictTypes: false, keywords: ['defaultSnippets', 'allowTrailingCommas'] }).addSchema(
      schema,
      'own',
    );
    const examples = Object.entries(schema.definitions ?? {}).flatMap(([name, { examples: list }]) =>
      (Array.isArray(list) ? list : []).map((example: unknown) => [name, example] as const),
    );
    expect(examples.length).toBeGreaterThan(20);
    for (const [name, example] of examples) {
      expect(ajv.validate(`own#/definitions/${name}`, example), `${name}: ${JSON.stringify(example)}`).toBe(true);
    }
  });
});
