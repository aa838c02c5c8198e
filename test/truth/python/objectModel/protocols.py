# --- in falls back to iter and getitem
class C:
    def __contains__(self, x):
        return x
class I:
    def __iter__(self):
        return iter([1, 2])
class G:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10
class N:
    pass
show(lambda: ('x' in C(), 0 in C(), 2 in I(), 3 in I(), 20 in G(), 30 in G()))
show(lambda: 1 in N())
show(lambda: (list(I()), list(G()), tuple(G()), max(G())))
show(lambda: list(N()))
a, b, c = G()
show(lambda: (a, b, c))
# --- __contains__ = None blocks the fallback
class A:
    __contains__ = None
    def __iter__(self):
        return iter([1])
show(lambda: 1 in A())
class B:
    __iter__ = None
    def __getitem__(self, i):
        return 1
show(lambda: list(B()))
show(lambda: 1 in B())
# --- a class with __getitem__ by key
class M:
    def __getitem__(self, key):
        return (type(key).__name__, key if not isinstance(key, slice) else (key.start, key.stop, key.step))
m = M()
show(lambda: (m[1], m['a'], m[1:2], m[::3], m[1, 2], m[...], m[1:2, 3]))
def put():
    m[0] = 1
tell(put)
def drop():
    del m[0]
tell(drop)
tell(lambda: object()[0])
# --- __setitem__ and __delitem__
class M:
    def __init__(self):
        self.log = []
    def __setitem__(self, key, value):
        self.log.append(('set', key, value))
    def __delitem__(self, key):
        self.log.append(('del', key))
    def __getitem__(self, key):
        return 5
m = M()
m['a'] = 1
m['a'] += 2
del m['b']
m[0], m[1] = 7, 8
show(lambda: m.log)
# --- truth
class L:
    def __len__(self):
        return 0
class B:
    def __bool__(self):
        return True
    def __len__(self):
        return 0
class X:
    def __bool__(self):
        return 5
class Neg:
    def __len__(self):
        return -1
class NoInt:
    def __len__(self):
        return 'a'
class Big:
    def __len__(self):
        return True
class P:
    pass
show(lambda: (bool(L()), bool(B()), bool(P()), not L(), 'yes' if L() else 'no'))
tell(lambda: bool(X()))
tell(lambda: 1 if X() else 2)
tell(lambda: len(Neg()))
tell(lambda: bool(Neg()))
tell(lambda: len(NoInt()))
show(lambda: len(Big()))
tell(lambda: len(P()))
# --- __index__
class N:
    def __init__(self, n):
        self.n = n
    def __index__(self):
        return self.n
show(lambda: ([10, 20, 30][N(1)], list(range(N(3))), 'ab' * N(2), [1, 2, 3][N(1):], hex(N(255)), int(N(4))))
show(lambda: [1] * N(2))
class Bad:
    def __index__(self):
        return 'x'
show(lambda: [1][Bad()])
show(lambda: [1][1.0])
show(lambda: range(2.0))
show(lambda: (1, 2)['a'])
# --- __int__, __float__, __round__, __abs__, __neg__
import math
class N:
    def __int__(self):
        return 3
    def __float__(self):
        return 2.5
    def __round__(self, n=None):
        return ('round', n)
    def __abs__(self):
        return 'abs'
    def __neg__(self):
        return 'neg'
    def __pos__(self):
        return 'pos'
    def __invert__(self):
        return 'inv'
    def __trunc__(self):
        return 9
    def __floor__(self):
        return 'floor'
    def __ceil__(self):
        return 'ceil'
    def __divmod__(self, other):
        return 'divmod'
    def __complex__(self):
        return 1j
n = N()
show(lambda: (int(n), float(n), round(n), round(n, 2), abs(n), -n, +n, ~n, math.floor(n), math.ceil(n), divmod(n, 2), complex(n)))
class P:
    pass
tell(lambda: -P())
tell(lambda: abs(P()))
show(lambda: int(P()))
show(lambda: float(P()))
# --- iterators
class Count:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
c = Count(3)
show(lambda: (next(c), list(c), list(c), next(c, 'end')))
show(lambda: next(c))
class Bad:
    def __iter__(self):
        return 5
tell(lambda: list(Bad()))
tell(lambda: iter(5))
show(lambda: next([]))
class OnlyNext:
    def __next__(self):
        return 1
