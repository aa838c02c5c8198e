/**
 * Dimensions: exact integers, or symbolic expressions in normal form (a sum of products of atoms).
 * multiplyDims(symbol('N'), 4) prints "4*N"; addDims(N, negative N) is 0; floorDivideDims(4*N + 2, 4) is N.
 * A named size is taken to be 1 or more. What is not known is an atom of its own kind and prints "?": it equals
 * nothing but itself, and differs from nothing.
 */
export type Dim = number | SymbolicDim;

export interface SymbolicDim {
  readonly kind: 'symbolic';
  /** Sum of terms, sorted by their factors, the constant last; never empty, never a lone constant. */
  readonly terms: readonly Term[];
}

interface Term {
  readonly coefficient: number;
  /** Product of atoms, sorted; empty for the constant term. */
  readonly factors: readonly Atom[];
}

/** `key` tells atoms apart and gives their order. */
type Atom =
  | { readonly kind: 'symbol'; readonly key: string; readonly name: string }
  /** `isRefused`: it stands for a size that no tensor can have. */
  | { readonly kind: 'unknown'; readonly key: string; readonly reason: string; readonly isRefused?: true }
  | { readonly kind: 'floorDivide'; readonly key: string; readonly left: Dim; readonly right: Dim }
  | { readonly kind: Extremum; readonly key: string; readonly operands: readonly Dim[] };

type Extremum = 'maximum' | 'minimum';

const MAX_TERMS = 64;
const MAX_FACTORS = 32;
const MAX_KEY_LENGTH = 1000;
const TOO_LARGE = 'the symbolic expression grew too large';

let unknownCount = 0;

export function symbolDim(name: string): SymbolicDim {
  return ofAtom({ kind: 'symbol', key: JSON.stringify(name), name });
}

/** A dimension that we cannot tell, with the reason to show. */
export function unknownDim(reason: string): SymbolicDim {
  return ofAtom({ kind: 'unknown', key: unknownKey(), reason });
}

function unknownKey(): string {
  // Padded, so that older ones come first in a sum.
  return `?${String(++unknownCount).padStart(12, '0')}`;
}

/**
 * A size that a tensor can have: whole, not negative, and exact (up to 2^53). Any other becomes an unknown that tells
 * why: sizeDim(-3) is unknown since "a size cannot be -3". Expressions stay, unless they are negative for certain.
 */
export function sizeDim(dim: Dim): Dim {
  if (isSize(dim)) return dim;
  const reason = `a size cannot be ${typeof dim === 'number' ? dim : printDim(dim)}`;
  return ofAtom({ kind: 'unknown', key: unknownKey(), reason, isRefused: true });
}

export function isSize(dim: Dim): boolean {
  return typeof dim === 'number' ? Number.isSafeInteger(dim) && dim >= 0 : dimBounds(dim).high >= 0;
}

/** Why a dim is no size, of one that sizeDim refused. */
export function refusedSize(dim: Dim): string | undefined {
  const atom = loneAtom(dim);
  return atom?.kind === 'unknown' && atom.isRefused === true ? atom.reason : undefined;
}

