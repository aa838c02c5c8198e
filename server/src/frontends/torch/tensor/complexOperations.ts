/**
 * Complex tensors and Fourier transforms: torch.complex, torch.polar, torch.fft.*, torch.stft, window functions.
 * torch.fft.rfft2(2x3x8x8) -> 2x3x8x5 complex64.
 */
import type { Value } from '../../../evaluation/values.ts';
import { floorDivideDims, addDims, type Dim } from '../../../graph/dim.ts';
import { full } from '../../../operators/creation.ts';
import { fourierTransform, shortTimeFourier, type FourierAttributes } from '../../../operators/fourier.ts';
import { stack } from '../../../operators/join.ts';
import { roll } from '../../../operators/permute.ts';
import { viewAsComplex } from '../../../operators/viewAsType.ts';
import { dtypeArgument } from '../creation/creationArguments.ts';
import type { TensorValue } from '../tensorValue.ts';
import { asDim, sequenceItems, UnknownArgument, type TorchCall } from '../torchNatives.ts';
import { recordElementwise } from './operands.ts';
import { both, functionOnly, type TensorOperation } from './operation.ts';

function complexOf(call: TorchCall, real: TensorValue, imaginary: TensorValue): Value {
  return call.record(viewAsComplex, {}, [call.record(stack, { dim: -1 }, [real, imaginary])]);
}

function polar(call: TorchCall): Value {
  const [abs, angle] = [call.tensor('abs'), call.tensor('angle')];
  const part = (name: 'cos' | 'sin'): TensorValue =>
    recordElementwise(call, 'mul', [abs, recordElementwise(call, name, [angle])]);
  return complexOf(call, part('cos'), part('sin'));
}

/** [name, kind, how many dims: 1, 2, or any] */
const TRANSFORMS: readonly (readonly [string, FourierAttributes['kind'], 1 | 2 | 'n'])[] = [
  ['fft', 'complexToComplex', 1],
  ['ifft', 'complexToComplex', 1],
  ['rfft', 'realToComplex', 1],
  ['irfft', 'complexToReal', 1],
  ['hfft', 'complexToReal', 1],
  ['ihfft', 'realToComplex', 1],
  ['fft2', 'complexToComplex', 2],
  ['ifft2', 'complexToComplex', 2],
  ['rfft2', 'realToComplex', 2],
  ['irfft2', 'complexToReal', 2],
  ['fftn', 'complexToComplex', 'n'],
  ['ifftn', 'complexToComplex', 'n'],
  ['rfftn', 'realToComplex', 'n'],
  ['irfftn', 'complexToReal', 'n'],
];

function transform([name, kind, count]: (typeof TRANSFORMS)[number]): TensorOperation {
  if (count === 1) {
    return functionOnly(`${name}(input, n=None, dim=-1, norm=None)`, (call) => {
      const sizes = call.value('n') === null ? undefined : [call.dim('n')];
      return call.record(fourierTransform, { kind, dims: [call.int('dim')], sizes }, [call.tensor('input')]);
    });
  }
  const dim = count === 2 ? '(-2, -1)' : 'None';
  return functionOnly(`${name}(input, s=None, dim=${dim}, norm=None)`, (call) => {
    const input = call.tensor('input');
    const sizes = signalSizes(call);
    const dims = call.value('dim') === null ? defaultDims(input, sizes?.length) : call.intList('dim');
    return call.record(fourierTransform, { kind, dims, sizes }, [input]);
  });
}

function signalSizes(call: TorchCall): readonly (Dim | null)[] | undefined {
  if (call.value('s') === null) return undefined;
  return sequenceItems(call.runtime, call.value('s'), 's').map((size) =>
    size === null || size === -1 ? null : asDim(call.runtime, size, 's'),
  );
}

/** All dims, or the last ones where sizes are given. */
function defaultDims(input: TensorValue, count: number | undefined): readonly number[] {
  const rank = input.type.shape?.length;
  if (rank === undefined) throw new UnknownArgument('the rank of an argument is unknown');
  return Array.from({ length: count ?? rank }, (_, at) => at - (count ?? rank));
}

/** `fftshift` moves half of each dim to its other end. */
function shifted(call: TorchCall): Value {
  const input = call.tensor('input');
  const { shape } = input.type;
  const dims = call.value('dim') === null ? defaultDims(input, undefined) : call.intList('dim');
  const shifts = dims.map((dim) => floorDivideDims(shape?.at(dim) ?? 0, 2));
  return call.record(roll, { shifts, dims }, [input]);
}

function frequencies(name: string, count: (n: Dim) => Dim): TensorOperation {
  return functionOnly(`${name}(n, d=1.0, *, dtype=None, device=None, layout=None, requires_grad=False)`, (call) =>
    call.record(full, { shape: [count(call.dim('n'))], dtype: dtypeArgument(call) }, []),
  );
}

/** Members of `torch.fft`. */
export const fourierOperations: readonly TensorOperation[] = [
  ...TRANSFORMS.map(transform),
  functionOnly('fftshift(input, dim=None)', shifted),
  functionOnly('ifftshift(input, dim=None)', shifted),
  frequencies('fftfreq', (n) => n),
  frequencies('rfftfreq', (n) => addDims(floorDivideDims(n, 2), 1)),
];

function spectrogram(call: TorchCall): Value {
  const input = call.tensor('input');
  const windowLength = call.dim('n_fft');
  const hop = call.value('hop_length') === null ? floorDivideDims(windowLength, 4) : call.dim('hop_length');
  const attributes = {
    windowLength,
    hop,
    isCentered: call.boolean('center'),
    isOneSided: call.value('onesided') !== false,
    returnsComplex: call.value('return_complex') === true,
  };
  return call.record(shortTimeFourier, attributes, [input, call.optionalTensor('window')]);
}

function windowFunction(name: string): TensorOperation {
  const signature = `${name}_window(window_length, periodic=True, *, dtype=None, layout=None, device=None, requires_grad=False)`;
  return functionOnly(signature, (call) =>
    call.record(full, { shape: [call.dim('window_length')], dtype: dtypeArgument(call) }, []),
  );
}

/** Members of `torch`. */
export const complexOperations: readonly TensorOperation[] = [
  functionOnly('complex(real, imag)', (call) => complexOf(call, call.tensor('real'), call.tensor('imag'))),
  functionOnly('polar(abs, angle)', polar),
  both(
    "stft(input, n_fft, hop_length=None, win_length=None, window=None, center=True, pad_mode='reflect', normalized=False, onesided=None, return_complex=None)",
    spectrogram,
  ),
  ...['hann', 'hamming', 'blackman', 'bartlett', 'kaiser'].map(windowFunction),
];