show(lambda: next(OnlyNext()))
show(lambda: list(OnlyNext()))
it = iter([3, 2, 1].pop, 3)
show(lambda: list(it))
show(lambda: [x for x, _ in zip(iter(lambda: 4, 5), range(2))])
# --- generators as __iter__
class Tree:
    def __init__(self, value, *children):
        self.value, self.children = value, children
    def __iter__(self):
        yield self.value
        for child in self.children:
            yield from child
    def __reversed__(self):
        return iter(['reversed'])
    def __len__(self):
        return 1 + sum(map(len, self.children))
t = Tree(1, Tree(2, Tree(3)), Tree(4))
show(lambda: (list(t), list(reversed(t)), len(t), sum(t), sorted(t, reverse=True), dict(enumerate(t))))
a, *rest = t
show(lambda: (a, rest))
# --- reversed by len and getitem
class S:
    def __len__(self):
        return 3
    def __getitem__(self, i):
        return i * i
show(lambda: list(reversed(S())))
class N:
    pass
show(lambda: reversed(N()))
# --- equality and hashing
class A:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return isinstance(other, A) and self.x == other.x
    def __hash__(self):
        return hash(self.x)
class B:
    def __eq__(self, other):
        return True
class C(A):
    pass
show(lambda: (A(1) == A(1), A(1) != A(2), A(1) == 1, {A(1), A(1), A(2)}.__len__(), {A(1): 'a'}[A(1)]))
tell(lambda: {B()})
tell(lambda: hash(B()))
show(lambda: (B() == 5, 5 == B(), B() != 5, B() in [1], [1].index(B())))
show(lambda: B.__hash__)
show(lambda: A(1) == C(1))
class D(B):
    __hash__ = None
class E(B):
    __hash__ = object.__hash__
show(lambda: hash(D()))
show(lambda: (len({E(), E()}), type(hash(E())).__name__))
# --- __eq__ that returns NotImplemented
class A:
    def __eq__(self, other):
        return NotImplemented
class B:
    def __eq__(self, other):
        return 'b'
a = A()
show(lambda: (a == a, a == A(), a == B(), B() == a, a != a, a != B()))
# --- identity before equality in containers
nan = float('nan')
class Never:
    def __eq__(self, other):
        return False
    __hash__ = object.__hash__
n = Never()
show(lambda: (nan in [nan], [nan] == [nan], nan == nan, n in [n], [n] == [n], n == n, (n,) == (n,), {n: 1}[n], [n].count(n), [n].index(n)))
# --- different hashes
class K:
    def __init__(self, h, tag):
        self.h, self.tag = h, tag
    def __hash__(self):
        return self.h
    def __eq__(self, other):
        return True
show(lambda: len({K(1, 'a'), K(1, 'b'), K(2, 'c')}))
d = {K(1, 'a'): 'first'}
d[K(1, 'b')] = 'second'
show(lambda: (len(d), list(d.values()), [k.tag for k in d]))
show(lambda: d.get(K(3, 'x'), 'none'))
class BadHash:
    def __hash__(self):
        return 'x'
show(lambda: {BadHash()})
show(lambda: hash(BadHash()))
# --- objects equal to numbers as keys
class One:
    def __eq__(self, other):
        return other == 1
    def __hash__(self):
        return 1
show(lambda: {1: 'one'}.get(One(), 'none'))
show(lambda: One() in {1, 2})
show(lambda: One() in [1, 2])
# --- comparison fallbacks
class L:
    def __lt__(self, other):
        return 'lt'
class G:
    def __gt__(self, other):
        return 'gt'
class P:
    pass
show(lambda: (L() < P(), P() > L(), P() < G(), G() > P()))
tell(lambda: P() < P())
tell(lambda: L() > P())
tell(lambda: L() <= P())
tell(lambda: P() < 5)
tell(lambda: 5 >= P())
show(lambda: sorted([3, 1, 2], key=lambda x: -x))
class R:
    def __init__(self, n):
        self.n = n
    def __lt__(self, other):
        return self.n < other.n
show(lambda: [r.n for r in sorted([R(3), R(1), R(2)])])
show(lambda: max([R(3), R(1)], key=lambda r: r.n).n)
show(lambda: max(R(3), R(1)).n)
show(lambda: min([R(3), R(1)]).n)
# --- total_ordering
from functools import total_ordering
@total_ordering
class V:
    def __init__(self, n):
        self.n = n
    def __eq__(self, other):
        return self.n == other.n
    def __lt__(self, other):
        return self.n < other.n
show(lambda: (V(1) <= V(1), V(2) > V(1), V(2) >= V(3), V(1) != V(2), max(V(1), V(5)).n))
def bad():
    @total_ordering
    class W:
        pass
