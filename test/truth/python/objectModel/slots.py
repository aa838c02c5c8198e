# --- slots refuse other names
class P:
    __slots__ = ('a', 'b')
p = P()
p.a = 1
tell(lambda: p.a)
tell(lambda: p.b)
tell(lambda: setattr(p, 'c', 1))
tell(lambda: p.c)
tell(lambda: p.__dict__)
show(lambda: hasattr(p, 'b'))
show(lambda: getattr(p, 'b', 'none'))
p.b = None
show(lambda: p.b)
del p.b
tell(lambda: p.b)
tell(lambda: delattr(p, 'b'))
tell(lambda: delattr(p, 'c'))
# --- a string names one slot
class P:
    __slots__ = 'width'
p = P()
p.width = 3
show(lambda: p.width)
show(lambda: setattr(p, 'w', 1))
show(lambda: P.__slots__)
# --- a subclass without slots has a dict
class A:
    __slots__ = ('a',)
class B(A):
    pass
b = B()
b.a, b.z = 1, 2
show(lambda: (b.a, b.z, b.__dict__))
show(lambda: vars(b))
tell(lambda: vars(A()))
# --- slots are inherited
class A:
    __slots__ = ('a',)
class B(A):
    __slots__ = ('b',)
b = B()
b.a, b.b = 1, 2
show(lambda: (b.a, b.b))
show(lambda: setattr(b, 'c', 3))
show(lambda: hasattr(b, '__dict__'))
show(lambda: (A.__slots__, B.__slots__))
# --- a base without slots gives a dict
class A:
    pass
class B(A):
    __slots__ = ('b',)
b = B()
b.b, b.c = 1, 2
show(lambda: b.__dict__)
# --- __dict__ among the slots
class A:
    __slots__ = ('a', '__dict__')
a = A()
a.a, a.b = 1, 2
show(lambda: a.__dict__)
show(lambda: (a.a, a.b))
# --- __weakref__ among the slots
class A:
    __slots__ = ('a', '__weakref__')
a = A()
show(lambda: setattr(a, 'b', 1))
# --- a slot conflicts with a class variable
def make():
    class A:
        __slots__ = ('a',)
        a = 1
tell(make)
# --- a default of a base hides no slot
class A:
    a = 5
class B(A):
    __slots__ = ('a',)
b = B()
tell(lambda: b.a)
b.a = 6
show(lambda: (b.a, A.a))
# --- a class attribute of a subclass hides the slot
class A:
    __slots__ = ('a',)
class B(A):
    __slots__ = ()
    a = 9
b = B()
show(lambda: b.a)
tell(lambda: setattr(b, 'a', 1))
# --- the members are descriptors
class A:
    __slots__ = ('a',)
a = A()
A.a.__set__(a, 4)
show(lambda: A.a.__get__(a))
show(lambda: type(A.a).__name__)
show(lambda: A.a.__get__(None, A) is A.a)
A.a.__delete__(a)
show(lambda: A.a.__get__(a))
show(lambda: A.a.__name__)
# --- private slots are mangled
class A:
    __slots__ = ('__secret',)
    def __init__(self):
        self.__secret = 1
    def get(self):
        return self.__secret
a = A()
show(a.get)
show(lambda: a._A__secret)
show(lambda: setattr(a, '__secret', 2))
# --- empty slots
class A:
    __slots__ = ()
show(lambda: setattr(A(), 'x', 1))
show(lambda: setattr(A, 'x', 1))
show(lambda: A().x)
# --- a list or a dict of slots
class A:
    __slots__ = ['a', 'b']
class B:
    __slots__ = {'a': 'the first', 'b': 'the second'}
a, b = A(), B()
a.a = b.b = 1
show(lambda: setattr(a, 'c', 1))
show(lambda: setattr(b, 'c', 1))
show(lambda: list(B.__slots__))
# --- slots of a generator
class A:
    __slots__ = (name for name in ('u', 'v'))
a = A()
a.u = 1
show(lambda: setattr(a, 'w', 1))
# --- bad slots
def one():
    class A:
        __slots__ = (1,)
def two():
    class A:
        __slots__ = ('not a name',)
def three():
    class A(int):
        __slots__ = ('a',)
tell(one)
tell(two)
show(three)
# --- slots of two bases conflict
class A:
    __slots__ = ('a',)
class B:
    __slots__ = ('b',)
class C:
    __slots__ = ()
def make():
    class D(A, B):
        pass
tell(make)
class E(A, C):
    __slots__ = ('e',)
e = E()
e.a = e.e = 1
show(lambda: setattr(e, 'x', 1))
# --- object.__setattr__ respects slots
class A:
    __slots__ = ('a',)
    def __setattr__(self, name, value):
        raise TypeError('frozen')
a = A()
show(lambda: setattr(a, 'a', 1))
object.__setattr__(a, 'a', 2)
show(lambda: a.a)
show(lambda: object.__setattr__(a, 'b', 2))
# --- __getattr__ with slots
class A:
    __slots__ = ('a',)
    def __getattr__(self, name):
        return 'no ' + name
a = A()
show(lambda: (a.a, a.b))
a.a = 1
show(lambda: (a.a, a.b))
# --- slots with a property of the same class
class A:
    __slots__ = ('_x',)
    @property
    def x(self):
        return self._x
    @x.setter
    def x(self, value):
        self._x = value * 2
a = A()
a.x = 4
show(lambda: (a.x, a._x))
show(lambda: setattr(a, 'y', 1))
# --- slots of a dataclass
from dataclasses import dataclass, field
@dataclass(slots=True)
class P:
    x: int
    y: int = 2
p = P(1)
show(lambda: p)
show(lambda: setattr(p, 'z', 1))
show(lambda: P.__slots__)
show(lambda: hasattr(p, '__dict__'))
p.y = 7
show(lambda: p)
# --- a slotted class in a counter pattern
class Config:
    __slots__ = ('width', 'depth')
    def __init__(self, **given):
        self.width, self.depth = 8, 2
        for name, value in given.items():
            setattr(self, name, value)
show(lambda: Config(width=3).width)
show(lambda: Config(widht=3).width)
try:
    Config(height=1)
except AttributeError:
    print('refused')
# --- __class__ may not change to another layout
class A:
    __slots__ = ('a',)
class B:
    pass
a = A()
show(lambda: setattr(a, '__class__', B))
b = B()
class C:
    pass
b.__class__ = C
show(lambda: type(b).__name__)
# --- named tuples have no dict
from collections import namedtuple
P = namedtuple('P', 'x y')
p = P(1, 2)
show(lambda: setattr(p, 'x', 3))
show(lambda: setattr(p, 'z', 3))
show(lambda: p._replace(x=5))
# --- object() and builtins take no attributes
show(lambda: setattr(object(), 'x', 1))
show(lambda: setattr(5, 'x', 1))
show(lambda: setattr([], 'x', 1))
show(lambda: setattr('s', 'x', 1))
show(lambda: setattr(len, 'x', 1))
show(lambda: setattr(int, 'x', 1))
show(lambda: setattr((), 'x', 1))
show(lambda: setattr(None, 'x', 1))
