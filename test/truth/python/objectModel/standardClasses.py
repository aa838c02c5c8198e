# --- dataclass defaults and order
from dataclasses import dataclass, field, fields, asdict, replace, astuple, is_dataclass, KW_ONLY, InitVar, FrozenInstanceError
@dataclass(order=True)
class P:
    x: int
    y: int = 2
    tags: list = field(default_factory=list, compare=False, repr=False)
p, q = P(1), P(1, 3)
p.tags.append(1)
show(lambda: (p, q.tags, p < q, p == P(1), sorted([q, p])[0], asdict(p), astuple(q), replace(p, x=9), is_dataclass(P)))
show(lambda: hash(p))
tell(lambda: P())
tell(lambda: P(1, 2, 3, 4))
show(lambda: [f.name for f in fields(P)])
def bad():
    @dataclass
    class Q:
        x: int = 1
        y: int
tell(bad)
def mutable():
    @dataclass
    class Q:
        x: list = []
tell(mutable)
# --- frozen dataclasses
from dataclasses import dataclass, FrozenInstanceError
@dataclass(frozen=True)
class P:
    x: int = 1
p = P()
show(lambda: setattr(p, 'x', 2))
show(lambda: setattr(p, 'z', 2))
show(lambda: delattr(p, 'x'))
show(lambda: (len({p, P(1)}), {p: 1}[P(1)]))
object.__setattr__(p, 'x', 5)
show(lambda: p)
try:
    p.x = 1
except FrozenInstanceError as error:
    print(error)
def bad():
    @dataclass
    class Q(P):
        y: int = 1
show(bad)
# --- dataclass options
from dataclasses import dataclass, field, KW_ONLY, InitVar
from typing import ClassVar
@dataclass(eq=False, repr=False, init=False)
class A:
    x: int = 1
show(lambda: (A().x, A() == A()))
show(lambda: A(5))
@dataclass(kw_only=True)
class B:
    x: int
    y: int = 2
show(lambda: B(x=1))
show(lambda: B(1))
@dataclass
class C:
    a: int
    _: KW_ONLY
    b: int = 5
show(lambda: C(1, b=2))
show(lambda: C(1, 2))
@dataclass
class D:
    a: int
    scale: InitVar[int] = 3
    total: int = field(init=False)
    kind: ClassVar[str] = 'd'
    def __post_init__(self, scale):
        self.total = self.a * scale
show(lambda: (D(2), D(2, 5).total, D.kind))
show(lambda: D(1, total=4))
@dataclass(match_args=False)
class E:
    a: int
show(lambda: hasattr(E, '__match_args__'))
show(lambda: C.__match_args__)
# --- dataclass inheritance
from dataclasses import dataclass, field
@dataclass
class A:
    x: int = 1
    y: int = 2
@dataclass
class B(A):
    y: int = 20
    z: int = 3
class C(B):
    w = 5
show(lambda: (B(), B(5), C(1, 2, 3), A() == B(1, 2), B.__eq__(B(), C())))
@dataclass
class D(B):
    def __init__(self, q):
        super().__init__(q, q)
show(lambda: D(7))
@dataclass
class E(A):
    def __post_init__(self):
        self.sum = self.x + self.y
show(lambda: E(3).sum)
def bad():
    @dataclass
    class F(A):
        last: int
show(bad)
# --- dataclass hashing
from dataclasses import dataclass
@dataclass(eq=True, frozen=True)
class A:
    x: int
@dataclass(unsafe_hash=True)
class B:
    x: int
@dataclass
class C:
    x: int
@dataclass
class D:
    x: int
    def __hash__(self):
        return 5
