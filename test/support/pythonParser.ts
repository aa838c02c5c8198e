/**
 * A Python parser for tests, with the wasm files from node_modules; one for each test file.
 */
import { readFile } from 'node:fs/promises';
import { createPythonParser } from '../../server/src/syntax/pythonParser.ts';
import type { PythonParser } from '../../server/src/syntax/pythonParser.ts';

let parser: Promise<PythonParser> | undefined;

export async function loadPythonParser(): Promise<PythonParser> {
  return (parser ??= load());
}

async function load(): Promise<PythonParser> {
  const modules = new URL('../../node_modules/', import.meta.url);
  const [treeSitterWasm, pythonWasm] = await Promise.all([
    readFile(new URL('web-tree-sitter/web-tree-sitter.wasm', modules)),
    readFile(new URL('tree-sitter-python/tree-sitter-python.wasm', modules)),
  ]);
  return createPythonParser({ treeSitterWasm, pythonWasm });
}
