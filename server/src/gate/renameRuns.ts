/**
 * Renames as people made them: "layer1.0.conv1" -> "stage1.0.conv1" and 20 more such are one rename of layer1 to stage1;
 * blocks that were shifted are one run: layers.3 … layers.19 -> layers.4 … layers.20.
 */

export interface RenameRun {
  /** First and last part that was renamed, the same where it is one: "layers.3", "layers.19". */
  readonly from: readonly [first: string, last: string];
  readonly to: readonly [first: string, last: string];
  readonly layerCount: number;
}

/** Renames in order -> runs in order of their first layer. */
export function renameRuns(
  renames: readonly { readonly before: string; readonly after: string }[],
): readonly RenameRun[] {
  const groups = new Map<string, { readonly from: string; readonly to: string; layerCount: number }>();
  for (const { before, after } of renames) {
    const [from, to] = renamedParts(before, after);
    const key = `${from}\n${to}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { from, to, layerCount: 1 });
    else group.layerCount++;
  }
  const runs: RenameRun[] = [];
  for (const { from, to, layerCount } of groups.values()) {
    const last = runs.at(-1);
    if (last !== undefined && isNext(last.from[1], from) && isNext(last.to[1], to)) {
      runs[runs.length - 1] = {
        from: [last.from[0], from],
        to: [last.to[0], to],
        layerCount: last.layerCount + layerCount,
      };
    } else runs.push({ from: [from, from], to: [to, to], layerCount });
  }
  return runs;
}

/** Both names without the parts that they end with in common; a name is never left empty. */
function renamedParts(before: string, after: string): readonly [from: string, to: string] {
  const [from, to] = [before.split(SEPARATOR), after.split(SEPARATOR)];
  while (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-1)) {
    from.pop();
    to.pop();
  }
  return [from.join(''), to.join('')];
}

/** Before a dot or slash, which stays with what follows it: "a.0/add" -> "a", ".0", "/add". */
const SEPARATOR = /(?=[./])/;

/** "layers.3" and "layers.4". */
function isNext(one: string, other: string): boolean {
  const [, prefix, number] = /^(.*?)(\d{1,9})$/s.exec(one) ?? [];
  return prefix !== undefined && `${prefix}${Number(number) + 1}` === other;
}
