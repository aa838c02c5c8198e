/**
 * The tree of modules over a graph's nodes, and modules that are built alike: same operators, attributes, types and
 * wiring, whatever their names and weights. In ResNet-18, layer1.0 and layer1.1 are alike, layer2.0 is not.
 */
import { printDim } from './dim.ts';
import type { GraphNode, ModelGraph, NodeId, Scope, ValueId } from './modelGraph.ts';
import { printAttribute } from './printGraph.ts';
import { printType } from './tensorType.ts';

export interface ScopeTree {
  readonly scope: Scope;
  readonly children: readonly ScopeTree[];
  /** Nodes that ran in this module itself. */
  readonly ownNodes: readonly NodeId[];
}

/** The tree below the root; undefined for a graph without scopes. Children stand in the order of declaration. */
export function scopeTree(graph: ModelGraph): ScopeTree | undefined {
  const own = ownNodes(graph);
  const childrenOf = new Map<string, ScopeTree[]>();
  // Backwards, so that children are built before the parents, which stand first, ask for them.
  for (const scope of [...graph.scopes].reverse()) {
    const children = (childrenOf.get(scope.path) ?? []).reverse();
    const tree: ScopeTree = { scope, children, ownNodes: own.get(scope.path) ?? [] };
    if (scope.parent === undefined) return tree;
    const siblings = childrenOf.get(scope.parent);
    if (siblings === undefined) childrenOf.set(scope.parent, [tree]);
    else siblings.push(tree);
  }
  return undefined;
}

/** By path of a module: the nodes that ran in it or below it, in execution order. */
export function nodesByScope(graph: ModelGraph): ReadonlyMap<string, readonly NodeId[]> {
  const parents = new Map(graph.scopes.map(({ path, parent }) => [path, parent]));
  const nodes = new Map<string, NodeId[]>(graph.scopes.map(({ path }) => [path, []]));
  for (const node of graph.nodes) {
    for (let path: string | undefined = node.scope; path !== undefined; path = parents.get(path)) {
      nodes.get(path)?.push(node.id);
    }
  }
  return nodes;
}

/** By path of a module: a hash of its structure. Equal hashes are taken for equal structure (53 bits). */
export function structureHashes(graph: ModelGraph): ReadonlyMap<string, number> {
  const hashes = new Map<string, number>();
  for (const [path, ids] of nodesByScope(graph)) hashes.set(path, hashText(describeStructure(graph, ids)));
  return hashes;
}

/** Paths of modules that are built alike, two or more each, in order of their first; modules that ran nothing are left out. */
export function equalScopes(graph: ModelGraph): readonly (readonly string[])[] {
  const nodes = nodesByScope(graph);
  const groups = new Map<number, string[]>();
  for (const [path, hash] of structureHashes(graph)) {
    if (nodes.get(path)?.length === 0) continue;
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, [path]);
    else group.push(path);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Inner values by node and output, all others by the order of their first use. */
function describeStructure(graph: ModelGraph, ids: readonly NodeId[]): string {
  const places = new Map(ids.map((id, place) => [id, place]));
  const outer = new Map<ValueId, number>();
  const describeInput = (id: ValueId | undefined): string => {
    const value = id === undefined ? undefined : graph.values[id];
    if (value === undefined) return '-';
    const place = value.origin.kind === 'node' ? places.get(value.origin.node) : undefined;
    if (place !== undefined && value.origin.kind === 'node') return `%${place}.${value.origin.outputIndex}`;
    const known = outer.get(value.id);
    const number = known ?? outer.size;
    if (known === undefined) outer.set(value.id, number);
    return `${value.origin.kind === 'parameter' ? 'parameter' : 'input'} ${number}: ${printType(value.type)}`;
  };
  const describeNode = (node: GraphNode): string => {
    const attributes = Object.entries(node.attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${printAttribute(value)}`],
    );
    const outputs = node.outputs.map((id) => graph.values[id]).map((value) => (value ? printType(value.type) : '-'));
    const name = node.op === 'unknown' ? node.originalOp : node.op;
    const text = [name, node.inputs.map(describeInput), attributes.sort(), outputs, printDim(node.work.macs)];
    return JSON.stringify(text);
  };
  return ids
    .flatMap((id) => graph.nodes.slice(id, id + 1))
    .map(describeNode)
    .join('\n');
}

function ownNodes(graph: ModelGraph): ReadonlyMap<string, readonly NodeId[]> {
  const own = new Map<string, NodeId[]>();
  for (const { id, scope } of graph.nodes) {
    const nodes = own.get(scope);
    if (nodes === undefined) own.set(scope, [id]);
    else nodes.push(id);
  }
  return own;
}

/** Two 32-bit FNV-1a hashes with different starts, joined to 53 bits. */
function hashText(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
