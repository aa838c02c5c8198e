# --- data descriptors win over the instance
class Data:
    def __get__(self, obj, owner=None):
        return ('data', obj is None)
    def __set__(self, obj, value):
        obj.__dict__['kept'] = value
class Plain:
    def __get__(self, obj, owner=None):
        return ('plain', obj is None)
class A:
    d = Data()
    p = Plain()
a = A()
a.__dict__.update(d=1, p=2)
show(lambda: (a.d, a.p, A.d, A.p))
a.d = 5
a.p = 6
show(lambda: sorted(a.__dict__.items()))
del a.p
show(lambda: a.p)
show(lambda: delattr(a, 'd'))
# --- only __delete__ makes a data descriptor too
class D:
    def __get__(self, obj, owner=None):
        return 'got'
    def __delete__(self, obj):
        print('deleted')
class A:
    d = D()
a = A()
a.__dict__['d'] = 1
show(lambda: a.d)
tell(lambda: setattr(a, 'd', 2))
del a.d
# --- subclasses of property and its kin
class prop(property):
    pass
class cprop(property):
    def __get__(self, obj, owner=None):
        return ('custom', super().__get__(obj, owner)) if obj is not None else self
class smeth(staticmethod):
    pass
class A:
    @prop
    def x(self):
        return self.__dict__.get('v', 0)
    @x.setter
    def x(self, value):
        self.__dict__['v'] = value
    @cprop
    def y(self):
        return 'y'
    @smeth
    def s(n):
        return n + 1
a = A()
a.x = 3
show(lambda: (a.x, a.y, A.s(1), a.s(2), type(A.x).__name__))
show(lambda: setattr(a, 'y', 1))
# --- only __set__
class S:
    def __set__(self, obj, value):
        obj.__dict__['s'] = value + 1
class A:
    s = S()
a = A()
show(lambda: type(a.s).__name__)
a.s = 4
show(lambda: a.s)
tell(lambda: delattr(a, 's'))
# --- property without setter or deleter
class A:
    @property
    def x(self):
        return 1
a = A()
tell(lambda: setattr(a, 'x', 2))
tell(lambda: delattr(a, 'x'))
a.__dict__['x'] = 9
show(lambda: a.x)
show(lambda: A.x.fset)
tell(lambda: A.x.__set__(a, 1))
# --- property with setter and deleter
class A:
    def __init__(self):
        self._x = 0
    @property
    def x(self):
        "the x"
        return self._x
    @x.setter
    def x(self, value):
        self._x = value
    @x.deleter
    def x(self):
        print('gone')
        self._x = None
a = A()
a.x += 3
show(lambda: a.x)
del a.x
show(lambda: a.x)
show(lambda: A.x.__doc__)
# --- a property without a getter
class A:
    def put(self, value):
        self.__dict__['v'] = value
    x = property(None, put)
a = A()
a.x = 2
show(lambda: a.v)
tell(lambda: a.x)
# --- an AttributeError inside a property falls back to __getattr__
class A:
    @property
    def x(self):
        return self.missing
    def __getattr__(self, name):
        return 'fallback ' + name
show(lambda: A().x)
class B:
    @property
    def x(self):
        return self.missing
tell(lambda: B().x)
show(lambda: hasattr(B(), 'x'))
show(lambda: getattr(B(), 'x', 'default'))
# --- other errors of a property go through
class A:
    @property
    def x(self):
        raise ValueError('no')
show(lambda: hasattr(A(), 'x'))
show(lambda: getattr(A(), 'x', 1))
# --- overriding a property in a subclass
class A:
    @property
    def x(self):
        return 1
class B(A):
    @A.x.setter
    def x(self, value):
        self.__dict__['seen'] = value
class C(A):
    x = 5
class D(A):
    @property
    def x(self):
        return super().x + 10
b = B()
b.x = 3
show(lambda: (b.x, b.seen, C().x, D().x))
c = C()
c.x = 6
show(lambda: c.x)
# --- properties on a metaclass
class Meta(type):
    @property
    def tag(cls):
        return cls.__name__.lower()
class Net(metaclass=Meta):
    pass
show(lambda: Net.tag)
show(lambda: Net().tag)
show(lambda: setattr(Net, 'tag', 1))
# --- functions are non-data descriptors
class A:
    def f(self):
        return 'method'
