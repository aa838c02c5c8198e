/**
 * RNN, GRU, LSTM and their cells, with PyTorch's weight names.
 * LSTM(10, 20) holds weight_ih_l0 80x10, weight_hh_l0 80x20, bias_ih_l0 80, bias_hh_l0 80.
 */
import { members } from '../../../evaluation/builtins/define.ts';
import type { Runtime } from '../../../evaluation/runtime.ts';
import { PyFloat, PyList, PyProperty, PyTuple, PyUnknown, type Value } from '../../../evaluation/values.ts';
import { multiplyDims, type Dim } from '../../../graph/dim.ts';
import type { Shape } from '../../../graph/tensorType.ts';
import type { Operator } from '../../../operators/operator.ts';
import {
  gru,
  gruCell,
  lstm,
  lstmCell,
  rnn,
  rnnCell,
  type RecurrentAttributes,
  type RecurrentCellAttributes,
} from '../../../operators/recurrent.ts';
import { record } from '../record.ts';
import { TensorValue } from '../tensorValue.ts';
import { asBoolean, asDim, asInt, asTensor, guardUnknown, plainInt } from '../torchNatives.ts';
import { INERT_METHOD, type LayerBuild, type LayerSpec } from './layerSpec.ts';
import { PackedSequenceValue, packedLike, paddedTensor } from './packedSequence.ts';

type Mode = 'RNN' | 'GRU' | 'LSTM';

const GATES: Readonly<Record<Mode, number>> = { RNN: 1, GRU: 3, LSTM: 4 };
const OPERATORS: Readonly<Record<Mode, Operator<RecurrentAttributes>>> = { RNN: rnn, GRU: gru, LSTM: lstm };
const CELLS: Readonly<Record<Mode, Operator<RecurrentCellAttributes>>> = { RNN: rnnCell, GRU: gruCell, LSTM: lstmCell };

const REST = 'bias=True, batch_first=False, dropout=0.0, bidirectional=False';
const SIGNATURES: Readonly<Record<Mode, string>> = {
  RNN: `input_size, hidden_size, num_layers=1, nonlinearity='tanh', ${REST}, device=None, dtype=None`,
  GRU: `input_size, hidden_size, num_layers=1, ${REST}, device=None, dtype=None`,
  LSTM: `input_size, hidden_size, num_layers=1, ${REST}, proj_size=0, device=None, dtype=None`,
};

function recurrentLayer(mode: Mode): LayerSpec {
  return {
    signature: `${mode}(${SIGNATURES[mode]})`,
    base: 'RNNBase',
    module: 'rnn',
    build: (layer) => {
      const nonlinearity = layer.value('nonlinearity');
      if (mode === 'RNN' && typeof nonlinearity === 'string' && nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
        layer.refuse('ValueError', `Unknown nonlinearity '${nonlinearity}'. Select from 'tanh' or 'relu'.`);
      }
      layer.set('mode', mode === 'RNN' ? `RNN_${layer.runtime.str(nonlinearity).toUpperCase()}` : mode);
      if (mode !== 'LSTM') layer.set('proj_size', 0);
      buildWeights(layer, GATES[mode]);
    },
    methods: members(`torch.nn.${mode}`, {
      'forward(self, input, hx=None)': (runtime, self, input, hx) =>
        guardUnknown(runtime, `torch.nn.${mode}`, [input, hx], () => runSequence(runtime, self, input, hx, mode)),
    }),
  };
}

/** weight_ih, weight_hh, bias_ih, bias_hh, weight_hr for each layer and direction. */
function buildWeights(layer: LayerBuild, gates: number): void {
  const hidden = layer.dim('hidden_size');
  const layers = layer.int('num_layers');
  const projected = layer.value('proj_size') === null ? 0 : layer.dim('proj_size');
  const isProjected = projected !== 0;
  const gateSize = multiplyDims(hidden, gates);
  const directions = layer.flag('bidirectional') ? ['', '_reverse'] : [''];
  const stateSize = isProjected ? projected : hidden;
  checkSizes(layer, layers, gates);
  const names: Value[] = [];
  const add = (name: string, shape: Shape): void => {
    names.push(name);
    layer.parameter(name, shape);
  };
  for (let index = 0; index < layers; index++) {
    layer.runtime.step(1);
    const inputSize = index === 0 ? layer.dim('input_size') : multiplyDims(stateSize, directions.length);
    for (const direction of directions) {
      const suffix = `_l${index}${direction}`;
      add(`weight_ih${suffix}`, [gateSize, inputSize]);
      add(`weight_hh${suffix}`, [gateSize, stateSize]);
      if (layer.flag('bias')) {
        add(`bias_ih${suffix}`, [gateSize]);
        add(`bias_hh${suffix}`, [gateSize]);
      }
      if (isProjected) add(`weight_hr${suffix}`, [projected, hidden]);
    }
  }
  layer.set('_flat_weights_names', new PyList(names));
}

