/**
 * Sliding windows: the arithmetic that convolution and pooling share, for one to three spatial axes.
 * Input 224, kernel 7, stride 2, padding [3, 3] -> 112 windows.
 */
import type { Dim } from '../graph/dim.ts';

/** Elements added before and after the input along one axis. */
export type PaddingPair = readonly [begin: Dim, end: Dim];

/**
 * One pair per spatial axis (or a single pair for all), or a rule:
 * `same` is PyTorch's (stride 1, the odd element at the end), `sameUpper` and `sameLower` are ONNX's auto_pad
 * (output = ceil(input / stride), the odd element at the end or at the beginning), `valid` is no padding.
 */
export type Padding = readonly PaddingPair[] | 'same' | 'sameUpper' | 'sameLower' | 'valid';
