/**
 * The program behind `layercost`: runs the command line of this process on its stdout and stderr.
 * `layercost analyze models/net.py:Net --input 1x3x224x224 --device t4 --format json`
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Printed } from '../base/escaping/printed.ts';
import { writeAll, type WriteResult } from '../node/writeAll.ts';
import { runCommandLine } from './commandLine.ts';

const STDOUT = 1;
const STDERR = 2;

/** The one place that writes to stdout and stderr, at once and in full, what was escaped, as its type says; Node's own streams lose what a full disk did not take. */
function writer(descriptor: number): (text: Printed) => WriteResult {
  return (text) => writeAll(descriptor, Buffer.from(text));
}

void runCommandLine(process.argv.slice(2), {
  folder: path.dirname(fileURLToPath(import.meta.url)),
  writeOut: writer(STDOUT),
  writeError: writer(STDERR),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