show(lambda: (len({A(1), A(1)}), len({B(1), B(1), B(2)}), hash(D(1))))
show(lambda: {C(1)})
# --- dataclass with properties and descriptors
from dataclasses import dataclass
@dataclass
class A:
    width: int = 4
    @property
    def area(self):
        return self.width ** 2
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value + 1)
show(lambda: (A(3).area, A().width))
# --- make_dataclass and fields with metadata
from dataclasses import make_dataclass, field, fields
P = make_dataclass('P', [('x', int), ('y', int, field(default=5, metadata={'unit': 'px'}))], namespace={'f': lambda self: self.x})
show(lambda: (P(1), P(2).f(), [dict(f.metadata) for f in fields(P)]))
# --- enums
from enum import Enum, IntEnum, auto, Flag, unique, IntFlag
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
show(lambda: (Color.RED, Color(2), Color['GREEN'], Color.CRIMSON is Color.RED, Color.RED.name, Color.RED.value, list(Color), len(Color)))
show(lambda: Color(3))
show(lambda: Color['BLUE'])
show(lambda: Color.BLUE)
show(lambda: setattr(Color, 'RED', 5))
show(lambda: setattr(Color.RED, 'value', 5))
show(lambda: Color.RED == 1)
show(lambda: Color.RED < Color.GREEN)
show(lambda: {Color.RED: 'r'}[Color(1)])
show(lambda: (Color.RED in Color, isinstance(Color.RED, Color), str(Color.RED), f'{Color.RED}', hash(Color.RED) == hash(Color.CRIMSON)))
show(lambda: list(Color.__members__))
def sub():
    class More(Color):
        BLUE = 3
show(sub)
show(lambda: Color.RED())
show(lambda: Color('RED'))
# --- enums with methods, values and auto
from enum import Enum, auto
class Shape(Enum):
    SQUARE = 'sq', 4
    TRI = 'tri', 3
    def __init__(self, label, sides):
        self.label, self.sides = label, sides
    @property
    def angle(self):
        return (self.sides - 2) * 180 // self.sides
    @classmethod
    def by(cls, n):
        return next(s for s in cls if s.sides == n)
show(lambda: (Shape.SQUARE.sides, Shape.TRI.angle, Shape.by(3), Shape(('sq', 4)), Shape.TRI.value))
class Auto(Enum):
    A = auto()
    B = auto()
    C = 10
    D = auto()
show(lambda: [m.value for m in Auto])
class Name(Enum):
    def _generate_next_value_(name, start, count, last):
        return name.lower()
    X = auto()
show(lambda: Name.X.value)
class Miss(Enum):
    A = 1
    @classmethod
    def _missing_(cls, value):
        return cls.A
show(lambda: Miss(99))
# --- int and string enums
from enum import IntEnum, Enum, Flag, auto, IntFlag
class N(IntEnum):
    ONE = 1
    TWO = 2
class S(str, Enum):
    A = 'a'
show(lambda: (N.ONE + 1, N.ONE < 2, [10, 20][N.ONE], N(2), S.A == 'a', S.A.upper(), S('a'), N.TWO == 2, str(N.ONE), f'{S.A.value}'))
show(lambda: sorted([N.TWO, N.ONE]))
show(lambda: {1: 'x'}[N.ONE])
class F(Flag):
    R = auto()
    W = auto()
    RW = R | W
show(lambda: (F.R | F.W == F.RW, F.R in F.RW, F.RW & F.R, bool(F.R & F.W), F.RW.value, F(3) is F.RW, ~F.R == F.W))
class I(IntFlag):
    A = 1
    B = 4
show(lambda: (I.A | I.B, int(I.A | I.B), I.A + 1, (I.A | I.B) == 5))
# --- unique and aliases
from enum import unique, Enum
def bad():
    @unique
    class A(Enum):
        X = 1
        Y = 1
tell(bad)
def twice():
    class A(Enum):
        X = 1
        X = 2
show(twice)
# --- functional enums
from enum import Enum, IntEnum
E = Enum('E', 'A B C')
show(lambda: (list(E), E.B.value))
F = Enum('F', {'X': 'x'})
show(lambda: F.X.value)
# --- typing constructs as bases
from typing import Generic, TypeVar, Protocol, Optional, Union, runtime_checkable
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, x: T):
        self.x = x
class IntBox(Box[int]):
    pass
