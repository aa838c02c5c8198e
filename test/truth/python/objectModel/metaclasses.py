# --- metaclass __new__ and __init__ run in order
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        print('new', name, sorted(k for k in ns if not k.startswith('__')), kw)
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        print('init', name, kw)
        super().__init__(name, bases, ns)
    def __call__(cls, *args, **kw):
        print('call', args, kw)
        return super().__call__(*args, **kw)
class A(metaclass=Meta, tag=1):
    x = 1
    def __init__(self, v):
        self.v = v
class B(A):
    pass
show(lambda: (A(3).v, B(4).v, type(B) is Meta))
# --- a singleton by metaclass
class Single(type):
    made = {}
    def __call__(cls, *args):
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*args)
        return cls.made[cls]
class A(metaclass=Single):
    def __init__(self, x):
        self.x = x
show(lambda: A(1) is A(2))
show(lambda: A(9).x)
# --- a registry by metaclass
class Registry(type):
    known = {}
    def __new__(mcs, name, bases, ns):
        cls = super().__new__(mcs, name, bases, ns)
        if bases:
            mcs.known[name] = cls
        return cls
class Base(metaclass=Registry):
    pass
class One(Base):
    pass
class Two(One):
    pass
show(lambda: sorted(Registry.known))
show(lambda: Base.known is Registry.known)
tell(lambda: Base().known)
# --- __prepare__ with an ordered namespace
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        return {'given': name, **kw}
    def __new__(mcs, name, bases, ns, **kw):
        return super().__new__(mcs, name, bases, dict(ns))
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
class A(metaclass=Meta, extra=3):
    y = given + '!'
show(lambda: (A.given, A.y, A.extra))
# --- __prepare__ with a dict that watches
class Watch(dict):
    def __setitem__(self, key, value):
        if not key.startswith('__'):
            print('bind', key)
        super().__setitem__(key, value)
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Watch()
class A(metaclass=Meta):
    x = 1
    x = 2
    def f(self):
        pass
show(lambda: A.x)
# --- __prepare__ with a dict that answers missing names
class Auto(dict):
    def __missing__(self, key):
        if key.startswith('__'):
            raise KeyError(key)
        self[key] = len(self)
        return self[key]
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Auto()
class Color(metaclass=Meta):
    red
    green
show(lambda: Color.green - Color.red)
# --- metaclass attributes are seen by the class, not by instances
class Meta(type):
    def shout(cls):
        return cls.__name__.upper()
    level = 3
class A(metaclass=Meta):
    pass
show(lambda: (A.shout(), A.level))
show(lambda: A().level)
show(lambda: hasattr(A(), 'shout'))
# --- __getattr__ of a metaclass
class Meta(type):
    def __getattr__(cls, name):
        return (cls.__name__, name)
class A(metaclass=Meta):
    x = 1
show(lambda: (A.x, A.y))
show(lambda: A().y)
# --- __setattr__ and __delattr__ of a metaclass
class Meta(type):
    def __setattr__(cls, name, value):
        print('set', name)
        super().__setattr__(name, value)
    def __delattr__(cls, name):
        print('del', name)
        super().__delattr__(name)
class A(metaclass=Meta):
    x = 1
A.x = 2
show(lambda: A.x)
del A.x
show(lambda: hasattr(A, 'x'))
# --- __getattribute__ of a metaclass
class Meta(type):
    def __getattribute__(cls, name):
        if name == 'x':
            return 'intercepted'
        return super().__getattribute__(name)
class A(metaclass=Meta):
    x = 1
show(lambda: (A.x, A().x, A.__name__))
# --- container protocols of a metaclass
class Meta(type):
    def __len__(cls):
        return 3
    def __iter__(cls):
        return iter('abc')
    def __getitem__(cls, key):
        return key * 2
    def __contains__(cls, x):
        return x == 'k'
    def __bool__(cls):
        return False
    def __add__(cls, other):
        return 'sum'
    def __eq__(cls, other):
        return True
    def __hash__(cls):
        return 1
    def __repr__(cls):
        return 'the class'
class A(metaclass=Meta):
    pass
show(lambda: (len(A), list(A), A[4], 'k' in A, 'z' in A, bool(A), A + 1, A == 5, repr(A), str(A)))
show(lambda: len(A()))
# --- instance checks of a metaclass
class Meta(type):
    def __instancecheck__(cls, obj):
        return hasattr(obj, 'quack')
    def __subclasscheck__(cls, sub):
        return 'quack' in vars(sub)
class Duck(metaclass=Meta):
    pass
class D:
    quack = 1
show(lambda: (isinstance(D(), Duck), isinstance(5, Duck), issubclass(D, Duck), isinstance(Duck(), Duck)))
# --- metaclass conflict
class M1(type):
    pass
class M2(type):
    pass
class A(metaclass=M1):
    pass
class B(metaclass=M2):
    pass
def make():
    class C(A, B):
        pass
tell(make)
class M3(M1, M2):
    pass
class C(A, B, metaclass=M3):
    pass
show(lambda: type(C).__name__)
# --- the most derived metaclass wins
class M1(type):
    pass
class M2(M1):
    pass
class A(metaclass=M1):
    pass
class B(metaclass=M2):
    pass
class C(A, B):
    pass
show(lambda: type(C).__name__)
class D(A, metaclass=type):
    pass