/** The first reason why a dimension is not known, or undefined where it is known or symbolic. */
export function unknownReason(dim: Dim): string | undefined {
  if (typeof dim === 'number') return undefined;
  for (const atom of dim.terms.flatMap((term) => term.factors)) {
    const [reason] = reasonOf(atom);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

export function addDims(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return safe(left + right);
  return fromTerms([...termsOf(left), ...termsOf(right)]);
}

/** Adds a part to a total. A total with an unknown part stays the unknown that it is, so that long sums stay short. */
export function addToTotal(total: Dim, part: Dim): Dim {
  if (loneAtom(total)?.kind === 'unknown') return total;
  const reason = unknownReason(part);
  return reason === undefined ? addDims(total, part) : unknownDim(reason);
}

export function subtractDims(left: Dim, right: Dim): Dim {
  return addDims(left, multiplyDims(right, -1));
}

export function multiplyDims(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return safe(left * right);
  if (left === 0 || right === 0) return 0;
  const terms: Term[] = [];
  for (const a of termsOf(left)) {
    for (const b of termsOf(right)) terms.push(multiplyTerms(a, b));
  }
  return fromTerms(terms);
}

/** Floor division, exact where it can be; the divisor of a known result is never 0. */
export function floorDivideDims(left: Dim, right: Dim): Dim {
  if (right === 0) return unknownDim('division by zero');
  if (right === 1) return left;
  if (typeof right === 'number') {
    if (typeof left === 'number') return safe(floorQuotient(left, right));
    return right < 0 ? floorDivideDims(multiplyDims(left, -1), -right) : divideByNumber(left, right);
  }
  return exactQuotient(left, right) ?? floorAtom(left, right);
}

export function ceilDivideDims(left: Dim, right: Dim): Dim {
  if (typeof right === 'number' && right > 0) return floorDivideDims(addDims(left, right - 1), right);
  return multiplyDims(floorDivideDims(multiplyDims(left, -1), right), -1);
}

/** Python's modulo: the sign of the divisor. Symbolic ones are written as `left - right * floor(left / right)`. */
export function moduloDims(left: Dim, right: Dim): Dim {
  if (right === 0) return unknownDim('modulo by zero');
  if (typeof left === 'number' && typeof right === 'number') return safe(moduloOf(left, right));
  return subtractDims(left, multiplyDims(floorDivideDims(left, right), right));
}

export function maximumDim(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return Math.max(left, right);
  return extremum('maximum', [left, right]);
}

export function minimumDim(left: Dim, right: Dim): Dim {
  if (typeof left === 'number' && typeof right === 'number') return Math.min(left, right);
  return extremum('minimum', [left, right]);
}

export type DimComparison = 'equal' | 'different' | 'undetermined';

/** N against N is equal, N against N+1 (or 0) different, N against 4 undetermined. */
export function compareDims(left: Dim, right: Dim): DimComparison {
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 'equal' : 'different';
  const difference = subtractDims(left, right);
  if (difference === 0) return 'equal';
  const { low, high } = dimBounds(difference);
  return low > 0 || high < 0 ? 'different' : 'undetermined';
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

/** Summands of an expression; 1 for a number. */
export function termCount(dim: Dim): number {
  return typeof dim === 'number' ? 1 : dim.terms.length;
}

/** Names of the free symbols, in order of appearance. */
export function dimSymbols(dim: Dim): readonly string[] {
  if (typeof dim === 'number') return [];
  const names = dim.terms.flatMap((term) =>
    term.factors.flatMap((atom) => (atom.kind === 'symbol' ? [atom.name] : partsOf(atom).flatMap(dimSymbols))),
  );
  return [...new Set(names)];
}

/** What a dimension lies between, both ends included: N is 1 to Infinity, N - 3 is -2 to Infinity. */
export function dimBounds(dim: Dim): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = 0;
  for (const { coefficient, factors } of termsOf(dim)) {
    const product = factors.map(atomBounds).reduce(multiplyBounds, { low: 1, high: 1 });
    low += scale(coefficient, coefficient < 0 ? product.high : product.low);
    high += scale(coefficient, coefficient < 0 ? product.low : product.high);
  }
  return { low, high };
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

function printAtom(atom: Atom): string {
  switch (atom.kind) {
    case 'symbol':
      return atom.name;
    case 'unknown':
      return '?';
    case 'floorDivide':
      return `floor(${inParentheses(atom.left)} / ${inParentheses(atom.right)})`;
    case 'maximum':
      return `max(${atom.operands.map(printDim).join(', ')})`;
    case 'minimum':
      return `min(${atom.operands.map(printDim).join(', ')})`;
  }
}

function inParentheses(dim: Dim): string {
  return typeof dim === 'number' || dim.terms.length === 1 ? printDim(dim) : `(${printDim(dim)})`;
}

/**
 * floor((5*N + 7) / 4) = N + 1 + floor((N + 3) / 4): whole parts leave the fraction, its first coefficient is
 * positive, common factors cancel, and a fraction of a fraction becomes one.
 */
function divideByNumber(left: SymbolicDim, divisor: number): Dim {
  const [first] = left.terms;
  if (first !== undefined && first.coefficient < 0) {
    const negated = addDims(multiplyDims(left, -1), divisor - 1);
    return multiplyDims(floorDivideDims(negated, divisor), -1);
  }
  const whole = fromTerms(left.terms.map((term) => wholePart(term, divisor)));
  const rest = subtractDims(left, multiplyDims(whole, divisor));
  if (typeof rest === 'number') return whole;
  const variable = rest.terms.filter((term) => term.factors.length > 0);
  const common = variable.reduce((sum, term) => greatestCommonDivisor(sum, term.coefficient), divisor);
  if (common > 1) {
    const smaller = fromTerms(rest.terms.map((term) => wholePart(term, common)));
    return addDims(whole, floorDivideDims(smaller, divisor / common));
  }
  return addDims(whole, nestedFraction(rest, divisor) ?? floorAtom(rest, divisor));
}

/** floor((floor(a / p) + b) / q) = floor((a + b * p) / (p * q)), for positive p and q. */
function nestedFraction(rest: SymbolicDim, divisor: number): Dim | undefined {
  for (const { coefficient, factors } of rest.terms) {
    const [atom] = factors;
    if (coefficient !== 1 || factors.length !== 1 || atom?.kind !== 'floorDivide') continue;
    const inner = atom.right;
    if (typeof inner !== 'number' || !Number.isSafeInteger(inner * divisor)) continue;
    const others = subtractDims(rest, ofAtom(atom));
    return floorDivideDims(addDims(atom.left, multiplyDims(others, inner)), inner * divisor);
  }
  return undefined;
}

function wholePart({ coefficient, factors }: Term, divisor: number): Term {
  return { coefficient: (coefficient - moduloOf(coefficient, divisor)) / divisor, factors };
}

/** Division of polynomials: defined where nothing remains. */
function exactQuotient(left: Dim, right: SymbolicDim): Dim | undefined {
  const divisor = leadingTerm(right);
  let quotient: Dim = 0;
  let rest = left;
  for (let step = 0; step < MAX_TERMS && rest !== 0; step++) {
    const leading = leadingTerm(rest);
    const coefficient = leading.coefficient / divisor.coefficient;
    const factors = withoutFactors(leading.factors, divisor.factors);
    if (!Number.isInteger(coefficient) || factors === undefined) return undefined;
    const part = fromTerms([{ coefficient, factors }]);
    quotient = addDims(quotient, part);
    rest = subtractDims(rest, multiplyDims(part, right));
  }
  return rest === 0 ? quotient : undefined;
}

/** The first term in lexicographic order of the monomials, which multiplication respects. */
function leadingTerm(dim: Dim): Term {
  return termsOf(dim).reduce((best, term) => (compareMonomials(term.factors, best.factors) > 0 ? term : best));
}

function compareMonomials(left: readonly Atom[], right: readonly Atom[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [a, b] = [left[i]?.key ?? '', right[i]?.key ?? ''];
    if (a !== b) return a < b ? 1 : -1;
  }
  return left.length - right.length;
}

function withoutFactors(factors: readonly Atom[], removed: readonly Atom[]): readonly Atom[] | undefined {
  const rest = [...factors];
  for (const atom of removed) {
    const at = rest.findIndex((candidate) => candidate.key === atom.key);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}

function extremum(kind: Extremum, operands: readonly Dim[]): Dim {
  let kept: readonly Dim[] = [];
  for (const candidate of operands.flatMap((operand) => operandsOf(kind, operand))) {
    if (kept.some((other) => dominates(kind, other, candidate))) continue;
    kept = [...kept.filter((other) => !dominates(kind, candidate, other)), candidate];
  }
  const [only] = kept;
  if (kept.length === 1 && only !== undefined) return only;
  const sorted = [...kept].sort((a, b) => (dimKey(a) < dimKey(b) ? -1 : 1));
  return boundedAtom({ kind, key: `${kind}(${sorted.map(dimKey).join(',')})`, operands: sorted });
}

function operandsOf(kind: Extremum, dim: Dim): readonly Dim[] {
  const atom = loneAtom(dim);
  return atom?.kind === kind ? atom.operands : [dim];
}

function dominates(kind: Extremum, winner: Dim, loser: Dim): boolean {
  const { low, high } = dimBounds(subtractDims(winner, loser));
  return kind === 'maximum' ? low >= 0 : high <= 0;
}

function loneAtom(dim: Dim): Atom | undefined {
  if (typeof dim === 'number' || dim.terms.length !== 1) return undefined;
  const [term] = dim.terms;
  return term?.coefficient === 1 && term.factors.length === 1 ? term.factors[0] : undefined;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function atomBounds(atom: Atom): Bounds {
  switch (atom.kind) {
    case 'symbol':
      return { low: 1, high: Infinity };
    case 'unknown':
      return { low: -Infinity, high: Infinity };
    case 'floorDivide': {
      const left = dimBounds(atom.left);
      const right = dimBounds(atom.right);
      if (right.low < 1) return { low: -Infinity, high: Infinity };
      if (right.low === right.high) {
        return { low: Math.floor(left.low / right.low), high: Math.floor(left.high / right.low) };
      }
      return { low: left.low < 0 ? left.low : 0, high: left.high < 0 ? -1 : left.high };
    }
    case 'maximum':
    case 'minimum': {
      const pick = atom.kind === 'maximum' ? Math.max : Math.min;
      const bounds = atom.operands.map(dimBounds);
      return { low: pick(...bounds.map(({ low }) => low)), high: pick(...bounds.map(({ high }) => high)) };
    }
  }
}

function multiplyBounds(left: Bounds, right: Bounds): Bounds {
  if (left.low < 0 || right.low < 0) return { low: -Infinity, high: Infinity };
  return { low: scale(left.low, right.low), high: scale(left.high, right.high) };
}

/** Zero times infinity is zero here: both factors are sizes. */
function scale(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : left * right;
}

function substituteAtom(atom: Atom, bindings: ReadonlyMap<string, Dim>): Dim {
  switch (atom.kind) {
    case 'symbol':
      return bindings.get(atom.name) ?? ofAtom(atom);
    case 'unknown':
      return ofAtom(atom);
    case 'floorDivide':
      return floorDivideDims(substituteDim(atom.left, bindings), substituteDim(atom.right, bindings));
    case 'maximum':
    case 'minimum':
      return extremum(
        atom.kind,
        atom.operands.map((operand) => substituteDim(operand, bindings)),
      );
  }
}

/** The reasons why an atom, or a part of it, is not known. */
function reasonOf(atom: Atom): readonly string[] {
  if (atom.kind === 'unknown') return [atom.reason];
  return partsOf(atom).flatMap((part) => unknownReason(part) ?? []);
}

function partsOf(atom: Atom): readonly Dim[] {
  if (atom.kind === 'floorDivide') return [atom.left, atom.right];
  return atom.kind === 'maximum' || atom.kind === 'minimum' ? atom.operands : [];
}

function termsOf(dim: Dim): readonly Term[] {
  return typeof dim === 'number' ? [{ coefficient: dim, factors: [] }] : dim.terms;
}

function multiplyTerms(left: Term, right: Term): Term {
  const factors = [...left.factors, ...right.factors].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { coefficient: left.coefficient * right.coefficient, factors };
}

function fromTerms(terms: readonly Term[]): Dim {
  const byKey = new Map<string, Term>();
  for (const term of terms) {
    const key = termKey(term);
    const known = byKey.get(key);
    byKey.set(key, { coefficient: (known?.coefficient ?? 0) + term.coefficient, factors: term.factors });
  }
  const kept = [...byKey.entries()].filter(([, term]) => term.coefficient !== 0);
  if (kept.length > MAX_TERMS || kept.some(([, term]) => term.factors.length > MAX_FACTORS)) {
    // A sum of many unknowns keeps the reason of the first.
    return unknownDim(kept.flatMap(([, { factors }]) => factors.flatMap(reasonOf))[0] ?? TOO_LARGE);
  }
  if (kept.some(([, term]) => !Number.isSafeInteger(term.coefficient))) return unknownDim('exceeds 2^53');
  const [first] = kept;
  if (first === undefined) return 0;
  if (kept.length === 1 && first[0] === '') return first[1].coefficient;
  kept.sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1));
  return { kind: 'symbolic', terms: kept.map(([, term]) => term) };
}

function floorAtom(left: Dim, right: Dim): Dim {
  return boundedAtom({ kind: 'floorDivide', key: `floor(${dimKey(left)},${dimKey(right)})`, left, right });
}

/** A number where bounds leave no choice: floor(min(N, 2) / 6) is 0. */
function boundedAtom(atom: Atom): Dim {
  const { low, high } = atomBounds(atom);
  if (low === high && Number.isSafeInteger(low)) return low + 0;
  return atom.key.length > MAX_KEY_LENGTH ? unknownDim(TOO_LARGE) : ofAtom(atom);
}

function ofAtom(atom: Atom): SymbolicDim {
  return { kind: 'symbolic', terms: [{ coefficient: 1, factors: [atom] }] };
}

function dimKey(dim: Dim): string {
  if (typeof dim === 'number') return String(dim);
  return dim.terms.map((term) => `${term.coefficient}*${termKey(term)}`).join('+');
}

function termKey(term: Term): string {
  return term.factors.map((atom) => atom.key).join('*');
}

/** Exact as long as both are: what is subtracted brings the dividend nearer to zero. */
function floorQuotient(left: number, right: number): number {
  const remainder = left % right;
  const quotient = (left - remainder) / right;
  return remainder !== 0 && remainder < 0 !== right < 0 ? quotient - 1 : quotient;
}

function moduloOf(left: number, right: number): number {
  const remainder = left % right;
  return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? Math.abs(left) : greatestCommonDivisor(right, left % right);
}

/** Also turns -0 into 0. */
function safe(value: number): Dim {
  return Number.isSafeInteger(value) ? value + 0 : unknownDim('exceeds 2^53');
}
