/**
 * The settings of the editor, read in one place. Anything malformed falls back to its default.
 */
import { DEFAULT_DEVICE_ID } from '../cost/device.ts';

export interface Settings {
  /** Id of the device whose latency shows: "rtx-4090". */
  readonly deviceId: string;
  readonly showsCostHints: boolean;
  readonly showsShapeHints: boolean;
  readonly minParamCount: number;
  readonly minMacs: number;
  readonly showsLens: boolean;
  readonly showsHover: boolean;
  readonly showsDiagnostics: boolean;
  readonly comparesModels: boolean;
  /** The revision that models are compared with: "HEAD", "main...". */
  readonly compareBase: string;
  /** NAS cells in Python, JSON and plain text. */
  readonly showsCells: boolean;
  readonly showsCellHints: boolean;
  /** Id of the data set that cells' networks are built for: "cifar100"; undefined: the default, which nobody chose. */
  readonly cellDataset: string | undefined;
  /** A device that cells were measured on: "pixel3"; undefined: the target device. */
  readonly cellDevice: string | undefined;
  /** Folders to resolve imports from, before the environment's own. */
  readonly searchPaths: readonly string[];
}

/** Reads the section `layercost` of the client's configuration. */
export function parseSettings(section: unknown): Settings {
  return {
    deviceId: text(at(section, 'device')) ?? DEFAULT_DEVICE_ID,
    showsCostHints: flag(at(section, 'hints', 'cost', 'enable')) ?? true,
    showsShapeHints: flag(at(section, 'hints', 'shape', 'enable')) ?? true,
    minParamCount: count(at(section, 'hints', 'cost', 'minParams')) ?? 1,
    minMacs: count(at(section, 'hints', 'cost', 'minMacs')) ?? 1,
    showsLens: flag(at(section, 'lens', 'enable')) ?? true,
    showsHover: flag(at(section, 'hover', 'enable')) ?? true,
    showsDiagnostics: flag(at(section, 'diagnostics', 'enable')) ?? true,
    comparesModels: flag(at(section, 'compare', 'enable')) ?? true,
    compareBase: text(at(section, 'compare', 'base')) ?? 'HEAD',
    showsCells: flag(at(section, 'cells', 'enable')) ?? true,
    showsCellHints: flag(at(section, 'hints', 'cell', 'enable')) ?? true,
    cellDataset: text(at(section, 'cells', 'dataset')),
    cellDevice: text(at(section, 'cells', 'device')),
    searchPaths: texts(at(section, 'python', 'searchPaths')),
  };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
