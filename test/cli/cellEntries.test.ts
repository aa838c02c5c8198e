/**
 * NAS cells in the configuration, by the installed package with the networks that ship: the figures are those of
 * `layercost analyze --cell`, and what the weights do not know is unknown.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { gitSandbox, type GitSandbox } from '../node/git/gitSandbox.ts';
import { installPackedCommand, type CommandResult, type PackedCommand } from '../support/packedCommand.ts';

// Each starts many processes, which share a machine with others.
vi.setConfig({ testTimeout: 180_000 });

const CELL = '|nor_conv_3x3~0|+|nor_conv_3x3~0|skip_connect~1|+|skip_connect~0|nor_conv_3x3~1|none~2|';
const SMALLER = CELL.replace('nor_conv_3x3~0|+', 'nor_conv_1x1~0|+');

let command: PackedCommand;
let repository: GitSandbox;

interface Prediction {
  readonly value: number;
  readonly interval: readonly [number, number];
}
interface Analysis {
  readonly totals: { readonly paramCount: number };
  readonly predictions: { readonly accuracy: Prediction; readonly latencyMs: Readonly<Record<string, Prediction>> };
}
let analysis: Analysis;

beforeAll(() => {
  command = installPackedCommand();
  repository = gitSandbox('cells');
  configure(SMALLER, {});
  repository.commit('one');
  analysis = JSON.parse(
    command.run(repository.folder, ['analyze', '--cell', CELL, '--format', 'json']).stdout,
  ) as Analysis;
}, 120_000);

afterAll(() => {
  repository.remove();
  command.remove();
});

function configure(cell: string, budgets: object, more: object = {}): void {
  const entry = { name: 'searched', cell, budgets, ...more };
  writeFileSync(path.join(repository.folder, 'layercost.json'), JSON.stringify({ devices: ['t4'], entries: [entry] }));
}

function check(budgets: object, more: object = {}, ...args: readonly string[]): CommandResult {
  configure(CELL, budgets, more);
  return command.run(repository.folder, ['check', ...args]);
}

/** A number of ms just over or under one. */
const ms = (value: number, factor: number): string => `${value * factor} ms`;

it('holds what is counted and what is predicted, as analyze tells it', () => {
  const { totals, predictions } = analysis;
  const { value, interval } = predictions.latencyMs['pixel3'] ?? { value: NaN, interval: [NaN, NaN] };
  expect(interval[1]).toBeGreaterThan(value);
  const percent = (points: number): string => `>= ${predictions.accuracy.value + points} %`;
  const met = check({
    params: totals.paramCount,
    latency: { pixel3: { predicted: ms(value, 1.001), upper: ms(interval[1], 1.001) }, t4: '1 ms' },
    accuracy: { cifar10: percent(-0.01) },
  });
  expect([met.status, met.stderr]).toEqual([0, '']);
  const missed = check({
    params: totals.paramCount - 1,
    latency: { pixel3: { predicted: ms(value, 0.999), upper: ms(interval[1], 0.999) } },
    accuracy: { cifar10: percent(0.01) },
  });
  expect(missed.status).toBe(1);
  for (const part of [
    'parameters 802,426, budget 802425: 1 (',
    'latency on pixel3 (predicted)',
    'latency on pixel3 (upper)',
    'accuracy on cifar10 (predicted)',
    'below [budget-accuracy]',
  ]) {
    expect(missed.stdout).toContain(part);
  }
});

it.each([
  [{ latency: { pixl3: { upper: '1 s' } } }, {}, 1, 'unknown, as there is no latency on "pixl3"'],
  [{ accuracy: { cifar100: '1 %' } }, {}, 1, 'unknown, as there is no accuracy on cifar100 for this model'],
  [{ accuracy: { cifar100: '1 %' } }, { dataset: 'cifar100' }, 0, '1 passed'],
  [{ latency: { pixel3: '1 s' } }, {}, 2, '[unknown-device]'],
  [{}, { dataset: 'mnist' }, 2, '[unknown-dataset]'],
  [{}, { cell: '|foo~0|' }, 2, '[nas-cell-size]'],
  [{ latency: { pixel3: { upper: '1 s' } } }, { cell: 'x'.repeat(9_000) }, 2, '[unreadable-model]'],
  [{}, { input: '1x3x8x8' }, 2, '[unknown-key]'],
])('%j with %j ends with %i', (budgets, more, exitCode, says) => {
  const { status, stdout } = check(budgets, more);
  expect(stdout).toContain(says);
  expect(status).toBe(exitCode);
});

it.each([
  [{}, [], '1x3x32x32 float32 (assumed)', 'Assumed:\n  built for cifar10: input 1x3x32x32, 10 classes'],
  [
    { dataset: 'cifar10' },
    ['--dataset', 'cifar10'],
    '1x3x32x32 float32',
    'given   built for cifar10: input 1x3x32x32, 10 classes',
  ],
])('assumes a data set only where nobody named one: %j', (more, flags, checked, analyzed) => {
  const { stdout } = check({ params: '1M' }, more);
  expect(/1x3x32x32 float32(?: \(assumed\))?/.exec(stdout)?.[0]).toBe(checked);
  const report = command.run(repository.folder, ['analyze', '--cell', CELL, ...flags]).stdout;
  expect(report).toContain(analyzed);
  expect(report.includes('Assumed')).toBe(flags.length === 0);
});

it('holds growth against the cell that the base has under that name', () => {
  const growth = { params: '+0', latency: { pixel3: { predicted: '+0 %' } } };
  const { status, stdout } = check({ growth }, {}, '--base', 'HEAD', '--jobs', '2');
  expect(stdout).toContain('[growth-params]');
  expect(stdout).toContain('[growth-latency]');
  expect(stdout).toContain(`before: it was ${SMALLER}`);
  expect(status).toBe(1);
  const compared = command.run(repository.folder, ['diff']);
  expect(compared.stdout).toMatch(/parameters +\S+ +802\.4K/);
  expect(compared.status).toBe(0);
});
