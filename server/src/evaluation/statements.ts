/**
 * Compiles statements into closures that tell how they ended: normally, or by `break`, `continue` or `return`.
 */
import { assertNever } from '../base/assert.ts';
import type { Block, ClassDef, FunctionDef, Statement } from '../syntax/ast.ts';
import { inPlace } from './binaryOperators.ts';
import { compileClass } from './classes.ts';
import type { CodeContext } from './codeContext.ts';
import { raiseAgain, raiseValue } from './exceptions.ts';
import { compileExpression } from './expressions.ts';
import { BREAK, CONTINUE, NORMAL, RETURN, type Evaluate, type Execute } from './frame.ts';
import { compileFunction } from './functions.ts';
import { compileImport, compileImportFrom } from './importStatements.ts';
import { compileFor, compileWhile } from './loops.ts';
import { compileMatch } from './patternMatching.ts';
import { compileStore } from './names.ts';
import { mangle } from './scopes.ts';
import { getAttribute } from './attributes.ts';
import { setAttribute } from './assignments.ts';
import { getItem, setItem } from './subscripts.ts';
import { compileDeletion, compileTarget } from './targets.ts';
import { truth } from './truth.ts';
import { compileTry } from './tryStatements.ts';
import { decide } from './unknownBranches.ts';
import { compileWith } from './withStatements.ts';

export function compileBlock(context: CodeContext, block: Block): Execute {
  const statements = block.statements.map((statement) => compileStatement(context, statement));
  const [only] = statements;
  if (statements.length === 1 && only !== undefined) return only;
  return (frame) => {
    for (const statement of statements) {
      const completion = statement(frame);
      if (completion !== NORMAL) return completion;
    }
    return NORMAL;
  };
}

export function compileStatement(context: CodeContext, node: Statement): Execute {
  const { executor } = context;
  const execute = compileKind(context, node);
  return (frame) => {
    executor.budget.step(1);
    return execute(frame);
  };
}

function compileKind(context: CodeContext, node: Statement): Execute {
  const { executor } = context;
  switch (node.kind) {
    case 'expression': {
      const value = compileExpression(context, node.value);
      return (frame) => {
        value(frame);
        return NORMAL;
      };
    }
    case 'assign':
      return compileAssign(context, node);
    case 'augAssign':
      return compileAugAssign(context, node);
    case 'annAssign': {
      // Annotations are kept by the class; see classes.ts.
      if (node.value === undefined) return () => NORMAL;
      const value = compileExpression(context, node.value);
      const store = compileTarget(context, node.target);
      return (frame) => {
        store(frame, value(frame));
        return NORMAL;
      };
    }
    case 'return': {
      const value = node.value && compileExpression(context, node.value);
      return (frame) => {
        frame.returnValue = value === undefined ? null : value(frame);
        return RETURN;
      };
    }
    case 'if':
      return compileIf(context, node);
    case 'for':
      return compileFor(context, node);
    case 'while':
      return compileWhile(context, node);
    case 'functionDef':
      return compileDefinition(context, node, compileFunction(context, node));
    case 'classDef':
      return compileDefinition(context, node, compileClass(context, node));
    case 'try':
      return compileTry(context, node);
    case 'with':
      return compileWith(context, node);
    case 'raise':
      return compileRaise(context, node);
    case 'assert':
      return compileAssert(context, node);
    case 'delete': {
      const deletions = node.targets.map((target) => compileDeletion(context, target));
      return (frame) => {
        for (const deletion of deletions) deletion(frame);
        return NORMAL;
      };
    }
    case 'import':
      return compileImport(context, node);
    case 'importFrom':
      return compileImportFrom(context, node);
    case 'match':
      return compileMatch(context, node);
    case 'typeAlias': {
      const store = compileStore(context, node.name);
      return (frame) => {
        frame.at = node;
        store(frame, executor.unknown(`the type alias ${node.name}`));
        return NORMAL;
      };
    }
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
    case 'pass':
    case 'global':
    case 'nonlocal':
    case 'error':
      return () => NORMAL;
    default:
      return assertNever(node);
  }
}

type NodeOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>;

