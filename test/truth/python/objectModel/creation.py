# --- __new__ that returns another type
class A:
    def __new__(cls, x):
        return x
    def __init__(self, x):
        print('never')
show(lambda: A(5))
# --- __new__ that returns a subclass instance
class A:
    def __new__(cls, kind='b'):
        return object.__new__(B if kind == 'b' and cls is A else cls)
    def __init__(self, kind='b'):
        self.kind = kind
class B(A):
    pass
show(lambda: (type(A()).__name__, A().kind, type(A('a')).__name__))
# --- __new__ and __init__ take the same arguments
class A:
    def __new__(cls, *args, **kw):
        print('new', args, kw)
        return super().__new__(cls)
    def __init__(self, x, y=2):
        self.v = (x, y)
show(lambda: A(1, y=3).v)
show(lambda: A())
# --- object takes no arguments
class A:
    pass
tell(lambda: A(1))
tell(lambda: A(x=1))
class B:
    def __init__(self, x):
        super().__init__()
show(lambda: type(B(1)).__name__)
class C:
    def __init__(self, x):
        super().__init__(x)
tell(lambda: C(1))
class D:
    def __new__(cls, x):
        return super().__new__(cls, x)
tell(lambda: D(1))
class E:
    def __new__(cls, x):
        return super().__new__(cls)
show(lambda: type(E(1)).__name__)
show(lambda: object(1))
# --- __init__ must return None
class A:
    def __init__(self):
        return 5
tell(lambda: A())
# --- missing and unexpected arguments
class A:
    def __init__(self, a, b=1, *, c):
        pass
tell(lambda: A())
tell(lambda: A(1))
tell(lambda: A(1, 2, 3, c=1))
tell(lambda: A(1, c=2, d=3))
tell(lambda: A(1, c=2, a=3))
# --- abstract classes
from abc import ABC, abstractmethod, ABCMeta
class A(ABC):
    @abstractmethod
    def f(self):
        return 'base'
    @property
    @abstractmethod
    def p(self):
        ...
class B(A):
    def f(self):
        return super().f() + '!'
class C(B):
    p = 3
show(lambda: A())
show(lambda: B())
show(lambda: (C().f(), C().p))
show(lambda: sorted(A.__abstractmethods__))
show(lambda: sorted(B.__abstractmethods__))
# --- one abstract method, with its message
from abc import ABC, abstractmethod
class A(ABC):
    @abstractmethod
    def f(self): ...
tell(lambda: A())
class B(A):
    pass
tell(lambda: B())
B.f = lambda self: 1
tell(lambda: B())
# --- abstract class methods and static methods
from abc import ABC, abstractmethod
class A(ABC):
    @classmethod
    @abstractmethod
    def make(cls): ...
    @staticmethod
    @abstractmethod
    def tool(): ...
class B(A):
    @classmethod
    def make(cls):
        return 'made'
    @staticmethod
    def tool():
        return 'tool'
show(lambda: A())
show(lambda: (B.make(), B.tool(), type(B()).__name__))
# --- abstract methods without ABCMeta are not checked
from abc import abstractmethod
class A:
    @abstractmethod
    def f(self): ...
show(lambda: type(A()).__name__)
# --- virtual subclasses
from abc import ABC
class A(ABC):
    pass
@A.register
class B:
    pass
show(lambda: (issubclass(B, A), isinstance(B(), A), A in B.__mro__))
class H(ABC):
    @classmethod
    def __subclasshook__(cls, sub):
        return hasattr(sub, 'hook')
class K:
    hook = 1
show(lambda: (issubclass(K, H), issubclass(int, H)))
# --- subclasses of builtins
class L(list):
    def __init__(self, *args):
        super().__init__(args)
        self.tag = 'l'
    def __getitem__(self, i):
        return ('got', super().__getitem__(i))
class D(dict):
    def __missing__(self, key):
        return key * 2
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)
class I(int):
    def __add__(self, other):
        return I(int(self) + other + 100)
class S(str):
    def __len__(self):
        return 99
class T(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)
    def total(self):
        return sum(self)