show(bad)
# --- subclass comparison priority
class A:
    def __lt__(self, other):
        return 'A<'
    def __gt__(self, other):
        return 'A>'
    def __eq__(self, other):
        return 'A=='
class B(A):
    def __lt__(self, other):
        return 'B<'
    def __gt__(self, other):
        return 'B>'
    def __eq__(self, other):
        return 'B=='
show(lambda: (A() < B(), B() < A(), A() > B(), A() == B(), B() == A(), A() == A()))
# --- operators and their reflections
class L:
    def __add__(self, other):
        return 'L+'
    def __mul__(self, other):
        return NotImplemented
class R:
    def __radd__(self, other):
        return '+R'
    def __rmul__(self, other):
        return '*R'
    def __rsub__(self, other):
        return NotImplemented
show(lambda: (L() + R(), 1 + R(), L() * R(), 'a' + R(), [1] + R(), (1,) + R(), None + R(), 2.5 * R(), [1] * R(), 'ab' * R()))
tell(lambda: 1 - R())
tell(lambda: L() - 1)
tell(lambda: R() + 1)
tell(lambda: L() * 2)
# --- a subclass's reflection goes first
class A:
    def __add__(self, other):
        return 'A+'
    def __radd__(self, other):
        return '+A'
class B(A):
    def __radd__(self, other):
        return '+B'
class C(A):
    pass
show(lambda: (A() + B(), B() + A(), A() + C(), A() + A(), 1 + A()))
class MyInt(int):
    def __radd__(self, other):
        return 'mine'
    def __rmul__(self, other):
        return 'mine too'
show(lambda: (1 + MyInt(2), MyInt(2) + 1, 2 * MyInt(3), 1.5 + MyInt(1)))
class MyList(list):
    def __radd__(self, other):
        return 'mylist'
show(lambda: [1] + MyList([2]))
# --- same type does not reflect
class A:
    def __add__(self, other):
        return NotImplemented
    def __radd__(self, other):
        return 'reflected'
show(lambda: A() + A())
show(lambda: 1 + A())
# --- in-place operators
class A:
    def __init__(self):
        self.log = []
    def __iadd__(self, other):
        self.log.append(('i', other))
        return self
    def __sub__(self, other):
        return ('sub', other)
    def __imul__(self, other):
        return NotImplemented
    def __mul__(self, other):
        return 'mul'
    def __ipow__(self, other):
        return 'new object'
a = A()
b = a
a += 1
show(lambda: (a is b, a.log))
a -= 2
show(lambda: a)
c = A()
c *= 3
show(lambda: c)
d = A()
d **= 2
show(lambda: d)
def bad():
    e = A()
    e /= 2
tell(bad)
l = m = [1]
l += (2,)
show(lambda: (l is m, m))
l = l + [3]
show(lambda: l is m)
t = u = (1,)
t += (2,)
show(lambda: t is u)
s = r = {1}
s |= {2}
show(lambda: (s is r, r))
def odd():
    x = [1]
    x += 5
tell(odd)
def tup():
    t = ([1],)
    t[0] += [2]
show(tup)
# --- matmul, shifts and logic
class A:
    def __matmul__(self, o): return '@'
    def __rmatmul__(self, o): return 'r@'
    def __lshift__(self, o): return '<<'
    def __rrshift__(self, o): return 'r>>'
    def __and__(self, o): return '&'
    def __ror__(self, o): return 'r|'
    def __xor__(self, o): return '^'
    def __floordiv__(self, o): return '//'
    def __rmod__(self, o): return 'r%'
    def __pow__(self, o, m=None): return ('**', m)
    def __rpow__(self, o): return 'r**'
    def __truediv__(self, o): return '/'
    def __rdivmod__(self, o): return 'rdivmod'
