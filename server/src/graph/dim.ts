/**
 * Dimensions: exact integers, or symbolic expressions in normal form (a sum of products of atoms).
 * multiplyDims(symbol('N'), 4) prints "4*N"; addDims(N, negative N) is 0; floorDivideDims(4*N, 2) is 2*N.
 * What is not known is an atom of its own kind and prints "?": it equals nothing, and differs from nothing.
 */
export type Dim = number | SymbolicDim;

export interface SymbolicDim {
  readonly kind: 'symbolic';
  /** Sum of terms, sorted by their printed factors; never empty, never a lone constant. */
  readonly terms: readonly Term[];
}

interface Term {
  readonly coefficient: number;
  /** Product of atoms, sorted; empty for the constant term. */
  readonly factors: readonly Atom[];
}

type Atom =
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly id: number }
  | { readonly kind: BinaryAtom; readonly left: Dim; readonly right: Dim };

type BinaryAtom = 'floorDivide' | 'modulo' | 'maximum' | 'minimum';

let unknownCount = 0;

export function symbolDim(name: string): SymbolicDim {
  return ofAtom({ kind: 'symbol', name });
}

/** A dimension that we cannot tell, with the reason to show. */
export function unknownDim(reason: string): SymbolicDim {
  return ofAtom({ kind: 'unknown', reason, id: ++unknownCount });
}

/** The first reason why a dimension is not known, or undefined where it is known or symbolic. */
export function unknownReason(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  for (const atom of dim.terms.flatMap((term) => term.factors)) {
    if (atom.kind === 'unknown') return atom.reason;
    if (atom.kind !== 'symbol') {
      const reason = unknownReason(atom.left) ?? unknownReason(atom.right);
      if (reason !== undefined) return reason;
    }
  }
  return undefined;
}

export function addDims(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return safe(left + right);
  return fromTerms([...termsOf(left), ...termsOf(right)]);
}

export function subtractDims(left: Dim, right: Dim): Dim {
  return addDims(left, multiplyDims(right, -1));
}

export function multiplyDims(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return safe(left * right);
  if (left === 0 || right === 0) return 0;
  const terms: Term[] = [];
  for (const a of termsOf(left)) {
    for (const b of termsOf(right)) {
      terms.push({ coefficient: a.coefficient * b.coefficient, factors: sortAtoms([...a.factors, ...b.factors]) });
    }
  }
  return fromTerms(terms);
}

/** Floor division, exact where every coefficient divides; the divisor of a known result is never 0. */
export function floorDivideDims(left: Dim, right: Dim): Dim {
  if (right === 0) return unknownDim('division by zero');
  if (typeof left === 'number' && typeof right === 'number') return safe(Math.floor(left / right));
  if (right === 1) return left;
  if (compareDims(left, right) === 'equal') return 1;
  const quotient = exactQuotient(left, right);
  return quotient ?? ofAtom({ kind: 'floorDivide', left, right });
}

export function ceilDivideDims(left: Dim, right: Dim): Dim {
  return multiplyDims(floorDivideDims(multiplyDims(left, -1), right), -1);
}

/** Python's modulo: the sign of the divisor. */
export function moduloDims(left: Dim, right: Dim): Dim {
  if (right === 0) return unknownDim('modulo by zero');
  if (typeof left === 'number' && typeof right === 'number') return left - Math.floor(left / right) * right;
  if (exactQuotient(left, right) !== undefined) return 0;
  return ofAtom({ kind: 'modulo', left, right });
}

export function maximumDim(left: Dim, right: Dim): Dim {
  return extremum('maximum', left, right);
}

export function minimumDim(left: Dim, right: Dim): Dim {
  return extremum('minimum', left, right);
}

export type DimComparison = 'equal' | 'different' | 'undetermined';

/** N against N is equal, N against N+1 different, N against 4 undetermined. */
export function compareDims(left: Dim, right: Dim): DimComparison {
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 'equal' : 'different';
  const difference = subtractDims(left, right);
  if (typeof difference === 'number') return difference === 0 ? 'equal' : 'different';
  return 'undetermined';
}

/** Replaces symbols by what is known of them. */
export function substituteDim(dim: Dim, bindings: ReadonlyMap<string, Dim>): Dim {
  if (typeof dim === 'number') return dim;
  let sum: Dim = 0;
  for (const term of dim.terms) {
    let product: Dim = term.coefficient;
    for (const atom of term.factors) product = multiplyDims(product, substituteAtom(atom, bindings));
    sum = addDims(sum, product);
  }
  return sum;
}

/** Names of the free symbols, in order of appearance. */
export function dimSymbols(dim: Dim): readonly string[] {
  if (typeof dim === 'number') return [];
  const names = dim.terms.flatMap((term) =>
    term.factors.flatMap((atom) => {
      if (atom.kind === 'symbol') return [atom.name];
      return atom.kind === 'unknown' ? [] : [...dimSymbols(atom.left), ...dimSymbols(atom.right)];
    }),
  );
  return [...new Set(names)];
}

