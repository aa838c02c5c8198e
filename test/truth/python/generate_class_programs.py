"""Makes small programs about classes from a seed: program(7) -> text. Four kinds: attributes, operators, protocols, orders."""

import random


def program(seed):
    """The text of a program; the same seed gives the same text in every Python."""
    choose = random.Random(f"classes {seed}")
    kind = (attributes, operators, protocols, orders)[seed % 4]
    return "\n".join(kind(choose)) + "\n"


def attributes(choose):
    """Where a name is found, set and deleted: classes, metaclass and instance each hold `x` in some form, or not."""
    yield "log = []"
    yield "class Data:"
    yield "    def __get__(self, obj, owner=None): return ('data', obj is None)"
    yield "    def __set__(self, obj, value): log.append(('set', value))"
    yield "    def __delete__(self, obj): log.append('delete')"
    yield "class Read:"
    yield "    def __get__(self, obj, owner=None): return ('read', obj is None)"
    yield "class Write:"
    yield "    def __set__(self, obj, value): obj.__dict__['x'] = ('written', value)"
    yield "class Erase:"
    yield "    def __delete__(self, obj): log.append('erase')"
    yield "class Meta(type):"
    yield from indented(member(choose, "x") + member(choose, "y") + meta_methods(choose) or ["pass"])
    yield "class A" + choose.choice(["", "(metaclass=Meta)"]) + ":"
    yield from indented(member(choose, "x") + member(choose, "y") + readers(choose) + slots(choose) or ["pass"])
    yield "class B(A):"
    yield from indented(member(choose, "x") + member(choose, "y") + readers(choose) + slots(choose) or ["pass"])
    yield "class C:"
    yield from indented(member(choose, "y") or ["pass"])
    yield "try:"
    yield "    class D(B, C):"
    yield from indented(indented(member(choose, "x") + slots(choose) or ["pass"]))
    yield "except Exception as error:"
    yield "    print(type(error).__name__)"
    yield "    D = B"
    yield "d = D()"
    if choose.random() < 0.6:
        yield "show(lambda: d.__dict__.update(x='own x'))"
    for _ in range(10):
        name = choose.choice("xy")
        target = choose.choice(["d", "d", "d", "D", "B", "A", "A()"])
        yield choose.choice(
            [
                f"show(lambda: {target}.{name})",
                f"show(lambda: {target}.{name})",
                f"show(lambda: setattr({target}, {name!r}, {choose.randint(1, 9)}))",
                f"show(lambda: delattr({target}, {name!r}))",
                f"show(lambda: hasattr({target}, {name!r}))",
                f"show(lambda: getattr({target}, {name!r}, 'default'))",
                f"show(lambda: super(D, d).{name})",
                f"show(lambda: object.__getattribute__(d, {name!r}))",
                f"show(lambda: object.__setattr__(d, {name!r}, 'plain'))",
                f"show(lambda: type.__getattribute__(D, {name!r}))",
                "show(lambda: sorted(vars(d)))",
            ]
        )
    yield "print(log)"


def member(choose, name):
    forms = [
        [f"{name} = {choose.randint(10, 99)}"],
        [f"{name} = Data()"],
        [f"{name} = Read()"],
        [f"{name} = Write()"],
        [f"{name} = Erase()"],
        [f"{name} = property(lambda self: 'property')"],
        [f"{name} = property(lambda self: self.missing)"],
        [f"{name} = property(None, lambda self, value: log.append(value))"],
        [f"{name} = staticmethod(lambda: 'static')"],
        [f"{name} = classmethod(lambda cls: cls)", f"{name} = {name}.__func__"],
        [f"{name} = None"],
    ]
    return choose.choice(forms) if choose.random() < 0.45 else []


def readers(choose):
    lines = []
    if choose.random() < 0.2:
        lines += ["def __getattr__(self, name):", "    return 'fallback ' + name"]
    if choose.random() < 0.1:
        lines += ["def __getattribute__(self, name):", "    if name == 'y':", "        raise AttributeError(name)"]
        lines += ["    return super().__getattribute__(name)"]
    if choose.random() < 0.1:
        lines += ["def __setattr__(self, name, value):", "    super().__setattr__(name, ('through', value))"]
    if choose.random() < 0.1:
        lines += ["def __delattr__(self, name):", "    log.append('del ' + name)", "    super().__delattr__(name)"]
    return lines


def meta_methods(choose):
    if choose.random() < 0.25:
        return ["def __getattr__(cls, name):", "    return 'meta ' + name"]
    return []


