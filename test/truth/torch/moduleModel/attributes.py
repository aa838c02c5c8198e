# --- __getattr__ of a module
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
    def __getattr__(self, name):
        if name == 'width':
            return 7
        return super().__getattr__(name)
net = Net()
print(net.width, type(net.fc).__name__)
tell(lambda: net.nothing)
show(lambda: hasattr(net, 'nothing'))
show(lambda: getattr(net, 'nothing', 5))
# --- a __getattr__ that hides the registries
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
    def __getattr__(self, name):
        raise AttributeError(name)
show(lambda: Net().fc)
# --- __setattr__ of a module
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.size = 4
    def __setattr__(self, name, value):
        if isinstance(value, nn.Module):
            value = nn.Sequential(value)
        super().__setattr__(name, value)
net = Net()
print(type(net.fc).__name__, net.size, [n for n, _ in net.named_parameters()])
# --- __setattr__ of a layer's subclass sees its own attributes
import torch
from torch import nn
seen = []
class Fc(nn.Linear):
    def __setattr__(self, name, value):
        seen.append(name)
        super().__setattr__(name, value)
Fc(2, 3)
print(seen)
# --- register_parameter overridden
import torch
from torch import nn
class Fc(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(2))
        self.register_buffer('b', torch.zeros(3))
        self.b = torch.zeros(4)
    def register_parameter(self, name, value):
        print('param', name)
        super().register_parameter(name, value)
    def register_buffer(self, name, value, persistent=True):
        print('buffer', name, persistent)
        super().register_buffer(name, value, persistent)
print([n for n, _ in Fc().named_parameters()])
# --- __delattr__ and deletion
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.p = nn.Parameter(torch.zeros(1))
        self.register_buffer('b', torch.zeros(1))
        self.x = 1
net = Net()
del net.fc, net.p, net.b, net.x
print(len(list(net.parameters())), len(list(net.buffers())), len(list(net.children())), hasattr(net, 'x'))
tell(lambda: delattr(net, 'fc'))
# --- assignment before Module.__init__
import torch
from torch import nn
class A(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(2, 3)
class B(nn.Module):
    def __init__(self):
        self.p = nn.Parameter(torch.zeros(1))
class C(nn.Module):
    def __init__(self):
        self.register_buffer('b', torch.zeros(1))
class D(nn.Module):
    def __init__(self):
        self.x = 5
tell(A); tell(B); tell(C)
print(D().x)
# --- registered names take only their own kind
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.p = nn.Parameter(torch.zeros(1))
        self.register_buffer('b', torch.zeros(1))
net = Net()
show(lambda: setattr(net, 'fc', 5))
show(lambda: setattr(net, 'p', torch.zeros(1)))
show(lambda: setattr(net, 'b', 5))
show(lambda: setattr(net, 'p', nn.Linear(1, 1)))
show(lambda: setattr(net, 'fc', torch.zeros(1)))
net.fc = None
net.p = None
net.b = torch.zeros(3)
print(net.fc, net.p, net.b.shape, len(list(net.parameters())))
net.fc = nn.Parameter(torch.zeros(2))
print([n for n, _ in net.named_parameters()], len(list(net.children())))
net.b = nn.Linear(1, 1)
print([n for n, _ in net.named_children()], [n for n, _ in net.named_buffers()])
# --- a name that is taken
import torch
from torch import nn
class Net(nn.Module):
    kind = 'net'
    def __init__(self):
        super().__init__()
        self.x = 5
        self.fc = nn.Linear(2, 3)
net = Net()
show(lambda: net.register_buffer('x', torch.zeros(1)))
show(lambda: net.register_buffer('kind', torch.zeros(1)))
show(lambda: net.register_parameter('fc', nn.Parameter(torch.zeros(1))))
show(lambda: net.add_module('x', nn.ReLU()))
show(lambda: net.add_module('forward', nn.ReLU()))
show(lambda: net.add_module('a.b', nn.ReLU()))
show(lambda: net.add_module('', nn.ReLU()))
show(lambda: net.add_module('y', 5))
show(lambda: net.add_module(5, nn.ReLU()))
show(lambda: net.register_parameter('q', torch.zeros(1)))
show(lambda: net.register_buffer('q', 5))
net.add_module('fc', None)
print(net.fc)
# --- a class attribute hides a child
import torch
from torch import nn
class Net(nn.Module):
    head = None
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(2, 3)
net = Net()
print(net.head, [n for n, _ in net.named_children()], len(list(net.parameters())))
class Par(nn.Module):
    w = None
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(1))
tell(Par)
# --- properties and descriptors on modules
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self._n = 0
    @property
    def n(self):
        return self._n
    @n.setter
    def n(self, value):
        self._n = value * 2
    @property
    def bad(self):
        return self.missing
net = Net()
net.n = 4
print(net.n, 'n' in net.__dict__)
tell(lambda: net.bad)
class Child(nn.Module):
    @property
    def fc(self):
        return 'property'
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 1)
c = Child()
print(c.fc, len(list(c.parameters())))
# --- __slots__ on a module class
import torch
from torch import nn
class Net(nn.Module):
    __slots__ = ('a',)
    def __init__(self):
        super().__init__()
        self.a = 1
        self.b = 2