l = L(1, 2)
l.append(3)
show(lambda: (l[0], len(l), l.tag, list(l), l))
d = D(a=1)
show(lambda: (d['a'], d['zz'], d.a, 'zz' in d, d.get('q')))
show(lambda: (I(3) + 4, type(I(3) + 4).__name__, I(3) * 2, 4 + I(3)))
show(lambda: (len(S('ab')), S('ab') + 'c', S('ab').upper(), type(S('ab').upper()).__name__))
show(lambda: (T(1, 2, 3).total(), T(1, 2)[0], T(1) + (2,), type(T(1) + (2,)).__name__))
# --- subclassing float and bool-like ints
class F(float):
    def __new__(cls, x):
        return super().__new__(cls, x * 2)
show(lambda: (F(1.5), F(2) / 4, F(1) == 2.0, hash(F(1)) == hash(2.0), isinstance(F(1), float)))
class N(int):
    def __bool__(self):
        return False
    def __eq__(self, other):
        return 'eq'
    __hash__ = int.__hash__
show(lambda: (bool(N(5)), N(5) == 5, 5 == N(5)))
# --- named tuples in class form
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 5
    def total(self):
        return self.x + self.y
show(lambda: (P(1), P(1).total(), P(1)._asdict(), P._fields, P._field_defaults))
show(lambda: P())
class Q(P):
    def __new__(cls, x):
        return super().__new__(cls, x, x * 2)
show(lambda: Q(4).y)
x, y = P(7)
show(lambda: (x, y, P(1, 2) == (1, 2), P(1)[1]))
# --- exceptions as classes
class E(ValueError):
    code = 7
    def __init__(self, what, n):
        super().__init__(f'{what}: {n}')
        self.n = n
def go():
    raise E('bad', 3)
tell(go)
try:
    go()
except ValueError as error:
    show(lambda: (error.n, error.code, error.args))
def chain():
    try:
        go()
    except E as error:
        raise KeyError('k') from error
try:
    chain()
except KeyError as error:
    show(lambda: (type(error.__cause__).__name__, error.args))
def other():
    raise 5
tell(other)
class NoBase:
    pass
def more():
    raise NoBase
tell(more)
# --- copies of objects
import copy
class A:
    def __init__(self, items):
        self.items = items
    def __eq__(self, other):
        return self.items == other.items
a = A([1, [2]])
b, c = copy.copy(a), copy.deepcopy(a)
show(lambda: (b.items is a.items, c.items is a.items, c == a))
class B:
    def __copy__(self):
        return 'copied'
    def __deepcopy__(self, memo):
        return 'deep'
show(lambda: (copy.copy(B()), copy.deepcopy([B()])))
class S:
    __slots__ = ('x',)
s = S()
s.x = [1]
t = copy.deepcopy(s)
t.x.append(2)
show(lambda: (s.x, t.x))
# --- instances as counters of their class
class A:
    made = 0
    def __new__(cls):
        cls.made += 1
        return super().__new__(cls)
class B(A):
    pass
A(); B(); B()
show(lambda: (A.made, B.made))
# --- factories by classmethod
class Base:
    registry = {}
    def __init_subclass__(cls, key=None, **kw):
        super().__init_subclass__(**kw)
        if key:
            Base.registry[key] = cls
    @classmethod
    def build(cls, key, *args):
        return cls.registry[key](*args)
class Lin(Base, key='lin'):
    def __init__(self, n):
        self.n = n
show(lambda: Base.build('lin', 4).n)
show(lambda: Base.build('conv'))
# --- mixins with cooperative init
class A:
    def __init__(self, **kw):
        print('A', sorted(kw))
        super().__init__(**kw)
class B:
    def __init__(self, *, b, **kw):
        print('B', b, sorted(kw))
        super().__init__(**kw)
class C:
    def __init__(self, *, c, **kw):
        print('C', c)
        super().__init__(**kw)
class D(A, B, C):
    pass
show(lambda: type(D(b=1, c=2)).__name__)
show(lambda: D(b=1))
show(lambda: D(b=1, c=2, d=3))
