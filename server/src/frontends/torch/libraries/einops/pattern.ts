/**
 * The patterns of einops (einops.rocks): "b c (h p1) (w p2) -> b (h w) (p1 p2 c)" as groups of axes.
 * "b 1 ... (h 2)" has the groups [b], [], ..., [h, 2]: () and 1 are empty groups, other numbers anonymous axes.
 */

export interface Axis {
  /** A name, or a number for an anonymous axis. */
  readonly name: string;
  /** Size of an anonymous axis. */
  readonly size: number | undefined;
}

export type Group = { readonly kind: 'axes'; readonly axes: readonly Axis[] } | { readonly kind: 'ellipsis' };

export interface Pattern {
  readonly left: readonly Group[];
  readonly right: readonly Group[];
}

export type PatternResult =
  { readonly kind: 'ok'; readonly pattern: Pattern } | { readonly kind: 'error'; readonly message: string };

/** Parses both sides; an error quotes the pattern. */
export function parsePattern(text: string): PatternResult {
  const sides = text.split('->');
  const [left, right] = sides;
  if (sides.length !== 2 || left === undefined || right === undefined) return failed(text, 'needs one "->"');
  const [leftGroups, rightGroups] = [parseSide(left), parseSide(right)];
  if (leftGroups === undefined || rightGroups === undefined) return failed(text, 'is not well formed');
  return { kind: 'ok', pattern: { left: leftGroups, right: rightGroups } };
}

/** Groups of one side; undefined where parentheses do not match or a name is odd. */
export function parseSide(text: string): readonly Group[] | undefined {
  const tokens = text.match(/\.\.\.|…|[()]|[^\s().…]+/g) ?? [];
  const groups: Group[] = [];
  let open: Axis[] | undefined;
  let anonymousCount = 0;
  for (const token of tokens) {
    if (token === '(') {
      if (open !== undefined) return undefined;
      open = [];
    } else if (token === ')') {
      if (open === undefined) return undefined;
      groups.push({ kind: 'axes', axes: open });
      open = undefined;
    } else if (token === '...' || token === '…') {
      if (open !== undefined) return undefined;
      groups.push({ kind: 'ellipsis' });
    } else {
      const axis = axisOf(token, anonymousCount++);
      if (axis === undefined) return undefined;
      const axes = axis.size === 1 ? [] : [axis];
      if (open === undefined) groups.push({ kind: 'axes', axes });
      else open.push(...axes);
    }
  }
  return open === undefined ? groups : undefined;
}

function axisOf(token: string, count: number): Axis | undefined {
  if (/^\d+$/.test(token)) return { name: `#${count}:${token}`, size: Number(token) };
  return /^[A-Za-z_]\w*$/.test(token) ? { name: token, size: undefined } : undefined;
}

function failed(text: string, what: string): PatternResult {
  return { kind: 'error', message: `the pattern "${text}" ${what}` };
}