show(lambda: (Box[int](5).x, IntBox(3).x, IntBox.__mro__[1] is Box, Box.__name__))
@runtime_checkable
class Has(Protocol):
    def f(self): ...
class A:
    def f(self):
        return 1
show(lambda: (isinstance(A(), Has), isinstance(5, Has)))
show(lambda: Has())
class Impl(Has):
    pass
show(lambda: type(Impl()).__name__)
show(lambda: isinstance([], list[int]))
show(lambda: isinstance([], list))
# --- SimpleNamespace and types
from types import SimpleNamespace, MethodType, MappingProxyType
n = SimpleNamespace(a=1)
n.b = 2
show(lambda: (n, n.a, n == SimpleNamespace(a=1, b=2), vars(n)))
show(lambda: n.c)
class A:
    pass
a = A()
a.m = MethodType(lambda self, x: (type(self).__name__, x), a)
show(lambda: a.m(3))
m = MappingProxyType({'k': 1})
def put():
    m['k'] = 2
show(put)
show(lambda: (m['k'], dict(m)))
# --- collections bases
from collections import OrderedDict, defaultdict, Counter, UserDict, UserList, deque, ChainMap
class D(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)
d = D(a=1)
d['b'] = 2
d.update(c=3)
show(lambda: (dict(d), d.data, len(d)))
class O(OrderedDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, (value,))
o = O()
o['x'] = 1
o.move_to_end('x')
show(lambda: list(o.items()))
class Def(defaultdict):
    def __missing__(self, key):
        return 'missing'
show(lambda: (Def(list)['a'], len(Def(list))))
# --- collections.abc mixins
from collections.abc import Mapping, Sequence, MutableMapping, Iterable, Callable, Hashable, Sized
class M(Mapping):
    def __getitem__(self, key):
        return {'a': 1, 'b': 2}[key]
    def __iter__(self):
        return iter('ab')
    def __len__(self):
        return 2
class S(Sequence):
    def __getitem__(self, i):
        return [5, 6, 7][i]
    def __len__(self):
        return 3
class H(Mapping):
    def __len__(self):
        return 1
m, s = M(), S()
show(lambda: (list(m.items()), m.get('z', 0), 'a' in m, m == {'a': 1, 'b': 2}, list(m.values())))
show(lambda: (s.index(6), list(reversed(s)), 7 in s, s.count(5), list(s)))
show(lambda: H())
class Q:
    __hash__ = None
    def __call__(self): ...
    def __iter__(self): ...
show(lambda: (isinstance(Q(), Callable), isinstance(Q(), Iterable), isinstance(Q(), Hashable), isinstance(Q(), Sized), isinstance([], Sequence)))
# --- operator helpers
import operator
class A:
    x = 1
    def __index__(self):
        return 2
    def __concat__(self, o):
        return 'concat'
    def m(self, k):
        return k
a = A()
a.b = A()
show(lambda: (operator.attrgetter('x')(a), operator.attrgetter('b.x')(a), operator.methodcaller('m', 4)(a), operator.itemgetter(1, 0)([5, 6]), operator.index(a)))
show(lambda: operator.attrgetter('zz')(a))
# --- functools.wraps and lru_cache on methods
from functools import wraps, lru_cache, reduce, partial
def logged(f):
    @wraps(f)
    def inner(*a, **k):
        return ('logged', f(*a, **k))
    return inner
class A:
    calls = 0
    @logged
    def f(self, x):
        "doc"
        return x
    @lru_cache(maxsize=None)
    def g(self, x):
        A.calls += 1
        return x * 2
a = A()
show(lambda: (a.f(1), A.f.__name__, A.f.__doc__, A.f.__wrapped__(a, 2)))
show(lambda: (a.g(2), a.g(2), A.calls))
p = partial(a.f, 3)
show(lambda: (p(), p.args, p.func == a.f))
# --- weakrefs
import weakref
class A:
    pass
a = A()
r = weakref.ref(a)
show(lambda: r() is a)
show(lambda: weakref.ref(5))
