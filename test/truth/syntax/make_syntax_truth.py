"""Dumps CPython's ast of Python files in the canonical form of test/support/dumpSyntax.ts.

    python3.13 test/truth/syntax/make_syntax_truth.py                  writes test/truth/data/syntax/NAME.ast.txt for
                                                                       each test/syntax/fixtures/NAME.py
    python3.13 test/truth/syntax/make_syntax_truth.py --corpus FOLDER  prints, as JSON, a hash of the dump of every
                                                                       Python file below FOLDER
    python3.13 test/truth/syntax/make_syntax_truth.py FILE...          prints the dumps, each after "=== FILE"

Offsets count UTF-16 units from the start of the file. Needs Python 3.13 (type parameter defaults).
A file that CPython cannot read gives "!" and the reason.
"""

import ast
import hashlib
import json
import pathlib
import struct
import sys
import warnings

BINARY = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^",
}
UNARY = {"UAdd": "+", "USub": "-", "Invert": "~", "Not": "not"}
COMPARE = {
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "In": "in", "NotIn": "not in",
    "Is": "is", "IsNot": "is not",
}


def utf16(text):
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


class Dumper:
    def __init__(self, source):
        # Python counts in lines that end with \n, \r\n or \r, and not with a form feed.
        self.lines, start = [], 0
        bytes_ = source.encode("utf-8", "surrogatepass")
        while start < len(bytes_):
            ends = [i for i in (bytes_.find(b"\n", start), bytes_.find(b"\r", start)) if i >= 0]
            end = min(ends) + 1 if ends else len(bytes_)
            if ends and bytes_[end - 1 : end + 1] == b"\r\n":
                end += 1
            self.lines.append(bytes_[start:end])
            start = end
        self.starts, total = [], 0
        for line in self.lines:
            self.starts.append(total)
            total += utf16(line.decode("utf-8", "surrogatepass"))
        self.starts.append(total)
        self.lines.append(b"")

    def offset(self, line, column):
        return self.starts[line - 1] + utf16(self.lines[line - 1][:column].decode("utf-8", "surrogatepass"))

    def range(self, node):
        # CPython counts a semicolon after the last statement of a suite to the suite; we do not.
        line = self.lines[node.end_lineno - 1][: node.end_col_offset]
        end = len(line[:-1].rstrip()) if line.endswith(b";") else node.end_col_offset
        return f"{self.offset(node.lineno, node.col_offset)}-{self.offset(node.end_lineno, end)}"

    # Statements: one a line, suites indented below.

    def block(self, statements, depth):
        return "".join(self.statement(statement, depth) for statement in statements)

    def suite(self, label, statements, depth):
        return f"{'  ' * depth}{label}\n" + self.block(statements, depth + 1) if statements else ""

    def statement(self, node, depth):
        head, suites = self.parts(node, depth)
        return f"{'  ' * depth}{head}\n{suites}"

    def parts(self, node, depth):
        kind, at = type(node).__name__, self.range(node)
        suite, e, opt = self.suite, self.expression, self.optional
        below = depth + 1
        if kind in ("FunctionDef", "AsyncFunctionDef"):
            flag = " async" if kind == "AsyncFunctionDef" else ""
            generator = " generator" if is_generator(node) else ""
            head = (
                f"functionDef {at} {node.name}{flag}{generator}{self.type_params(node)}"
                f" {self.parameters(node.args)} {self.list(node.decorator_list)} {opt(node.returns)}"
            )
            return head, suite("body", node.body, below)
        if kind == "ClassDef":
            head = (
                f"classDef {at} {node.name}{self.type_params(node)} {self.list(node.bases)}"
                f" {self.keywords(node.keywords)} {self.list(node.decorator_list)}"
            )
            return head, suite("body", node.body, below)
        if kind == "Return":
            return f"return {at} {opt(node.value)}", ""
        if kind == "Delete":
            return f"delete {at} {self.list(node.targets)}", ""
        if kind == "Assign":
            return f"assign {at} {self.list(node.targets)} {e(node.value)}", ""
        if kind == "AugAssign":
            return f"augAssign {at} {BINARY[type(node.op).__name__]} {e(node.target)} {e(node.value)}", ""
        if kind == "AnnAssign":
            return f"annAssign {at} {e(node.target)} {e(node.annotation)} {opt(node.value)}", ""
        if kind in ("For", "AsyncFor"):
            flag = " async" if kind == "AsyncFor" else ""
            head = f"for {at}{flag} {e(node.target)} {e(node.iter)}"
            return head, suite("body", node.body, below) + suite("else", node.orelse, below)
        if kind in ("While", "If"):
            head = f"{kind.lower()} {at} {e(node.test)}"
            return head, suite("body", node.body, below) + suite("else", node.orelse, below)
        if kind in ("With", "AsyncWith"):
            flag = " async" if kind == "AsyncWith" else ""
            items = " ".join(f"({e(i.context_expr)} {opt(i.optional_vars)})" for i in node.items)
            return f"with {at}{flag} {items}", suite("body", node.body, below)
        if kind == "Match":
            cases = "".join(self.match_case(case, below) for case in node.cases)
            return f"match {at} {e(node.subject)}", cases
        if kind == "Raise":
            return f"raise {at} {opt(node.exc)} {opt(node.cause)}", ""
        if kind in ("Try", "TryStar"):
            flag = " star" if kind == "TryStar" else ""
            suites = suite("body", node.body, below)
            for handler in node.handlers:
                label = f"except {self.range(handler)} {opt(handler.type)} {handler.name or '-'}"
                suites += suite(label, handler.body, below)
            suites += suite("else", node.orelse, below) + suite("finally", node.finalbody, below)
            return f"try {at}{flag}", suites
        if kind == "Assert":
            return f"assert {at} {e(node.test)} {opt(node.msg)}", ""
        if kind == "Import":
            return f"import {at} {self.aliases(node.names)}", ""
        if kind == "ImportFrom":
            return f"importFrom {at} {node.level} {node.module or '-'} {self.aliases(node.names)}", ""
        if kind in ("Global", "Nonlocal"):
            return f"{kind.lower()} {at} {' '.join(node.names)}", ""
        if kind == "Expr":
            return f"expression {at} {e(node.value)}", ""
        if kind == "TypeAlias":
            return f"typeAlias {at} {node.name.id}{self.type_params(node)} {e(node.value)}", ""
        if kind in ("Pass", "Break", "Continue"):
            return f"{kind.lower()} {at}", ""
        raise TypeError(kind)

    def match_case(self, case, depth):
        label = f"case {self.pattern(case.pattern)} {self.optional(case.guard)}"
        return self.suite(label, case.body, depth)

    def aliases(self, names):
        return " ".join(f"({self.range(n)} {n.name} {n.asname or '-'})" for n in names)

    def type_params(self, node):
        params = getattr(node, "type_params", [])
        if not params:
            return ""
        return " <" + " ".join(self.type_param(param) for param in params) + ">"

    def type_param(self, param):
        kind = {"TypeVar": "typeVar", "TypeVarTuple": "typeVarTuple", "ParamSpec": "paramSpec"}[type(param).__name__]
        bound = self.optional(getattr(param, "bound", None))
        return f"({kind} {self.range(param)} {param.name} {bound} {self.optional(param.default_value)})"

    # Expressions: all on one line.

    def optional(self, node):
        return "-" if node is None else self.expression(node)

    def list(self, nodes):
        return "[" + " ".join(self.expression(node) for node in nodes) + "]"

    def keywords(self, keywords):
        return "[" + " ".join(f"({self.range(k)} {k.arg or '**'} {self.expression(k.value)})" for k in keywords) + "]"

    def parameters(self, args):
        positional = args.posonlyargs + args.args
        defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
        parts = [self.parameter("", p, d) for p, d in zip(positional, defaults)]
        if args.posonlyargs:
            parts.insert(len(args.posonlyargs), "/")
        if args.vararg:
            parts.append(self.parameter("*", args.vararg, None))
        elif args.kwonlyargs:
            parts.append("*")
        parts += [self.parameter("", p, d) for p, d in zip(args.kwonlyargs, args.kw_defaults)]
        if args.kwarg:
            parts.append(self.parameter("**", args.kwarg, None))
        return "{" + " ".join(parts) + "}"

    def parameter(self, stars, arg, default):
        return f"({self.range(arg)} {stars}{arg.arg} {self.optional(arg.annotation)} {self.optional(default)})"

    def expression(self, node):
        kind, at = type(node).__name__, self.range(node)
        e, opt = self.expression, self.optional
        if kind == "Name":
            return f"(name {at} {node.id})"
        if kind == "Constant":
            return f"({constant(node.value)} {at})" if node.value in (None, ...) else self.constant(node, at)
        if kind == "JoinedStr":
            return f"(fString {at} {self.joined(node)})"
        if kind == "Call":
            return f"(call {at} {e(node.func)} {self.list(node.args)} {self.keywords(node.keywords)})"
        if kind == "Attribute":
            return f"(attribute {at} {e(node.value)} {node.attr})"
        if kind == "Subscript":
            return f"(subscript {at} {e(node.value)} {e(node.slice)})"
        if kind == "Lambda":
            return f"(lambda {at} {self.parameters(node.args)} {e(node.body)})"
        if kind in ("ListComp", "SetComp", "GeneratorExp"):
            name = {"ListComp": "listComprehension", "SetComp": "setComprehension", "GeneratorExp": "generator"}[kind]
            return f"({name} {at} {e(node.elt)} - {self.clauses(node.generators)})"
        if kind == "DictComp":
            return f"(dictComprehension {at} {e(node.key)} {e(node.value)} {self.clauses(node.generators)})"
        if kind in ("Tuple", "List", "Set"):
            return f"({kind.lower()} {at} {self.list(node.elts)})"
        if kind == "Dict":
            entries = " ".join(f"({opt(k)} {e(v)})" for k, v in zip(node.keys, node.values))
            return f"(dict {at} {entries})"
        if kind == "UnaryOp":
            return f"(unary {at} {UNARY[type(node.op).__name__]} {e(node.operand)})"
        if kind == "BinOp":
            return f"(binary {at} {BINARY[type(node.op).__name__]} {e(node.left)} {e(node.right)})"
        if kind == "BoolOp":
            return f"(boolean {at} {type(node.op).__name__.lower()} {self.list(node.values)})"
        if kind == "Compare":
            rest = " ".join(f"{COMPARE[type(o).__name__]} {e(c)}" for o, c in zip(node.ops, node.comparators))
            return f"(compare {at} {e(node.left)} {rest})"
        if kind == "IfExp":
            return f"(ifExpression {at} {e(node.test)} {e(node.body)} {e(node.orelse)})"
        if kind == "Slice":
            return f"(slice {at} {opt(node.lower)} {opt(node.upper)} {opt(node.step)})"
        if kind in ("Starred", "Await", "YieldFrom"):
            name = {"Starred": "starred", "Await": "await", "YieldFrom": "yieldFrom"}[kind]
            return f"({name} {at} {e(node.value)})"
        if kind == "Yield":
            return f"(yield {at} {opt(node.value)})"
        if kind == "NamedExpr":
            return f"(namedExpression {at} {node.target.id} {e(node.value)})"
        raise TypeError(kind)

    def constant(self, node, at):
        return f"({constant(node.value)} {at})"

    def clauses(self, generators):
        return " ".join(
            f"(for{' async' if g.is_async else ''} {self.expression(g.target)} {self.expression(g.iter)}"
            f" {self.list(g.ifs)})"
            for g in generators
        )

    def joined(self, node):
        """The parts of an f-string; texts side by side are one, as where `{x=}` adds its own text."""
        texts, parts = [], []

        def flush():
            text = "".join(texts)
            if text:
                parts.append(quoted(text))
            texts.clear()

        for value in node.values:
            if isinstance(value, ast.Constant):
                texts.append(value.value)
                continue
            flush()
            conversion = "" if value.conversion == -1 else f" !{chr(value.conversion)}"
            spec = self.joined(value.format_spec) if value.format_spec else ""
            parts.append(f"{{{self.expression(value.value)}{conversion}{' : ' + spec if spec else ''}}}")
        flush()
        return " ".join(parts)

    def pattern(self, node):
        kind = type(node).__name__
        p = self.pattern
        if kind == "MatchValue":
            return f"(value {self.expression(node.value)})"
        if kind == "MatchSingleton":
            return f"(value ({constant(node.value)} {self.range(node)}))"
        if kind == "MatchAs":
            return f"(capture {node.name or '_'} {'-' if node.pattern is None else p(node.pattern)})"
        if kind == "MatchSequence":
            return f"(sequence {' '.join(p(x) for x in node.patterns)})"
        if kind == "MatchStar":
            return f"(star {node.name or '_'})"
        if kind == "MatchMapping":
            entries = " ".join(f"({self.expression(k)} {p(v)})" for k, v in zip(node.keys, node.patterns))
            return f"(mapping {entries} {node.rest or '-'})"
        if kind == "MatchClass":
            positional = " ".join(p(x) for x in node.patterns)
            keywords = " ".join(f"({k} {p(v)})" for k, v in zip(node.kwd_attrs, node.kwd_patterns))
            return f"(class {self.expression(node.cls)} [{positional}] [{keywords}])"
        if kind == "MatchOr":
            return f"(or {' '.join(p(x) for x in node.patterns)})"
        raise TypeError(kind)