function checkSizes(layer: LayerBuild, layers: number, gates: number): void {
  const dropout = layer.value('dropout');
  const p = dropout instanceof PyFloat ? dropout.value : dropout;
  if (typeof p === 'boolean' || (typeof p === 'number' && (p < 0 || p > 1))) {
    layer.refuse('ValueError', 'dropout should be a number in range [0, 1]');
  }
  if (p === null || p instanceof PyTuple || p instanceof PyList) {
    layer.refuse('TypeError', `float() argument must be a real number, not ${layer.runtime.repr(p)}`);
  }
  const bias = layer.value('bias');
  if (bias === null) layer.refuse('TypeError', 'bias should be of type bool, got: NoneType');
  const isPositive = (name: string): void => {
    const size = layer.dim(name);
    if (typeof size === 'number' && size <= 0) layer.refuse('ValueError', `${name} must be greater than zero`);
  };
  isPositive('input_size');
  isPositive('hidden_size');
  if (layers <= 0) layer.refuse('ValueError', 'num_layers must be greater than zero');
  const [hidden, projected] = [layer.dim('hidden_size'), layer.value('proj_size')];
  if (typeof projected !== 'number' || typeof hidden !== 'number') return;
  if (projected < 0) {
    layer.refuse('ValueError', 'proj_size should be a positive integer or zero to disable projections');
  }
  if (projected >= hidden) layer.refuse('ValueError', 'proj_size has to be smaller than hidden_size');
  if (projected > 0 && gates !== GATES.LSTM) {
    layer.refuse('ValueError', 'proj_size argument is only supported for LSTM, not RNN or GRU');
  }
}

function runSequence(runtime: Runtime, self: Value, input: Value, hx: Value, mode: Mode): Value {
  const attribute = (name: string): Value => runtime.getAttribute(self, name);
  const isPacked = input instanceof PackedSequenceValue;
  const isBatchFirst = asBoolean(runtime, attribute('batch_first'), 'batch_first');
  const x = isPacked ? paddedTensor(runtime, input) : asTensor(runtime, input, 'input');
  const names = attribute('_flat_weights_names');
  const weights = (names instanceof PyList ? names.items : []).map((name) =>
    asTensor(runtime, attribute(runtime.str(name)), runtime.str(name)),
  );
  const steps = x.type.shape?.length === 3 && isBatchFirst && !isPacked ? x.type.shape[1] : x.type.shape?.[0];
  if (steps === 0) runtime.raise('RuntimeError', 'Expected sequence length to be larger than 0 in RNN');
  const operands = [x, ...initialStates(runtime, hx, mode), ...weights];
  const attributes: RecurrentAttributes = {
    hiddenSize: asDim(runtime, plainInt(attribute('hidden_size')), 'hidden_size'),
    inputSize: asDim(runtime, plainInt(attribute('input_size')), 'input_size'),
    numLayers: asInt(runtime, plainInt(attribute('num_layers')), 'num_layers'),
    isBidirectional: asBoolean(runtime, attribute('bidirectional'), 'bidirectional'),
    // Packed sequences are padded steps first.
    isBatchFirst: isBatchFirst && !isPacked,
    projSize: asDim(runtime, plainInt(attribute('proj_size')), 'proj_size'),
    hasBias: asBoolean(runtime, attribute('bias'), 'bias'),
  };
  const [output, ...states] = record(runtime, OPERATORS[mode], attributes, operands, `torch.nn.${mode}`);
  const result = isPacked && output !== undefined ? packedLike(runtime, input, output) : (output ?? null);
  return new PyTuple([result, stateValue(states, mode)]);
}

