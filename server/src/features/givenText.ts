/**
 * What a model was given, in words: "input and arguments from layercost.json", "built for cifar10: input 1x3x32x32, ...".
 */
import type { Configured, Entry } from '../analysis/report.ts';

/** Undefined where it was given nothing that is told here. */
export function givenText({ configured, given }: Entry): string | undefined {
  if (configured === undefined) return given;
  const parts = [...(configured.hasInput ? ['input'] : []), ...(configured.hasArguments ? ['arguments'] : [])];
  return parts.length === 0 ? undefined : `${parts.join(' and ')} from ${configurationName(configured)}`;
}

/** "layercost.json", without its folders. */
export function configurationName({ file }: Configured): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
