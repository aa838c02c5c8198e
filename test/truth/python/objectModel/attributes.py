# --- __getattr__ is a fallback
class A:
    x = 1
    def __getattr__(self, name):
        if name.startswith('no'):
            raise AttributeError(name)
        return name.upper()
a = A()
show(lambda: (a.x, a.y))
show(lambda: hasattr(a, 'nope'))
show(lambda: getattr(a, 'nope', 3))
tell(lambda: a.nope)
# --- __getattribute__ sees everything
class A:
    def __init__(self):
        self.x = 1
    def f(self):
        return 'f'
    def __getattribute__(self, name):
        if name == 'secret':
            raise AttributeError('hidden')
        return ('seen', super().__getattribute__(name)) if name == 'x' else super().__getattribute__(name)
a = A()
show(lambda: (a.x, a.f()))
show(lambda: a.missing)
show(lambda: hasattr(a, 'secret'))
show(lambda: len.__name__)
# --- __getattribute__ then __getattr__
class A:
    def __getattribute__(self, name):
        raise AttributeError('always')
    def __getattr__(self, name):
        return 'fallback ' + name
show(lambda: A().anything)
# --- implicit lookups skip __getattribute__
class A:
    def __getattribute__(self, name):
        raise AttributeError(name)
    def __len__(self):
        return 3
show(lambda: len(A()))
show(lambda: A().__len__)
# --- __getattr__ does not serve special methods
class A:
    def __getattr__(self, name):
        return lambda *args: 5
a = A()
show(lambda: len(a))
show(lambda: a + 1)
show(lambda: a.__len__())
show(lambda: a())
show(lambda: a[0])
show(lambda: list(a))
show(lambda: bool(a))
# --- __setattr__ and __delattr__
class A:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
    def __delattr__(self, name):
        print('del', name)
        super().__delattr__(name)
a = A()
a.x = 2
a.x += 1
show(lambda: a.x)
del a.x
tell(lambda: delattr(a, 'x'))
a.__dict__['raw'] = 1
show(lambda: vars(a))
# --- a frozen class
class Frozen:
    def __init__(self):
        self.__dict__['x'] = 1
    def __setattr__(self, name, value):
        raise AttributeError(f'cannot set {name}')
    def __delattr__(self, name):
        raise AttributeError(f'cannot delete {name}')
f = Frozen()
tell(lambda: setattr(f, 'x', 2))
tell(lambda: delattr(f, 'x'))
show(lambda: f.x)
# --- a proxy
class Proxy:
    def __init__(self, target):
        object.__setattr__(self, 'target', target)
    def __getattr__(self, name):
        return getattr(self.target, name)
    def __setattr__(self, name, value):
        setattr(self.target, name, value)
    def __delattr__(self, name):
        delattr(self.target, name)
class T:
    x = 1
t = T()
p = Proxy(t)
p.y = 5
show(lambda: (p.x, p.y, t.y, p.__dict__ == {'target': t}))
del p.y
show(lambda: hasattr(t, 'y'))
tell(lambda: p.z)
# --- __dict__ is live
class A:
    pass
a = A()
a.__dict__['x'] = 1
show(lambda: a.x)
d = vars(a)
a.y = 2
show(lambda: d)
d.pop('x')
show(lambda: hasattr(a, 'x'))
a.__dict__ = {'z': 3}
show(lambda: (a.z, hasattr(a, 'y')))
show(lambda: setattr(a, '__dict__', 5))
# --- a class's __dict__ cannot be written
class A:
    x = 1
show(lambda: A.__dict__['x'])
def put():
    A.__dict__['y'] = 2
show(put)
show(lambda: 'x' in A.__dict__)
show(lambda: vars(A)['x'])
# --- class attributes and instance attributes
class A:
    items = []
    count = 0
a, b = A(), A()
a.items.append(1)
a.count += 1
show(lambda: (b.items, b.count, a.count, A.count))
del a.count
show(lambda: a.count)
show(lambda: delattr(a, 'count'))
# --- deleting class attributes
class A:
    x = 1
class B(A):
    x = 2
