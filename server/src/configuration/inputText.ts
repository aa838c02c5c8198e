/**
 * Inputs as people write them: "1x3x224x224", "1x128:int64", "tokens=Nx128:int64", several with commas.
 * The same words serve `--input`, `# layercost: input=...` and the configuration.
 */
import { symbolDim, type Dim } from '../graph/dim.ts';
import { isDType, type DType } from '../graph/dtype.ts';
import type { Shape } from '../graph/tensorType.ts';

export interface InputSpec {
  /** The argument or graph input that it is for; by position where it is left out. */
  readonly name: string | undefined;
  readonly shape: Shape;
  /** The entry's own default where it is left out. */
  readonly dtype: DType | undefined;
}

export type InputTextResult =
  | { readonly kind: 'ok'; readonly inputs: readonly InputSpec[] }
  | { readonly kind: 'invalid'; readonly message: string };

export function parseInputText(text: string): InputTextResult {
  const inputs: InputSpec[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const match = /^(?:([A-Za-z_][\w.:/-]*)=)?([^:=]*)(?::(\w+))?$/.exec(part);
    const [, name, shapeText = '', dtype] = match ?? [];
    const shape = match === null ? undefined : parseShape(shapeText);
    if (shape === undefined) {
      return invalid(`input "${part}" is not a shape such as 1x3x224x224, 1x128:int64 or tokens=1x128:int64`);
    }
    if (dtype !== undefined && !isDType(dtype)) return invalid(`input "${part}" names the unknown dtype "${dtype}"`);
    inputs.push({ name, shape, dtype });
  }
  return { kind: 'ok', inputs };
}

/** "1x3x224x224" and "1×3×224×224"; a name is a symbol; "scalar" is []. */
function parseShape(text: string): Shape | undefined {
  if (text === 'scalar') return [];
  const dims = text.split(/[x×]/).map(parseDim);
  return dims.some((dim) => dim === undefined) ? undefined : (dims as Dim[]);
}

function parseDim(text: string): Dim | undefined {
  if (/^\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
  return /^[A-Z_a-wyz][\w]*$/.test(text) ? symbolDim(text) : undefined;
}

function invalid(message: string): InputTextResult {
  return { kind: 'invalid', message };
}