net = Net()
print(net.a, net.b, 'a' in net.__dict__)
# --- metaclasses and __init_subclass__ of modules
import torch
from torch import nn
class Meta(type):
    made = []
    def __call__(cls, *args, **kw):
        obj = super().__call__(*args, **kw)
        Meta.made.append(cls.__name__)
        obj.after()
        return obj
class Net(nn.Module, metaclass=Meta):
    registry = {}
    def __init_subclass__(cls, key=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry[key] = cls
    def __init__(self, width=3):
        super().__init__()
        self.fc = nn.Linear(2, width)
    def after(self):
        self.head = nn.Linear(self.fc.out_features, 1)
    def forward(self, x):
        return self.head(self.fc(x))
class Wide(Net, key='wide'):
    def __init__(self):
        super().__init__(9)
net = Net.registry['wide']()
print(net(torch.zeros(1, 2)).shape, sum(p.numel() for p in net.parameters()), Meta.made)
# --- __new__ of a module
import torch
from torch import nn
class Net(nn.Module):
    def __new__(cls, kind, *args):
        if kind == 'linear':
            return nn.Linear(2, 3)
        return super().__new__(cls)
    def __init__(self, kind, width=4):
        super().__init__()
        self.fc = nn.Linear(2, width)
    def forward(self, x):
        return self.fc(x)
print(Net('linear')(torch.zeros(1, 2)).shape, Net('net')(torch.zeros(1, 2)).shape, Net('net', 6)(torch.zeros(1, 2)).shape)
# --- dir and vars of a module
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.p = nn.Parameter(torch.zeros(1))
        self.x = 1
net = Net()
print([n for n in ('fc', 'p', 'x', 'forward', 'zzz') if n in dir(net)])
print('fc' in vars(net), 'x' in vars(net), 'fc' in net._modules, list(net._parameters))
# --- registries changed directly
import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
net._modules['1'] = nn.Linear(3, 5)
print(net(torch.zeros(1, 2)).shape)
net[0]._parameters['bias'] = None
print(sum(p.numel() for p in net.parameters()), net[0].bias)
net._modules.pop('1')
print(net(torch.zeros(1, 2)).shape, len(net))
fc = nn.Linear(1, 1)
fc._buffers['k'] = torch.zeros(4)
print([n for n, _ in fc.named_buffers()], fc.k.shape)
# --- train, eval and modes
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.frozen = nn.BatchNorm1d(2)
    def train(self, mode=True):
        super().train(mode)
        self.frozen.eval()
        return self
net = Net().train()
print(net.training, net.frozen.training)
show(lambda: net.train('yes'))
show(lambda: nn.Linear(1, 1).train(1))
# --- unexpected constructor arguments
import torch
from torch import nn
class A(nn.Module):
    pass
tell(lambda: A(1))
tell(lambda: A(x=1))
class B(nn.Module):
    def __init__(self, x):
        super().__init__(x)
tell(lambda: B(1))
class M:
    def __init__(self, **kw):
        self.kw = kw
        super().__init__()
class C(M, nn.Module):
    def __init__(self):
        super().__init__(a=1)
        self.fc = nn.Linear(1, 1)
c = C()
print(c.kw, len(list(c.parameters())))
class D(nn.Module, M):
    call_super_init = True
    def __init__(self):
        super().__init__(b=2)
print(D().kw)
# --- attributes shared by class and instances
import torch
from torch import nn
class Net(nn.Module):
    layers = nn.ModuleList()
    sizes = []
    def __init__(self, n):
        super().__init__()
        self.layers.append(nn.Linear(n, n))
        self.sizes.append(n)
a, b = Net(1), Net(2)
print(len(b.layers), b.sizes, len(list(b.parameters())), len(list(b.children())))
# --- copies of modules
import torch, copy
from torch import nn
net = nn.Sequential(nn.Linear(2, 2))
shallow, deep = copy.copy(net), copy.deepcopy(net)
print(shallow[0] is net[0], deep[0] is net[0], shallow._modules is net._modules, deep[0].weight is net[0].weight)
# --- parameters that are attributes of plain objects
import torch
from torch import nn
class Holder:
    pass
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = Holder()
        self.h.fc = nn.Linear(2, 3)
        self.items = [nn.Linear(1, 1)]
        self.fc = nn.Linear(1, 2)
net = Net()
print(sum(p.numel() for p in net.parameters()))
# --- module containers and their protocols
import torch
from torch import nn
l = nn.ModuleList([nn.ReLU(), nn.Tanh()])
d = nn.ModuleDict({'a': nn.ReLU()})
print(len(l), l[-1].__class__.__name__, nn.ReLU in [type(m) for m in l], bool(nn.ModuleList()), 'a' in d, list(d), bool(d))
show(lambda: l(torch.zeros(1)))
show(lambda: l[5])
show(lambda: d['b'])
show(lambda: d.b)
show(lambda: l['a'])
show(lambda: setattr(l, 'x', 1))
show(lambda: l.append(5))
show(lambda: l + 5)
show(lambda: d.update(5))