del B.x
show(lambda: B.x)
show(lambda: delattr(B, 'x'))
del A.x
tell(lambda: B.x)
tell(lambda: A().x)
# --- dir
class A:
    c = 1
    def __init__(self):
        self.i = 2
class B(A):
    def m(self):
        pass
show(lambda: [n for n in dir(B()) if not n.startswith('__')])
show(lambda: [n for n in dir(B) if not n.startswith('__')])
class C:
    def __dir__(self):
        return ['z', 'a']
show(lambda: dir(C()))
# --- getattr with strange names
class A:
    pass
a = A()
setattr(a, 'not a name', 1)
show(lambda: getattr(a, 'not a name'))
show(lambda: getattr(a, 5))
show(lambda: setattr(a, 5, 1))
show(lambda: hasattr(a, None))
# --- private names are mangled
class A:
    __x = 1
    def __init__(self):
        self.__y = 2
    def get(self):
        return self.__x + self.__y
class B(A):
    def bad(self):
        return self.__y
show(lambda: (A().get(), A()._A__y, A._A__x))
tell(lambda: B().bad())
show(lambda: hasattr(A(), '__y'))
# --- __class__ assignment
class A:
    def f(self):
        return 'a'
class B:
    def f(self):
        return 'b'
x = A()
x.__class__ = B
show(lambda: (x.f(), type(x).__name__, isinstance(x, A)))
show(lambda: setattr(x, '__class__', int))
show(lambda: setattr(x, '__class__', 3))
# --- attributes of functions and methods
def f(a, b=2):
    pass
f.tag = 1
show(lambda: (f.tag, f.__name__, f.__defaults__, f.__dict__))
class A:
    def m(self):
        pass
show(lambda: A().m.__self__.__class__.__name__)
show(lambda: A().m.__func__ is A.m)
show(lambda: setattr(A().m, 'x', 1))
A.m.x = 4
show(lambda: A().m.x)
show(lambda: A().m == A().m)
a = A()
show(lambda: a.m == a.m)
show(lambda: f.nothing)
# --- attribute of None and of numbers
tell(lambda: None.x)
tell(lambda: (5).x)
tell(lambda: 'a'.x)
tell(lambda: [].x)
tell(lambda: object().x)
# --- type attributes
class A:
    "doc"
    class Inner:
        pass
show(lambda: (A.__name__, A.__qualname__, A.Inner.__qualname__, A.__doc__, A.__bases__, A.__module__))
A.__name__ = 'Renamed'
show(lambda: (A.__name__, A.__qualname__, A))
show(lambda: setattr(A, '__name__', 5))
show(lambda: A.__mro__[-1])
# --- __del__ is ignored until the end
class A:
    def __init__(self):
        self.x = 1
    def __del__(self):
        pass
a = A()
show(lambda: a.x)
# --- super attribute access
class A:
    x = 1
    def f(self):
        return 'A'
class B(A):
    x = 2
    def f(self):
        return 'B' + super().f()
    def g(self):
        return super().x
    @classmethod
    def c(cls):
        return super().x
    @property
    def p(self):
        return super().f()
b = B()
b.x = 3
show(lambda: (b.f(), b.g(), B.c(), b.p))
show(lambda: super(B, b).f())
show(lambda: super(B, B).x)
tell(lambda: super(B, b).nothing)
show(lambda: super(A, b).f())
show(lambda: super(B, 5))
show(lambda: super(5, b))
# --- super sets through descriptors
class A:
    @property
    def x(self):
        return self.__dict__.get('v', 0)
    @x.setter
    def x(self, value):
        self.__dict__['v'] = value
class B(A):
    @property
    def x(self):
        return super().x + 100
    @x.setter
    def x(self, value):
        super(B, type(self)).x.fset(self, value)
b = B()
b.x = 5
show(lambda: b.x)
def bad():
    super(B, b).x = 4
tell(bad)
# --- super in nested functions and comprehensions
class A:
    def f(self):
        return 1
class B(A):
    def f(self):
        def inner():
            return super(B, self).f() + 1
        return inner()
    def g(self):
        return [super(B, self).f() for _ in range(2)]
    def h(self):
        return __class__.__name__
show(lambda: (B().f(), B().g(), B().h()))
def loose():
    return super().f()
tell(loose)
