# --- __call__ overridden in a class
import torch
from torch import nn
class Net(nn.Linear):
    def __call__(self, x):
        return super().__call__(torch.cat([x, x], 1))[:, :2]
net = Net(4, 5)
net.register_forward_hook(lambda m, a, o: o[:, :3])
print(net(torch.zeros(1, 2)).shape)
# --- __call__ that never calls forward
import torch
from torch import nn
class Skip(nn.Module):
    def __call__(self, x):
        return x[:, :1]
    def forward(self, x):
        return x
net = nn.Sequential(Skip(), nn.Flatten())
print(net(torch.zeros(1, 4)).shape)
# --- __call__ on an instance is not used
import torch
from torch import nn
fc = nn.Linear(2, 3)
fc.__call__ = lambda x: 5
print(fc(torch.zeros(1, 2)).shape)
# --- forward assigned on an instance
import torch
from torch import nn
from types import MethodType
fc = nn.Linear(2, 3)
fc.forward = lambda x: x[:, :1]
print(fc(torch.zeros(1, 2)).shape)
fc.forward = MethodType(lambda self, x: x.new_zeros(self.out_features), fc)
print(fc(torch.zeros(1, 2)).shape)
del fc.forward
print(fc(torch.zeros(1, 2)).shape)
# --- forward assigned on a class
import torch
from torch import nn
class Net(nn.Module):
    def forward(self, x):
        return x
net = Net()
Net.forward = lambda self, x: x[:1]
print(net(torch.zeros(3, 2)).shape)
original = nn.ReLU.forward
nn.ReLU.forward = lambda self, x: torch.cat([x, x], 1)
print(nn.Sequential(nn.ReLU())(torch.zeros(1, 2)).shape)
nn.ReLU.forward = original
print(nn.ReLU()(torch.zeros(1, 2)).shape)
# --- __call__ assigned on a class
import torch
from torch import nn
class Net(nn.Module):
    def forward(self, x):
        return x
net = Net()
Net.__call__ = lambda self, x: self.forward(x)[:1]
print(net(torch.zeros(3, 2)).shape)
# --- _call_impl overridden
import torch
from torch import nn
class Net(nn.Linear):
    def _call_impl(self, x):
        return super()._call_impl(x)[:, :2]
net = Net(4, 5)
net.register_forward_hook(lambda m, a, o: o[:, 1:])
print(net(torch.zeros(1, 4)).shape)
# --- forward is missing
import torch
from torch import nn
class Net(nn.Module):
    pass
show(lambda: Net()(torch.zeros(1)))
class Late(nn.Module):
    def __init__(self):
        super().__init__()
        self.forward = self.run
    def run(self, x):
        return x[:1]
print(Late()(torch.zeros(3)).shape)
# --- forward chosen by an attribute
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, fast):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        if fast:
            self.forward = self.forward_fast
    def forward(self, x):
        return self.fc(x)
    def forward_fast(self, x):
        return x
print(Net(True)(torch.zeros(1, 2)).shape, Net(False)(torch.zeros(1, 2)).shape)
# --- a decorated forward
import torch, functools
from torch import nn
def twice(fn):
    @functools.wraps(fn)
    def inner(self, x):
        return torch.cat([fn(self, x), fn(self, x)], 1)
    return inner
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
    @twice
    def forward(self, x):
        return self.fc(x)
print(Net()(torch.zeros(1, 2)).shape)
# --- forward as a static method, class method and callable object
import torch
from torch import nn
class S(nn.Module):
    @staticmethod
    def forward(x):
        return x[:1]
class C(nn.Module):
    @classmethod
    def forward(cls, x):
        return x[:2]
class F:
    def __call__(self, x):
        return x[:3]
class O(nn.Module):
    forward = F()
x = torch.zeros(5)
print(S()(x).shape, C()(x).shape, O()(x).shape)
# --- super chains of forward
import torch
from torch import nn
class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
    def forward(self, x):
        return self.fc(x)
class M:
    def forward(self, x):
        return super().forward(x)[:, :2]
class B(M, A):
    def forward(self, x):
        return super().forward(x).sum(1)
print(B()(torch.zeros(4, 2)).shape)
# --- apply calls children first
import torch
from torch import nn
seen = []
net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU()))
net.apply(lambda m: seen.append(type(m).__name__))
print(seen)
# --- modules called by map, filter and getattr
import torch
from torch import nn
branches = nn.ModuleList([nn.Linear(2, n) for n in (1, 2)])
branches[1].register_forward_hook(lambda m, a, o: torch.cat([o, o], 1))
x = torch.zeros(1, 2)
print(torch.cat(list(map(lambda m: m(x), branches)), 1).shape)
print(getattr(branches, '1')(x).shape)
# --- a module as a decorator and as a key
import torch
from torch import nn
a, b = nn.Linear(1, 1), nn.Linear(1, 1)
d = {a: 'a', b: 'b'}
print(d[a], d[b], a == b, a == a, len({a, b, a}))
show(lambda: a < b)
show(lambda: len(a))
show(lambda: a[0])
show(lambda: list(a))
show(lambda: a + b)
show(lambda: bool(a))
# --- lazy layers with hooks
import torch
from torch import nn
fc = nn.LazyLinear(3)
fc.register_forward_hook(lambda m, a, o: o[:, :1])
print(fc(torch.zeros(1, 2)).shape, type(fc).__name__, len(fc._forward_hooks))
