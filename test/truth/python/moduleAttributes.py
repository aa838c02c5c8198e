# --- __getattr__ of a module
# file: m.py
x = 1
def __getattr__(name):
    if name.startswith('no'):
        raise AttributeError('m lacks ' + name)
    return 'made ' + name
def inside():
    return missing
# file: main.py
import m
from m import x, y
show(lambda: (m.x, m.z, x, y))
tell(lambda: m.nope)
show(lambda: hasattr(m, 'nope'))
show(lambda: getattr(m, 'nope', 'default'))
show(lambda: hasattr(m, 'anything'))
show(m.inside)
try:
    from m import nope
except ImportError:
    print('ImportError')
show(lambda: m.__getattr__('direct'))
show(lambda: 'z' in vars(m))
# --- special names go through it too
# file: m.py
asked = []
def __getattr__(name):
    asked.append(name)
    raise AttributeError(name)
# file: main.py
import m
show(lambda: hasattr(m, '__custom__'))
show(lambda: hasattr(m, '__name__'))
show(lambda: m.asked)
# --- __dir__ of a module
# file: m.py
b = a = 1
def __dir__():
    return ['z', 'a']
# file: main.py
import m
show(lambda: dir(m))
# --- a package that imports its parts when asked
# file: pkg/__init__.py
import importlib
_parts = {'Net': 'net', 'Head': 'heads'}
def __getattr__(name):
    if name in _parts:
        value = getattr(importlib.import_module('.' + _parts[name], __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
def __dir__():
    return sorted(list(globals()) + list(_parts))
# file: pkg/net.py
print('net runs')
class Net:
    width = 3
# file: pkg/heads.py
print('heads run')
from . import Net
class Head(Net):
    width = 4
# file: main.py
import pkg
show(lambda: 'Net' in vars(pkg))
show(lambda: pkg.Head.width)
show(lambda: 'Net' in vars(pkg))
from pkg import Net
show(lambda: Net.width)
show(lambda: pkg.heads.__name__)
tell(lambda: pkg.Tail)
show(lambda: [n for n in dir(pkg) if not n.startswith('_')])
# --- star imports ask for what __all__ names
# file: m.py
__all__ = ['a', 'lazy']
a = 1
hidden = 2
def __getattr__(name):
    return 'made ' + name
# file: main.py
from m import *
show(lambda: (a, lazy))
show(lambda: hidden)
# --- attributes of modules are set and deleted
# file: m.py
width = 1
def get():
    return width
def __getattr__(name):
    return 'fallback'
# file: main.py
import m
m.width = 5
show(lambda: m.get())
m.fresh = 7
show(lambda: m.fresh)
del m.fresh
show(lambda: m.fresh)
setattr(m, 'width', 8)
show(m.get)
del m.width
show(lambda: m.width)
show(m.get)
show(lambda: delattr(m, 'width'))
m.__dict__['width'] = 9
show(m.get)
vars(m).update(width=10)
show(m.get)
# --- a module that lacks a name
# file: m.py
"about m"
# file: main.py
import m
tell(lambda: m.nothing)
try:
    from m import nothing
except ImportError as error:
    print(type(error).__name__, str(error).split(' (')[0])
show(lambda: (m.__name__, m.__doc__, m.__package__, hasattr(m, '__path__'), hasattr(m, '__file__')))
show(lambda: m())
show(lambda: callable(m))
show(lambda: m[0])
show(lambda: len(m))
show(lambda: m + 1)
show(lambda: type(m).__name__)
# --- __getattr__ put in later
# file: m.py
x = 1
# file: main.py
import m
show(lambda: m.y)
m.__getattr__ = lambda name: name * 2
show(lambda: m.y)
del m.__getattr__
show(lambda: hasattr(m, 'y'))
# --- submodules are attributes once they ran
# file: pkg/__init__.py
# file: pkg/sub.py
x = 5
# file: pkg/other.py
# file: main.py
import pkg
show(lambda: hasattr(pkg, 'sub'))
import pkg.sub
show(lambda: pkg.sub.x)
show(lambda: hasattr(pkg, 'other'))
from pkg import other
show(lambda: pkg.other.__name__)
# --- a submodule and a name of the package
# file: pkg/__init__.py
from .sub import sub
# file: pkg/sub.py
def sub():
    return 'function'
# file: main.py
import pkg
show(lambda: pkg.sub())
import pkg.sub
show(lambda: pkg.sub())
import sys
show(lambda: sys.modules['pkg.sub'].sub is pkg.sub)
# --- a module's class replaced
# file: m.py
import sys, types
class Lazy(types.ModuleType):
    @property
    def answer(self):
        return 42
    def __setattr__(self, name, value):
        super().__setattr__(name, value if name.startswith('__') else ('set', value))
sys.modules[__name__].__class__ = Lazy
# file: main.py
import m
show(lambda: m.answer)
m.x = 1
show(lambda: m.x)
# --- ModuleType by hand
# file: main.py
import sys, types
m = types.ModuleType('made', 'about it')
m.x = 1
show(lambda: (m.x, m.__name__, m.__doc__, type(m).__name__))
tell(lambda: m.y)
m.__getattr__ = lambda name: 'lazy ' + name
show(lambda: m.y)
class Sub(types.ModuleType):
    def __getattr__(self, name):
        return 'sub ' + name
s = Sub('s')
s.k = 1
show(lambda: (s.k, s.q, s.__name__, isinstance(s, types.ModuleType)))
# --- deprecated names with a warning
# file: m.py
import warnings
new_name = 'value'
_old = {'old_name': 'new_name'}
def __getattr__(name):
    if name in _old:
        warnings.warn(name, DeprecationWarning, stacklevel=2)
        return globals()[_old[name]]
    raise AttributeError(name)
# file: main.py
from m import old_name
import m
show(lambda: (old_name, m.old_name, m.new_name))
# --- __getattr__ as an instance, a partial and a class
# file: m.py
class Maker:
    def __call__(self, name):
        return ('instance', name)
__getattr__ = Maker()
# file: n.py
from functools import partial
def find(table, name):
    try:
        return table[name]
    except KeyError:
        raise AttributeError(name) from None
__getattr__ = partial(find, {'k': 5})
# file: main.py
import m, n
show(lambda: (m.a, n.k, hasattr(n, 'q')))