show(lambda: type(D).__name__)
# --- a function as metaclass
def make(name, bases, ns):
    ns['made'] = True
    return type(name, bases, ns)
class A(metaclass=make):
    pass
show(lambda: (A.made, type(A).__name__))
def nothing(name, bases, ns):
    return 42
class N(metaclass=nothing):
    pass
show(lambda: N)
# --- type with three arguments
A = type('A', (), {'x': 1, 'f': lambda self: self.x})
B = type('B', (A,), dict(y=2))
show(lambda: (A().f(), B().f(), B.y, B.__name__, B.__bases__ == (A,)))
show(lambda: type('C', (5,), {}))
show(lambda: type('C', [], {}))
show(lambda: type(5, (), {}))
show(lambda: type('D', (A,), {}, tag=1))
show(lambda: type())
# --- __init_subclass__ with keywords
class Base:
    def __init_subclass__(cls, *, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.tag = tag
class A(Base, tag='a'):
    pass
class B(A):
    pass
show(lambda: (A.tag, B.tag))
def bad():
    class C(Base, wrong=1):
        pass
tell(bad)
def worse():
    class D(tag=1):
        pass
tell(worse)
# --- __init_subclass__ runs after __set_name__
class F:
    def __set_name__(self, owner, name):
        print('set_name', name)
class Base:
    def __init_subclass__(cls):
        print('init_subclass', cls.__name__)
class A(Base):
    f = F()
# --- __init_subclass__ is not run for the class itself, and chains
seen = []
class A:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        seen.append(('A', cls.__name__))
class B:
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        seen.append(('B', cls.__name__))
class C(A, B):
    pass
class D(C):
    pass
show(lambda: seen)
# --- __class_getitem__
class Box:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)
class Sub(Box):
    pass
show(lambda: (Box[int], Sub['x', 2]))
show(lambda: Box()[0])
class Plain:
    pass
tell(lambda: Plain[int])
# --- __mro_entries__
class A:
    x = 1
class Alias:
    def __mro_entries__(self, bases):
        return (A,)
class B(Alias()):
    pass
show(lambda: (B.__bases__, B.x, type(B.__orig_bases__[0]).__name__))
def bad():
    class C(5):
        pass
show(bad)
def worse():
    class D(lambda: 1):
        pass
show(worse)
# --- bases that cannot be ordered
class A:
    pass
class B(A):
    pass
def one():
    class C(A, B):
        pass
tell(one)
class X(A):
    pass
class Y(A):
    pass
class P(X, Y):
    pass
class Q(Y, X):
    pass
def two():
    class R(P, Q):
        pass
tell(two)
def three():
    class S(A, A):
        pass
tell(three)
def four():
    class T(object, A):
        pass
tell(four)
# --- bases that cannot be subclassed
def one():
    class A(bool):
        pass
def two():
    class A(type(None)):
        pass
def three():
    class A(type(lambda: 0)):
        pass
def four():
    class A(range):
        pass
def five():
    class A(int, str):
        pass
def six():
    class A(slice):
        pass
for make in (one, two, three, four, five, six):
    tell(make)
# --- mro of diamonds
class O: pass
class A(O): pass
class B(O): pass
class C(O): pass
class D(A, B): pass
class E(B, C): pass
class F(D, E): pass
show(lambda: [c.__name__ for c in F.__mro__])
show(lambda: [c.__name__ for c in F.mro()])
# --- mro() of a metaclass
class Meta(type):
    def mro(cls):
        return [cls, Extra, object] if cls.__name__ == 'A' else super().mro()
class Extra:
    bonus = 7
class A(metaclass=Meta):
    pass
show(lambda: A.bonus)
show(lambda: [c.__name__ for c in A.__mro__])
# --- __bases__ and __subclasses__
class A: pass
class B(A): pass
class C(A): pass
show(lambda: A.__subclasses__())
show(lambda: (C.__bases__, C.__base__))
class D: 
    x = 4
B.__bases__ = (D,)
show(lambda: (B.x, issubclass(B, A)))
# --- a class decorator may return something else
def number(cls):
    return 5
@number
class A:
    pass
show(lambda: A)
def tagged(**kw):
    def wrap(cls):
        for k, v in kw.items():
            setattr(cls, k, v)
        return cls
    return wrap
@tagged(a=1, b=2)
class B:
    pass
show(lambda: (B.a, B.b))
# --- class bodies have scopes of their own
x = 'global'
class A:
    x = 'class'
    y = [x for _ in range(1)]
    z = [q for q in x]
    def f(self):
        return x
show(lambda: (A.y, A.z[0], A().f()))
def g():
    x = 'local'
    class B:
        x = x
    return B.x
show(g)
# --- statements in class bodies
class A:
    for i in range(3):
        locals()[f'v{i}'] = i * 10
    if i > 1:
        big = True
    try:
        1 / 0
    except ZeroDivisionError:
        failed = True
    del i
show(lambda: (A.v0, A.v2, A.big, A.failed, hasattr(A, 'i')))
# --- calling type.__call__ and object.__new__ by hand
class A:
    def __init__(self, x=1):
        self.x = x
a = A.__new__(A)
show(lambda: hasattr(a, 'x'))
a.__init__(5)
show(lambda: a.x)
show(lambda: type.__call__(A, 7).x)
show(lambda: object.__new__(A).__class__.__name__)
show(lambda: object.__new__(5))
show(lambda: object.__new__(int))
show(lambda: A.__call__(3).x)