function compileAssign(context: CodeContext, node: NodeOf<'assign'>): Execute {
  const value = compileExpression(context, node.value);
  const stores = node.targets.map((target) => compileTarget(context, target));
  const [only] = stores;
  if (stores.length === 1 && only !== undefined) {
    return (frame) => {
      only(frame, value(frame));
      return NORMAL;
    };
  }
  return (frame) => {
    const result = value(frame);
    for (const store of stores) store(frame, result);
    return NORMAL;
  };
}

/** The object and the index of the target are evaluated once. */
function compileAugAssign(context: CodeContext, node: NodeOf<'augAssign'>): Execute {
  const { executor, scope } = context;
  const { operator, target } = node;
  const value = compileExpression(context, node.value);
  if (target.kind === 'attribute') {
    const object = compileExpression(context, target.object);
    const name = mangle(scope, target.name);
    return (frame) => {
      const owner = object(frame);
      frame.at = target;
      const before = getAttribute(executor, owner, name);
      const right = value(frame);
      frame.at = node;
      setAttribute(executor, owner, name, inPlace(executor, operator, before, right));
      return NORMAL;
    };
  }
  if (target.kind === 'subscript') {
    const object = compileExpression(context, target.object);
    const index = compileExpression(context, target.index);
    return (frame) => {
      const container = object(frame);
      const key = index(frame);
      frame.at = target;
      const before = getItem(executor, container, key);
      const right = value(frame);
      frame.at = node;
      setItem(executor, container, key, inPlace(executor, operator, before, right));
      return NORMAL;
    };
  }
  const load = compileExpression(context, target);
  const store = compileTarget(context, target);
  return (frame) => {
    const before = load(frame);
    const right = value(frame);
    frame.at = node;
    store(frame, inPlace(executor, operator, before, right));
    return NORMAL;
  };
}

function compileIf(context: CodeContext, node: NodeOf<'if'>): Execute {
  const { executor } = context;
  const test = compileExpression(context, node.test);
  const body = compileBlock(context, node.body);
  const orElse = node.orElse && compileBlock(context, node.orElse);
  return (frame) => {
    const value = test(frame);
    frame.at = node.test;
    const known = typeof value === 'boolean' ? value : truth(executor, value);
    const isTaken = typeof known === 'boolean' ? known : decide(executor, frame, node, known);
    if (isTaken) return body(frame);
    return orElse === undefined ? NORMAL : orElse(frame);
  };
}

/** Decorators are evaluated first, and applied last to first. */
function compileDefinition(context: CodeContext, node: FunctionDef | ClassDef, make: Evaluate): Execute {
  const { executor } = context;
  const decorators = node.decorators.map((decorator) => ({
    node: decorator,
    evaluate: compileExpression(context, decorator),
  }));
  const store = compileStore(context, node.name);
  return (frame) => {
    const evaluated = decorators.map((decorator) => ({ node: decorator.node, value: decorator.evaluate(frame) }));
    let value = make(frame);
    for (const decorator of evaluated.reverse()) {
      frame.at = decorator.node;
      value = executor.call(decorator.value, [value]);
    }
    store(frame, value);
    return NORMAL;
  };
}

function compileRaise(context: CodeContext, node: NodeOf<'raise'>): Execute {
  const { executor } = context;
  const exception = node.exception && compileExpression(context, node.exception);
  const cause = node.cause && compileExpression(context, node.cause);
  return (frame) => {
    if (exception === undefined) {
      frame.at = node;
      return raiseAgain(executor, frame);
    }
    const value = exception(frame);
    const causeValue = cause?.(frame);
    frame.at = node;
    return raiseValue(executor, frame, value, causeValue);
  };
}

/** An assertion about what is not known holds. */
function compileAssert(context: CodeContext, node: NodeOf<'assert'>): Execute {
  const { executor } = context;
  const test = compileExpression(context, node.test);
  const message = node.message && compileExpression(context, node.message);
  return (frame) => {
    const value = test(frame);
    frame.at = node.test;
    if (truth(executor, value) !== false) return NORMAL;
    const args = message === undefined ? [] : [message(frame)];
    frame.at = node;
    const error = executor.builtinClass('AssertionError');
    return raiseValue(executor, frame, executor.call(error, args), undefined);
  };
}
