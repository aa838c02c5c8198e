// Compiles kernels.ts to WebAssembly with SIMD: compileKernels() -> the bytes, a few KB, without imports.
import asc from 'assemblyscript/asc';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const source = path.join(import.meta.dirname, 'kernels.ts');

/** @returns {Promise<Uint8Array>} */
export async function compileKernels() {
  const text = repeated(await readFile(source, 'utf8'));
  let bytes;
  const { error, stderr } = await asc.main(
    [
      'kernels.ts',
      ...['--outFile', 'kernels.wasm'],
      ...['--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '--optimizeLevel', '3', '--shrinkLevel', '0'],
      ...['--converge', '--noAssert', '--initialMemory', '1'],
    ],
    {
      readFile: (name) => (name === 'kernels.ts' ? text : null),
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes;
}

/** Writes the lines between "// repeat N" and "// end of repeat" N times: the compiler unrolls no loops. */
function repeated(text) {
  return text.replace(/^ *\/\/ repeat (\d+)\n([^]*?)^ *\/\/ end of repeat\n/gm, (_, count, lines) =>
    lines.repeat(count),
  );
}