/** h0, and for an LSTM c0; undefined where they are zeros. */
function initialStates(runtime: Runtime, hx: Value, mode: Mode): readonly (TensorValue | undefined)[] {
  const isLstm = mode === 'LSTM';
  if (hx === null) return isLstm ? [undefined, undefined] : [undefined];
  if (!isLstm) return [asTensor(runtime, hx, 'hx')];
  if (hx instanceof PyUnknown) return [undefined, undefined];
  const [h = null, c = null] = [...runtime.iterate(hx)];
  return [asTensor(runtime, h, 'hx'), asTensor(runtime, c, 'hx')];
}

function stateValue(states: readonly TensorValue[], mode: Mode): Value {
  return mode === 'LSTM' ? new PyTuple(states) : (states[0] ?? null);
}

function cellLayer(mode: Mode): LayerSpec {
  const nonlinearity = mode === 'RNN' ? ", nonlinearity='tanh'" : '';
  return {
    signature: `${mode}Cell(input_size, hidden_size, bias=True${nonlinearity}, device=None, dtype=None)`,
    base: 'RNNCellBase',
    module: 'rnn',
    build: (layer) => {
      const hidden = layer.dim('hidden_size');
      const gateSize = multiplyDims(hidden, GATES[mode]);
      const hasBias = layer.flag('bias');
      layer.parameter('weight_ih', [gateSize, layer.dim('input_size')]);
      layer.parameter('weight_hh', [gateSize, hidden]);
      layer.parameterIf(hasBias, 'bias_ih', [gateSize]);
      layer.parameterIf(hasBias, 'bias_hh', [gateSize]);
    },
    methods: members(`torch.nn.${mode}Cell`, {
      'forward(self, input, hx=None)': (runtime, self, input, hx) =>
        guardUnknown(runtime, `torch.nn.${mode}Cell`, [input, hx], () => runCell(runtime, self, input, hx, mode)),
    }),
  };
}

function runCell(runtime: Runtime, self: Value, input: Value, hx: Value, mode: Mode): Value {
  const size = (name: string): Dim => asDim(runtime, plainInt(runtime.getAttribute(self, name)), name);
  const weights = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']
    .map((name) => runtime.getAttribute(self, name))
    .filter((value) => value instanceof TensorValue);
  const operands = [asTensor(runtime, input, 'input'), ...initialStates(runtime, hx, mode), ...weights];
  const attributes = { hiddenSize: size('hidden_size'), inputSize: size('input_size'), hasBias: weights.length > 2 };
  return stateValue(record(runtime, CELLS[mode], attributes, operands, `torch.nn.${mode}Cell`), mode);
}

const baseMembers = new Map<string, Value>([
  ['flatten_parameters', INERT_METHOD],
  [
    'all_weights',
    new PyProperty(
      members('torch.nn.RNNBase', {
        'all_weights(self)': (runtime, self) => {
          const names = runtime.getAttribute(self, '_flat_weights_names');
          const list = names instanceof PyList ? names.items : [];
          return new PyList([new PyList(list.map((name) => runtime.getAttribute(self, runtime.str(name))))]);
        },
      }).get('all_weights') ?? null,
    ),
  ],
]);

export const recurrentLayers: readonly LayerSpec[] = [
  {
    signature: `RNNBase(mode, input_size, hidden_size, num_layers=1, ${REST}, proj_size=0, device=None, dtype=None)`,
    module: 'rnn',
    build: (layer) => {
      const mode = layer.value('mode');
      buildWeights(layer, mode === 'LSTM' ? GATES.LSTM : mode === 'GRU' ? GATES.GRU : GATES.RNN);
    },
    methods: baseMembers,
  },
  ...(['RNN', 'GRU', 'LSTM'] as const).map(recurrentLayer),
  {
    signature: 'RNNCellBase(input_size, hidden_size, bias, num_chunks, device=None, dtype=None)',
    module: 'rnn',
  },
  ...(['RNN', 'GRU', 'LSTM'] as const).map(cellLayer),
];