/** "224", "N", "4*N + 1", "floor(N / 2)", "?". */
export function printDim(dim: Dim): string {
  if (typeof dim === 'number') return String(dim);
  if (unknownReason(dim) !== undefined) return '?';
  return dim.terms
    .map((term, index) => {
      const factors = term.factors.map(printAtom).join('*');
      const size = Math.abs(term.coefficient);
      const body = factors === '' ? String(size) : size === 1 ? factors : `${size}*${factors}`;
      if (index === 0) return term.coefficient < 0 ? `-${body}` : body;
      return term.coefficient < 0 ? ` - ${body}` : ` + ${body}`;
    })
    .join('');
}

function extremum(kind: 'maximum' | 'minimum', left: Dim, right: Dim): Dim {
  const difference = subtractDims(left, right);
  if (typeof difference === 'number') return difference >= 0 === (kind === 'maximum') ? left : right;
  return ofAtom({ kind, left, right });
}

function exactQuotient(left: Dim, right: Dim): Dim | undefined {
  const divisor = termsOf(right);
  const [only] = divisor;
  if (divisor.length !== 1 || only === undefined) return undefined;
  const terms: Term[] = [];
  for (const term of termsOf(left)) {
    const coefficient = term.coefficient / only.coefficient;
    const factors = withoutFactors(term.factors, only.factors);
    if (!Number.isInteger(coefficient) || factors === undefined) return undefined;
    terms.push({ coefficient, factors });
  }
  return fromTerms(terms);
}

function withoutFactors(factors: readonly Atom[], removed: readonly Atom[]): readonly Atom[] | undefined {
  const rest = [...factors];
  for (const atom of removed) {
    const at = rest.findIndex((candidate) => atomKey(candidate) === atomKey(atom));
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

function substituteAtom(atom: Atom, bindings: ReadonlyMap<string, Dim>): Dim {
  if (atom.kind === 'symbol') return bindings.get(atom.name) ?? ofAtom(atom);
  if (atom.kind === 'unknown') return ofAtom(atom);
  const left = substituteDim(atom.left, bindings);
  const right = substituteDim(atom.right, bindings);
  if (atom.kind === 'floorDivide') return floorDivideDims(left, right);
  if (atom.kind === 'modulo') return moduloDims(left, right);
  return extremum(atom.kind, left, right);
}

function termsOf(dim: Dim): readonly Term[] {
  return typeof dim === 'number' ? [{ coefficient: dim, factors: [] }] : dim.terms;
}

function fromTerms(terms: readonly Term[]): Dim {
  const byKey = new Map<string, Term>();
  for (const term of terms) {
    const key = term.factors.map(atomKey).join('*');
    const known = byKey.get(key);
    byKey.set(key, { coefficient: (known?.coefficient ?? 0) + term.coefficient, factors: term.factors });
  }
  const kept = [...byKey.entries()].filter(([, term]) => term.coefficient !== 0);
  if (kept.length > MAX_TERMS) return unknownDim('the symbolic expression grew too large');
  if (kept.some(([, term]) => !Number.isSafeInteger(term.coefficient))) return unknownDim('exceeds 2^53');
  if (kept.length === 0) return 0;
  const [first] = kept;
  if (kept.length === 1 && first?.[0] === '') return first[1].coefficient;
  kept.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
  return { kind: 'symbolic', terms: kept.map(([, term]) => term) };
}

const MAX_TERMS = 64;

function ofAtom(atom: Atom): SymbolicDim {
  return { kind: 'symbolic', terms: [{ coefficient: 1, factors: [atom] }] };
}

function sortAtoms(atoms: readonly Atom[]): readonly Atom[] {
  return [...atoms].sort((a, b) => (atomKey(a) < atomKey(b) ? -1 : 1));
}

function atomKey(atom: Atom): string {
  return atom.kind === 'unknown' ? `?${atom.id}` : printAtom(atom);
}

function printAtom(atom: Atom): string {
  switch (atom.kind) {
    case 'symbol':
      return atom.name;
    case 'unknown':
      return '?';
    case 'floorDivide':
      return `floor((${printDim(atom.left)}) / (${printDim(atom.right)}))`;
    case 'modulo':
      return `((${printDim(atom.left)}) mod (${printDim(atom.right)}))`;
    case 'maximum':
      return `max(${printDim(atom.left)}, ${printDim(atom.right)})`;
    case 'minimum':
      return `min(${printDim(atom.left)}, ${printDim(atom.right)})`;
  }
}

function safe(value: number): Dim {
  return Number.isSafeInteger(value) ? value : unknownDim('exceeds 2^53');
}