def slots(choose):
    if choose.random() < 0.3:
        return ["__slots__ = " + choose.choice(["()", "('z',)", "('z', 'w')", "'w'"])]
    return []


def operators(choose):
    """Which class answers an operator: direct, reflected and in-place methods that answer, decline or are missing."""
    names = choose.sample(["add", "sub", "mul", "matmul", "truediv", "and", "or", "pow", "mod", "lshift"], 3)
    order = choose.sample(["lt", "le", "gt", "ge", "eq", "ne"], 3)
    bases = {"A": choose.choice(["", "", "(int)", "(str)"]), "B": choose.choice(["", "(A)", "(A)"]), "C": ""}
    if bases["A"] == "(str)":
        names = [name for name in names if name != "mul"]
    for cls, base in bases.items():
        yield f"class {cls}{base}:"
        body = []
        for name in names:
            for prefix in ("", "r", "i"):
                if choose.random() < 0.4:
                    answer = choose.choice([f"('{cls}', '{prefix}{name}')"] * 2 + ["NotImplemented"])
                    body.append(f"def __{prefix}{name}__(self, other): return {answer}")
        # What a builtin class compares for its subclasses is beside the point.
        for name in order if bases["A"] == "" else ():
            if choose.random() < 0.4:
                answer = choose.choice([f"'{cls} {name}'", "NotImplemented"])
                body.append(f"def __{name}__(self, other): return {answer}")
        yield from indented(body or ["pass"])
    symbols = {"add": "+", "sub": "-", "mul": "*", "matmul": "@", "truediv": "/", "and": "&", "or": "|", "pow": "**"}
    symbols |= {"mod": "%", "lshift": "<<", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
    yield "values = {'A': A(), 'B': B(), 'C': C(), 'int': 3, 'text': 't', 'list': [1], 'none': None}"
    yield "def plain(value): return type(value).__name__ if isinstance(value, (A, B, C)) else value"
    for name in names + order:
        for _ in range(5):
            left, right = (choose.choice(["A", "B", "C", "A", "B", "C", "int", "text", "list", "none"]) for _ in "lr")
            yield f"show(lambda: plain(values['{left}'] {symbols[name]} values['{right}']))"
    yield "def in_place(x, y):"
    for name in names:
        yield f"    x {symbols[name]}= y"
        yield "    yield plain(x)"
    for left, right in (("A()", "C()"), ("B()", "A()"), ("C()", "3")):
        yield f"show(lambda: list(in_place({left}, {right})))"


def protocols(choose):
    """What builtin functions make of an object that has some of the methods that they ask for."""
    offers = {
        "__len__": ["0", "2", "True"],
        "__bool__": ["True", "False", "1", "None"],
        "__iter__": ["iter([1, 2])", "[1, 2]", "iter('ab')"],
        "__contains__": ["True", "0", "[]", "'yes'"],
        "__index__": ["1", "True", "'one'", "-1"],
        "__int__": ["5", "'five'"],
        "__float__": ["1.5", "1"],
        "__call__": ["'called'", "self"],
        "__eq__": ["True", "False", "NotImplemented"],
        "__hash__": ["7", "'h'", "hash(7)"],
        "__str__": ["'text'", "3"],
        "__repr__": ["'shown'", "None"],
        "__neg__": ["'negative'", "NotImplemented"],
        "__abs__": ["'absolute'"],
        "__reversed__": ["iter('ba')", "5"],
        "__enter__": ["'entered'"],
        "__exit__": ["True", "False", "0"],
        "__round__": ["'rounded'"],
        "__format__": ["'formatted'", "5"],
        "__bytes__": ["b'ab'"],
    }
    extra = {"__contains__": ", item", "__eq__": ", other", "__exit__": ", *args", "__round__": ", digits=None"}
    extra |= {"__format__": ", spec", "__call__": ", *args"}
    base = choose.choice(["", "", "", "(int)", "(list)", "(dict)", "(str)"])
    lacking = TEXT_LACKS if base == "(str)" else BUILTIN_LACKS if base else ()
    chosen = [name for name in offers if choose.random() < 0.4 and name not in lacking]
    yield f"class P{base}:"
    body = [f"def {name}(self{extra.get(name, '')}): return {choose.choice(offers[name])}" for name in chosen]
    if choose.random() < 0.4:
        body += ["def __getitem__(self, key):", "    if isinstance(key, int) and key > 2:", "        raise IndexError(key)"]
        body += ["    return ('item', key)"]
    if choose.random() < 0.15:
        body.append(choose.choice(["__iter__", "__contains__", "__hash__", "__len__"]) + " = None")
    yield from indented(body or ["pass"])
    yield "class Q(P):"
    yield from indented(choose.choice([["pass"], ["def __len__(self): return 1"], ["__hash__ = P.__hash__"]]))
    yield "p, q = P(), Q()"
    asked = [
        "len({})", "bool({})", "not {}", "list({})", "1 in {}", "'a' in {}", "[10, 20][{}]", "int({})", "float({})",
        "callable({})", "{}()", "{} == 3", "{} != 3", "{} == {}", "hash({}) == 7", "len({{{}: 1}})", "-{}", "abs({})",
        "list(reversed({}))", "round({})", "{}[0]", "{}['k']", "list(range(3))[{}:]", "f'{{{}}}' == 'formatted'",
        "max({})", "sum({})", "dict({})", "1 if {} else 2", "[1] * {}", "tuple({})", "sorted({})", "{} is {}", "all({})",
        "enter({})", "list(zip({}, 'ab'))", "list(map(str, {}))", "next(iter({}))", "[*{}]", "(lambda *a: a)(*{})",
    ]
    yield "def enter(manager):"
    yield "    with manager as value:"
    yield "        raise KeyError"
    yield "    return 'swallowed'"
    if "__str__" in chosen:
        asked.append("str({})")
    if "__repr__" in chosen:
        asked.append("repr({})")
    if base:
        asked.remove("list(reversed({}))")
    if base == "(str)":
        # The hash of a text differs from run to run.
        asked.remove("hash({}) == 7")
    for text in choose.sample(asked, 18):
        target = choose.choice("pq")
        yield f"tidy(lambda: {text.format(*[target] * 3)})"


def orders(choose):
    """Method resolution orders, metaclasses and cooperative calls of random hierarchies."""
    yield "calls = []"
    yield "class M1(type): pass"
    yield "class M2(type): pass"
    yield "class M3(M1): pass"
    yield "class A:"
    yield "    def f(self): calls.append('A')"
    yield "    def __init_subclass__(cls, tag=None, **kw):"
    yield "        super().__init_subclass__(**kw)"
    yield "        calls.append((cls.__name__, tag))"
    known = ["A"]
    for name in "BCDEFGH":
        bases = choose.sample(known, min(len(known), choose.choice([1, 1, 2, 2, 3])))
        bases = [*bases, *(["object"] if choose.random() < 0.15 else [])]
        keywords = []
        if choose.random() < 0.25:
            keywords.append("metaclass=" + choose.choice(["M1", "M2", "M3", "type"]))
        if choose.random() < 0.3:
            keywords.append(choose.choice(["tag=1", "tag='t'", "other=2"]))
        yield "try:"
        yield f"    class {name}({', '.join(bases + keywords)}):"
        body = []
        if choose.random() < 0.6:
            rest = choose.choice(["super().f()", f"super({name}, self).f()", "pass", "A.f(self)"])
            body += ["def f(self):", f"    calls.append('{name}')", f"    {rest}"]
        if choose.random() < 0.3:
            body += [f"x = '{name}'"]
        if choose.random() < 0.2:
            body += [choose.choice(["__slots__ = ('s',)", "__slots__ = ('t',)", "__slots__ = ()"])]
        yield from indented(indented(body or ["pass"]))
        yield f"    print('{name}', [c.__name__ for c in {name}.__mro__], type({name}).__name__)"
        yield "except TypeError as error:"
        yield f"    print('{name}', 'TypeError')"
        yield f"    {name} = {choose.choice(known)}"
        known.append(name)
    for name in choose.sample(known, 4):
        yield f"show(lambda: {name}().f())"
        yield f"show(lambda: getattr({name}, 'x', None))"
        other = choose.choice(known)
        yield f"show(lambda: (issubclass({name}, {other}), isinstance({other}(), {name}), {name} is {other}))"
        yield f"show(lambda: super({other}, {name}()).f())"
        yield f"show(lambda: sorted(c.__name__ for c in {name}.__subclasses__()))"
        yield f"show(lambda: setattr({name}(), 'any', 1))"
    yield "print(calls)"


# Builtin classes ask their subclasses for these in an order that differs from class to class.
TEXT_LACKS = {"__index__", "__repr__", "__reversed__", "__len__"}
BUILTIN_LACKS = {"__index__", "__reversed__"}


def indented(lines):
    return ["    " + line for line in lines]