a = A()
a.f = lambda: 'own'
show(lambda: a.f())
del a.f
show(lambda: a.f())
show(lambda: A.f(a))
show(lambda: A.__dict__['f'].__get__(a)())
# --- static and class methods
class A:
    @staticmethod
    def s(x):
        return x + 1
    @classmethod
    def c(cls, x):
        return (cls.__name__, x)
class B(A):
    pass
show(lambda: (A.s(1), A().s(2), B.c(3), B().c(4)))
show(lambda: B.__mro__[1].__dict__['c'].__get__(None, B)(5))
show(lambda: A.__dict__['s'](1))
show(lambda: A.s.__name__)
# --- __set_name__ is told of the owner
class Field:
    def __set_name__(self, owner, name):
        print('named', owner.__name__, name)
        self.name = name
class A:
    x = Field()
    y = x
show(lambda: A.__dict__['x'].name)
A.z = Field()
show(lambda: hasattr(A.__dict__['z'], 'name'))
# --- __get__ with the owner
class Q:
    def __get__(self, obj, owner=None):
        return (obj is None, owner.__name__)
class A:
    q = Q()
class B(A):
    pass
show(lambda: (A.q, B.q, B().q))
# --- a descriptor on an instance does not bind
class Q:
    def __get__(self, obj, owner=None):
        return 'bound'
class A:
    pass
a = A()
a.q = Q()
show(lambda: type(a.q).__name__)
A.r = Q()
show(lambda: a.r)
# --- cached_property
from functools import cached_property
class A:
    count = 0
    @cached_property
    def x(self):
        A.count += 1
        return A.count
a = A()
show(lambda: (a.x, a.x, a.__dict__))
del a.x
show(lambda: a.x)
a.x = 50
show(lambda: a.x)
show(lambda: A().x)
show(lambda: type(A.x).__name__)
class S:
    __slots__ = ()
    @cached_property
    def x(self):
        return 1
show(lambda: S().x)
# --- lazy attributes
class lazy:
    def __init__(self, make):
        self.make = make
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        value = obj.__dict__[self.name] = self.make(obj)
        print('made')
        return value
class A:
    @lazy
    def x(self):
        return 42
a = A()
show(lambda: a.x)
show(lambda: a.x)
# --- validation by descriptors
class Positive:
    def __set_name__(self, owner, name):
        self.key = '_' + name
    def __get__(self, obj, owner=None):
        return self if obj is None else getattr(obj, self.key)
    def __set__(self, obj, value):
        if value <= 0:
            raise ValueError(f'{self.key[1:]} must be positive')
        setattr(obj, self.key, value)
class Conf:
    width = Positive()
    def __init__(self, width):
        self.width = width
show(lambda: Conf(3).width)
tell(lambda: Conf(0).width)
# --- a descriptor class as a decorator of methods
class counted:
    def __init__(self, fn):
        self.fn, self.calls = fn, 0
    def __get__(self, obj, owner=None):
        from functools import partial
        return partial(self, obj)
    def __call__(self, *args):
        self.calls += 1
        return self.fn(*args)
class A:
    @counted
    def f(self, x):
        return x * 2
a = A()
show(lambda: (a.f(2), a.f(3), A.__dict__['f'].calls))
# --- class property by classmethod descriptor
class classproperty:
    def __init__(self, fget):
        self.fget = fget
    def __get__(self, obj, owner):
        return self.fget(owner)
class A:
    n = 3
    @classproperty
    def twice(cls):
        return cls.n * 2
class B(A):
    n = 5
show(lambda: (A.twice, B.twice, B().twice))
# --- partialmethod
from functools import partialmethod
class A:
    def put(self, key, value):
        return (key, value)
    put_x = partialmethod(put, 'x')
    put_y = partialmethod(put, key='y')
show(lambda: A().put_x(3))
show(lambda: A().put_y(value=4))
# --- a callable instance is no method
class F:
    def __call__(self, *args):
        return len(args)
class A:
    f = F()
    g = len
    h = lambda self: 'h'
show(lambda: (A().f(1, 2), A().g([1, 2, 3]), A().h()))
# --- descriptors found on the type only
class Num:
    def __get__(self, obj, owner=None):
        return lambda: 7
class A:
    __len__ = Num()
show(lambda: len(A()))
class B:
    pass
b = B()
b.__len__ = lambda: 3
show(lambda: len(b))
# --- __set__ through a class attribute assignment replaces the descriptor
class D:
    def __get__(self, obj, owner=None):
        return 'd'
    def __set__(self, obj, value):
        print('set', value)
class A:
    x = D()
A.x = 5
a = A()
a.x = 6
show(lambda: (a.x, A.x))
