/**
 * NAS cells within other text, such as strings of a Python file or values of a JSON file: where they start and end, those
 * with a mistake in them too. "best = '|skip_connect~0|+|none~0|none~1|+|none~0|none~1|none~2|'" has one, from 8 on.
 */
import type { TextRange } from '../../base/text.ts';
import { findCellLiterals } from './findCellLiterals.ts';
import { findCellStrings } from './findCellStrings.ts';

/** Characters that are searched; a file of all 15,625 cells of NAS-Bench-201 with their figures has 3 million. */
const SEARCH_LIMIT = 8_000_000;

export interface FoundCells {
  /** In the order of the text. */
  readonly cells: readonly TextRange[];
  /** Where the search ended: before the end in texts that are very long. */
  readonly searchedTo: number;
}

/** What no cell can do without: most texts have none of it, and are done with. */
const SIGN = /\w~\d{1,3}\||\bGenotype\s*\(|\bModelSpec\s*\(|["'](?:matrix|adjacency|module_adjacency|normal)["']\s*:/;

export function findCells(text: string): FoundCells {
  const searchedTo = Math.min(text.length, SEARCH_LIMIT);
  const searched = searchedTo < text.length ? text.slice(0, searchedTo) : text;
  if (!SIGN.test(searched)) return { cells: [], searchedTo };
  const found = [...findCellStrings(searched), ...findCellLiterals(searched)].sort((a, b) => a.start - b.start);
  let end = -1;
  const cells = found.filter((cell) => {
    if (cell.start < end) return false;
    end = cell.end;
    return true;
  });
  return { cells, searchedTo };
}