def constant(value):
    if value is None:
        return "none"
    if value is ...:
        return "ellipsis"
    if isinstance(value, bool):
        return f"bool {str(value).lower()}"
    if isinstance(value, int):
        return f"int {value:x}"
    if isinstance(value, float):
        return f"float {struct.pack('>d', value).hex()}"
    if isinstance(value, complex):
        return f"imaginary {struct.pack('>d', value.imag).hex()}"
    if isinstance(value, bytes):
        return f"bytes {quoted(value.decode('latin-1'))}"
    return f"string {quoted(value)}"


def quoted(text):
    return json.dumps(text)


def is_generator(function):
    """Whether yield stands in the function itself, and not only in functions, classes and lambdas inside it."""

    def yields(node):
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            return False
        return any(yields(child) for child in ast.iter_child_nodes(node))

    return any(yields(statement) for statement in function.body)


def dump(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        source = file.read()
    has_mark = pathlib.Path(path).read_bytes().startswith(b"\xef\xbb\xbf")
    try:
        tree = ast.parse(source)
        dumper = Dumper(source)
        if has_mark:
            dumper.starts = [start + 1 for start in dumper.starts]
        return dumper.block(tree.body, 0)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"! {error}\n"


def dump_or_reason(path):
    try:
        return dump(path)
    except UnicodeDecodeError as error:
        return f"! {error}\n"


def main(arguments):
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    test = pathlib.Path(__file__).resolve().parent.parent.parent
    if not arguments:
        for path in sorted((test / "syntax" / "fixtures").glob("*.py")):
            target = test / "truth" / "data" / "syntax" / f"{path.stem}.ast.txt"
            target.write_text(dump(path), encoding="utf-8")
    elif arguments[0] == "--corpus":
        root = pathlib.Path(arguments[1])
        hashes = {}
        for path in sorted(root.rglob("*.py")):
            text = dump_or_reason(path)
            name = path.relative_to(root).as_posix()
            hashes[name] = "unreadable" if text.startswith("!") else hashlib.sha256(text.encode()).hexdigest()[:16]
        print(json.dumps(hashes, indent=1))
    else:
        for path in arguments:
            sys.stdout.write(f"=== {path}\n{dump_or_reason(path)}")


main(sys.argv[1:])