a = A()
show(lambda: (a @ 1, 1 @ a, a << 1, 1 >> a, a & 1, 1 | a, a ^ 1, a // 1, 1 % a, a ** 2, 2 ** a, a / 1, divmod(1, a), pow(a, 2, 3)))
show(lambda: '%s' % a == str(a))
show(lambda: {1} | a)
show(lambda: True & a)
# --- calling
class A:
    def __call__(self, *args, **kw):
        return (args, kw)
class B(A):
    def __call__(self, x):
        return super().__call__(x, extra=1)
show(lambda: (A()(1, a=2), B()(3), callable(A()), callable(object()), callable(A), callable(len)))
tell(lambda: object()())
a = A()
a.__call__ = lambda: 'own'
show(lambda: a())
show(lambda: a.__call__())
# --- strings of objects
class A:
    def __repr__(self):
        return 'R'
class B:
    def __str__(self):
        return 'S'
    def __repr__(self):
        return 'R'
    def __format__(self, spec):
        return 'F' + spec
class C:
    def __str__(self):
        return 5
    def __repr__(self):
        return None
show(lambda: (str(A()), f'{A()}', f'{A()!s}', f'{B()}', f'{B():>5}', f'{B()!r:>3}', '%s' % B(), '{:x}'.format(B()), [B()]))
tell(lambda: str(C()))
tell(lambda: repr(C()))
show(lambda: f'{A():>3}')
show(lambda: format(A(), ''))
show(lambda: print(B()))
# --- context managers
class M:
    def __init__(self, swallow):
        self.swallow = swallow
    def __enter__(self):
        return 'entered'
    def __exit__(self, kind, value, trace):
        print('exit', kind and kind.__name__)
        return self.swallow
def go(swallow):
    with M(swallow) as x:
        print(x)
        raise ValueError('v')
    return 'after'
show(lambda: go(True))
show(lambda: go(False))
class Half:
    def __enter__(self):
        return 1
def bad():
    with Half():
        pass
tell(bad)
def worse():
    with object():
        pass
tell(worse)
h = Half()
h.__exit__ = lambda *a: True
show(bad)
# --- __length_hint__, __missing__ and __getitem__ of dict subclasses
class D(dict):
    def __missing__(self, key):
        self[key] = [key]
        return self[key]
d = D()
d['a'].append(1)
show(lambda: (d, d.get('b'), 'b' in d, len(d)))
class E(dict):
    def __getitem__(self, key):
        return 'item'
    def keys(self):
        return ['k']
e = E(a=1)
show(lambda: (e['zzz'], e.get('a'), list(e), dict(**{'q': 1}), e.pop('a')))
# --- star arguments by mapping and iteration protocols
class M:
    def keys(self):
        return ['a', 'b']
    def __getitem__(self, key):
        return key * 2
    def __iter__(self):
        return iter([7, 8])
def f(*args, **kw):
    return (args, kw)
show(lambda: f(*M(), **M()))
show(lambda: dict(M()))
show(lambda: {**M(), 'c': 1})
show(lambda: f(**5))
show(lambda: f(*5))
class D(dict):
    pass
show(lambda: f(**D(x=1)))
# --- unpacking
class P:
    def __iter__(self):
        yield 1
        yield 2
a, b = P()
show(lambda: (a, b))
def few():
    a, b, c = P()
def many():
    (a,) = P()
tell(few)
tell(many)
def no():
    a, b = 5
tell(no)
# --- pattern matching on classes
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y):
        self.x, self.y = x, y
def f(v):
    match v:
        case P(0, y):
            return ('zero', y)
        case P(x=1):
            return 'one'
        case P(x, y) if x == y:
            return 'same'
        case P():
            return 'any'
        case [a, *rest]:
            return (a, rest)
        case {'k': k, **others}:
            return (k, others)
        case int(n):
            return ('int', n)
        case str() | None:
            return 'text'
    return 'none'
show(lambda: [f(v) for v in (P(0, 4), P(1, 2), P(3, 3), P(3, 4), [1, 2], {'k': 1, 'z': 2}, 5, None, 2.5)])
# --- singledispatch
from functools import singledispatch, singledispatchmethod
@singledispatch
def f(x):
    return 'default'
@f.register
def _(x: int):
    return 'int'
@f.register(list)
def _(x):
    return 'list'
class A: pass
class B(A): pass
f.register(A, lambda x: 'A')
show(lambda: (f(1), f(True), f([]), f('s'), f(B()), f.dispatch(int)(1)))
class C:
    @singledispatchmethod
    def g(self, x):
        return 'other'
    @g.register
    def _(self, x: int):
        return 'int'
show(lambda: (C().g(1), C().g('a')))
# --- subclasses of str keep what a str does
class Kind(str):
    def __str__(self):
        return 'kind of ' + self.upper()
k = Kind('conv2d')
show(lambda: ('conv' in k, 'x' in k, str(k), f'{k}', f'{k:>10}', '%s' % k, k == 'conv2d', {k: 1}['conv2d'], k + '!'))
class Quiet(str):
    def __eq__(self, other):
        return self.lower() == other.lower()
    def __hash__(self):
        return hash(self.lower())
show(lambda: len({Quiet('A'), Quiet('a'), Quiet('b')}))
show(lambda: (Quiet('A') == 'a', Quiet('A') != 'a', [Quiet('A')].index('a')))
