/**
 * What a model took from the configuration, in words: "input and arguments from layercost.json".
 */
import type { Configured, Entry } from '../analysis/report.ts';

/** Undefined where it took nothing. */
export function configuredText({ configured }: Entry): string | undefined {
  if (configured === undefined) return undefined;
  const parts = [...(configured.hasInput ? ['input'] : []), ...(configured.hasArguments ? ['arguments'] : [])];
  return parts.length === 0 ? undefined : `${parts.join(' and ')} from ${configurationName(configured)}`;
}

/** "layercost.json", without its folders. */
export function configurationName({ file }: Configured): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
