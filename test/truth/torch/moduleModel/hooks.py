# --- forward hooks and pre-hooks
import torch
from torch import nn
fc = nn.Linear(6, 6)
fc.register_forward_pre_hook(lambda m, args: (args[0][:1],))
fc.register_forward_hook(lambda m, args, out: torch.cat([out, out], 1))
print(fc(torch.zeros(2, 6)).shape)
# --- hooks that return None, a value or a tuple
import torch
from torch import nn
fc = nn.Linear(4, 4)
fc.register_forward_pre_hook(lambda m, args: None)
fc.register_forward_pre_hook(lambda m, args: args[0][:, :4])
fc.register_forward_hook(lambda m, args, out: None)
fc.register_forward_hook(lambda m, args, out: (out, len(args)))
fc.register_forward_hook(lambda m, args, out: out[0].t())
print(fc(torch.zeros(3, 7)).shape)
# --- hooks with keyword arguments
import torch
from torch import nn
class Net(nn.Module):
    def forward(self, x, *, scale=1, width=2):
        return x[:, :width] * scale
net = Net()
def pre(module, args, kwargs):
    print('pre', len(args), sorted(kwargs))
    return args, {**kwargs, 'width': 3}
def post(module, args, kwargs, output):
    print('post', sorted(kwargs.items()))
    return output[:1]
net.register_forward_pre_hook(pre, with_kwargs=True)
net.register_forward_hook(post, with_kwargs=True)
print(net(torch.zeros(4, 5)).shape)
print(net(torch.zeros(4, 5), width=1, scale=2).shape)
# --- a pre-hook with keyword arguments must return a pair
import torch
from torch import nn
fc = nn.Linear(2, 2)
fc.register_forward_pre_hook(lambda m, a, k: a[0], with_kwargs=True)
show(lambda: fc(torch.zeros(3, 2)))
gc = nn.Linear(2, 2)
gc.register_forward_pre_hook(lambda m, a, k: (a, k), with_kwargs=True)
show(lambda: gc(torch.zeros(3, 2)).shape)
# --- prepend
import torch
from torch import nn
order = []
fc = nn.Linear(2, 2)
for tag, first in (('a', False), ('b', True), ('c', True), ('d', False)):
    fc.register_forward_hook(lambda m, a, o, tag=tag: order.append(tag), prepend=first)
    fc.register_forward_pre_hook(lambda m, a, tag=tag: order.append('pre ' + tag), prepend=first)
fc(torch.zeros(1, 2))
print(order)
# --- handles remove, and remove twice
import torch
from torch import nn
fc = nn.Linear(2, 3)
handle = fc.register_forward_hook(lambda m, a, o: o[:, :1])
print(fc(torch.zeros(1, 2)).shape, len(fc._forward_hooks))
handle.remove()
handle.remove()
print(fc(torch.zeros(1, 2)).shape, len(fc._forward_hooks))
with fc.register_forward_hook(lambda m, a, o: o[:, :2]) as h:
    print(fc(torch.zeros(1, 2)).shape)
print(fc(torch.zeros(1, 2)).shape, type(h).__name__)
# --- a handle takes its options with it
import torch
from torch import nn
fc = nn.Linear(2, 3)
h = fc.register_forward_hook(lambda m, a, k, o: None, with_kwargs=True, always_call=True)
print(len(fc._forward_hooks_with_kwargs), len(fc._forward_hooks_always_called))
h.remove()
print(len(fc._forward_hooks_with_kwargs), len(fc._forward_hooks_always_called))
p = fc.register_forward_pre_hook(lambda m, a, k: None, with_kwargs=True)
print(list(fc._forward_pre_hooks_with_kwargs.values()), p.id in fc._forward_pre_hooks)
p.remove()
print(len(fc._forward_pre_hooks_with_kwargs))
# --- the dicts of hooks can be read and changed
import torch
from torch import nn
from collections import OrderedDict
fc = nn.Linear(2, 3)
print(type(fc._forward_hooks).__name__, len(fc._forward_hooks))
fc._forward_hooks[7] = lambda m, a, o: o[:, :1]
print(fc(torch.zeros(1, 2)).shape)
fc._forward_hooks.clear()
print(fc(torch.zeros(1, 2)).shape)
fc._forward_pre_hooks = OrderedDict({1: lambda m, a: (a[0][:1],)})
print(fc(torch.zeros(4, 2)).shape)
fc.register_forward_hook(lambda m, a, o: o * 2)
fc._forward_hooks.popitem()
print(len(fc._forward_hooks), '_forward_hooks' in fc.__dict__)
# --- always_call
import torch
from torch import nn
class Bad(nn.Module):
    def forward(self, x):
        raise ValueError('bad')
net = Bad()
log = []
net.register_forward_hook(lambda m, a, o: log.append(('plain', o)))
net.register_forward_hook(lambda m, a, o: log.append(('always', o)), always_call=True)
net.register_forward_hook(lambda m, a, k, o: log.append(('kw', k, o)), always_call=True, with_kwargs=True)
def fails(m, a, o):
    log.append('fails')
    raise KeyError('dropped')
net.register_forward_hook(fails, always_call=True)
show(lambda: net(torch.zeros(1)))
print(log)
# --- always_call runs once
import torch
from torch import nn
log = []
fc = nn.Linear(2, 2)
fc.register_forward_hook(lambda m, a, o: log.append('always'), always_call=True)
def bad(m, a, o):
    raise ValueError('hook')
fc.register_forward_hook(bad)
fc.register_forward_hook(lambda m, a, o: log.append('later'), always_call=True)
show(lambda: fc(torch.zeros(1, 2)))
print(log)
# --- hooks registered and removed during a call
import torch
from torch import nn
log = []
fc = nn.Linear(2, 2)
def first(m, a, o):
    log.append('first')
    m.register_forward_hook(lambda *_: log.append('added'))
    second_handle.remove()
fc.register_forward_hook(first)
second_handle = fc.register_forward_hook(lambda m, a, o: log.append('second'))
fc(torch.zeros(1, 2))
print(log)
log.clear()
fc(torch.zeros(1, 2))
print(log)
# --- a hook that removes itself
import torch
from torch import nn
fc = nn.Linear(2, 3)
def once(m, a, o):
    handle.remove()
    return o[:, :1]
handle = fc.register_forward_hook(once)
print(fc(torch.zeros(1, 2)).shape, fc(torch.zeros(1, 2)).shape)
# --- hooks on containers and shared modules
import torch
from torch import nn
fc = nn.Linear(4, 4)
count = []
fc.register_forward_hook(lambda m, a, o: count.append(tuple(o.shape)))
net = nn.Sequential(fc, nn.ReLU(), fc)
net.register_forward_hook(lambda m, a, o: o.mean(1))
net[1].register_forward_pre_hook(lambda m, a: torch.cat([a[0], a[0]], 0))
print(net(torch.zeros(2, 4)).shape, count)
# --- hooks in subclasses and in constructors
import torch
from torch import nn
class Half(nn.Linear):
    def __init__(self, *args):
        super().__init__(*args)
        self.register_forward_hook(self.cut)
    @staticmethod
    def cut(module, args, output):
        return output[..., : output.shape[-1] // 2]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Half(6, 8)
        self.seen = []
        self.a.register_forward_hook(self.note)
    def note(self, module, args, output):
        self.seen.append(tuple(output.shape))
    def forward(self, x):
        return self.a(x)
net = Net()
print(net(torch.zeros(1, 6)).shape, net.seen)
# --- intermediate features by hooks
import torch
from torch import nn
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 4, 3, stride=2))
features = {}
def keep(name):
    def hook(module, args, output):
        features[name] = output
    return hook
for name, module in net.named_modules():
    if isinstance(module, nn.Conv2d):
        module.register_forward_hook(keep(name))
net(torch.zeros(1, 3, 16, 16))
print({name: tuple(value.shape) for name, value in features.items()})
# --- global hooks
import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
names = []
h = register_module_forward_hook(lambda m, a, o: names.append(type(m).__name__))
p = register_module_forward_pre_hook(lambda m, a: names.append('pre ' + type(m).__name__))
net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
net[0].register_forward_hook(lambda m, a, o: names.append('own'))
net[0].register_forward_pre_hook(lambda m, a: names.append('own pre'))
net(torch.zeros(1, 2))
print(names)
h.remove(); p.remove()
names.clear()
net(torch.zeros(1, 2))
print(names)
# --- global hooks with options
import torch
from torch import nn
from torch.nn.modules import module as M
log = []
a = M.register_module_forward_hook(lambda m, args, kw, o: log.append(sorted(kw)), with_kwargs=True)
b = M.register_module_forward_hook(lambda m, args, o: log.append(o is None), always_call=True)
class Net(nn.Module):
    def forward(self, x, bad=False):
        if bad:
            raise ValueError
        return x
net = Net()
net(torch.zeros(1), bad=False)
show(lambda: net(torch.zeros(1), bad=True))
print(log, len(M._global_forward_hooks))
a.remove(); b.remove()
print(len(M._global_forward_hooks), len(M._global_forward_hooks_always_called))
# --- a global hook changes outputs
import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook
with register_module_forward_hook(lambda m, a, o: torch.cat([o, o], -1) if isinstance(m, nn.Linear) else None):
    print(nn.Sequential(nn.Linear(2, 3), nn.ReLU())(torch.zeros(1, 2)).shape)
print(nn.Linear(2, 3)(torch.zeros(1, 2)).shape)
# --- registration hooks
import torch
from torch import nn
from torch.nn.modules import module as M
log = []
hs = [
    M.register_module_module_registration_hook(lambda m, name, child: log.append(('m', name, type(child).__name__))),
    M.register_module_parameter_registration_hook(lambda m, name, p: log.append(('p', name, tuple(p.shape)))),
    M.register_module_buffer_registration_hook(lambda m, name, b: log.append(('b', name))),
]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.bn = nn.BatchNorm1d(3)
        self.w = nn.Parameter(torch.zeros(1))
        self.register_buffer('t', torch.zeros(2))
        self.add_module('act', nn.ReLU())
        self.register_parameter('none', None)
        self.plain = 5
net = Net()
for h in hs:
    h.remove()
print(log)
# --- a registration hook that replaces
import torch
from torch import nn
from torch.nn.modules.module import register_module_module_registration_hook
h = register_module_module_registration_hook(lambda m, name, child: nn.Identity() if isinstance(child, nn.Dropout) else None)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.drop = nn.Dropout(0.5)
net = Net()
h.remove()
print(type(net.drop).__name__, type(net.fc).__name__)
# --- backward hooks change nothing
import torch
from torch import nn
fc = nn.Linear(2, 3)
h = fc.register_full_backward_hook(lambda m, gi, go: None)
fc.register_full_backward_pre_hook(lambda m, go: None)
print(fc(torch.zeros(1, 2)).shape, len(fc._backward_hooks), fc._is_full_backward_hook)
show(lambda: fc.register_backward_hook(lambda m, gi, go: None))
h.remove()
gc = nn.Linear(2, 3)
gc.register_backward_hook(lambda m, gi, go: None)
show(lambda: gc.register_full_backward_hook(lambda m, gi, go: None))
print(gc._is_full_backward_hook)
# --- tensor hooks change nothing
import torch
from torch import nn
w = nn.Parameter(torch.zeros(2, 2))
h = w.register_hook(lambda grad: grad * 2)
print(type(h).__name__)
h.remove()
fc = nn.Linear(2, 2)
y = fc(torch.zeros(1, 2))
y.register_hook(lambda g: g)
print(y.shape)
# --- hooks and a __getattr__ of a wrapper
import torch
from torch import nn
class Wrap(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__('inner'), name)
    def forward(self, x):
        return self.inner(x)
inner = nn.Linear(2, 3)
inner.register_forward_hook(lambda m, a, o: o[:, :2])
net = Wrap(inner)
net.register_forward_hook(lambda m, a, o: o[:, :1])
print(net(torch.zeros(1, 2)).shape, len(net._forward_hooks), len(inner._forward_hooks), net.in_features)
# --- __getattr__ that forwards everything
import torch
from torch import nn
class Wrap(nn.Module):
    def __init__(self, inner):
        super().__init__()
        object.__setattr__(self, 'inner', inner)
    def __getattr__(self, name):
        return getattr(self.inner, name)
    def forward(self, x):
        return self.inner(x)
inner = nn.Linear(2, 3)
inner.register_forward_hook(lambda m, a, o: o[:, :2])
net = Wrap(inner)
print(len(net._forward_hooks), net(torch.zeros(1, 2)).shape, net.out_features)
# --- hooks are copied by deepcopy
import torch, copy
from torch import nn
fc = nn.Linear(2, 3)
h = fc.register_forward_hook(lambda m, a, o: o[:, :1])
twin = copy.deepcopy(fc)
h.remove()
print(fc(torch.zeros(1, 2)).shape, twin(torch.zeros(1, 2)).shape)
# --- a bound method as hook is copied with its module
import torch, copy
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.calls = 0
        self.fc.register_forward_hook(self.count)
    def count(self, *_):
        self.calls += 1
    def forward(self, x):
        return self.fc(x)
net = Net()
twin = copy.deepcopy(net)
twin(torch.zeros(1, 2))
print(net.calls, twin.calls)
# --- partials, callable objects and methods as hooks
import torch
from functools import partial
from torch import nn
class Cut:
    def __init__(self, n):
        self.n = n
    def __call__(self, module, args, output):
        return output[:, : self.n]
def cut(n, module, args, output):
    return output[:, :n]
fc = nn.Linear(2, 9)
fc.register_forward_hook(Cut(7))
fc.register_forward_hook(partial(cut, 5))
fc.register_forward_hook(hook=Cut(3))
print(fc(torch.zeros(1, 2)).shape)
# --- hooks see the arguments that pre-hooks made
import torch
from torch import nn
fc = nn.Linear(2, 2)
fc.register_forward_pre_hook(lambda m, a: (a[0][:1],))
fc.register_forward_hook(lambda m, a, o: print(a[0].shape, o.shape))
fc(torch.zeros(5, 2))
# --- forward called directly runs no hooks
import torch
from torch import nn
fc = nn.Linear(2, 3)
fc.register_forward_hook(lambda m, a, o: o[:, :1])
print(fc.forward(torch.zeros(1, 2)).shape, fc(torch.zeros(1, 2)).shape, fc.__call__(torch.zeros(1, 2)).shape)
# --- hooks on layers inside of composite layers
import torch
from torch import nn
log = []
note = lambda name: lambda m, a, o: log.append(name)
enc = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
for name, module in enc.named_modules():
    module.register_forward_hook(note(name))
enc(torch.zeros(1, 3, 8))
print(log)
# --- hooks on attention and its projection
import torch
from torch import nn
log = []
att = nn.MultiheadAttention(8, 2)
att.register_forward_hook(lambda m, a, o: log.append([type(o).__name__, tuple(o[0].shape)]))
att.out_proj.register_forward_hook(lambda m, a, o: log.append('never'))
x = torch.zeros(3, 1, 8)
out, weights = att(x, x, x)
print(log, out.shape, weights.shape)
# --- hooks on recurrent layers
import torch
from torch import nn
rnn = nn.LSTM(4, 5, batch_first=True)
rnn.register_forward_hook(lambda m, a, o: o[0])
print(rnn(torch.zeros(2, 3, 4)).shape)
# --- hooks on weight_norm and its removal
import torch
from torch import nn
from torch.nn.utils import weight_norm, remove_weight_norm
fc = weight_norm(nn.Linear(2, 3))
fc.register_forward_pre_hook(lambda m, a: (a[0][:1],))
print(fc(torch.zeros(4, 2)).shape, len(fc._forward_pre_hooks))
remove_weight_norm(fc)
print(fc(torch.zeros(4, 2)).shape, len(fc._forward_pre_hooks), sorted(n for n, _ in fc.named_parameters()))
# --- hooks that count parameters and operations
import torch
from torch import nn
total = []
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
def count(m, a, o):
    total.append(a[0].numel() * m.out_features)
for m in net.modules():
    if isinstance(m, nn.Linear):
        m.register_forward_hook(count)
net(torch.zeros(1, 4))
print(sum(total))
# --- RemovableHandle by hand
from torch.utils.hooks import RemovableHandle
from collections import OrderedDict
d, e = OrderedDict(), OrderedDict()
h = RemovableHandle(d, extra_dict=e)
d[h.id] = 'hook'
e[h.id] = True
with h:
    print(len(d), len(e))
print(len(d), len(e))
# --- a hook before Module.__init__
from torch import nn
class Net(nn.Module):
    def __init__(self):
        self.register_forward_hook(lambda *a: None)
show(Net)
# --- state_dict hooks
import torch
from torch import nn
fc = nn.Linear(2, 2)
fc.register_state_dict_pre_hook(lambda m, prefix, keep: print('pre', repr(prefix), keep))
def post(m, sd, prefix, meta):
    sd[prefix + 'extra'] = torch.zeros(1)
fc.register_state_dict_post_hook(post)
net = nn.Sequential(fc)
print(list(net.state_dict()), list(fc.state_dict(prefix='p.')))
# --- state_dict leaves out what is not persistent
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('kept', torch.zeros(1))
        self.register_buffer('lost', torch.zeros(1), persistent=False)
        self.register_buffer('none', None)
        self.fc = nn.Linear(1, 1, bias=False)
        self.same = self.fc
net = Net()
print(list(net.state_dict()), [n for n, _ in net.named_buffers()])
print(sorted(net._non_persistent_buffers_set))
net.lost = torch.ones(2)
print(list(net.state_dict()))
net.register_buffer('lost', torch.ones(2))
print(list(net.state_dict()))
# --- state_dict of overriding classes
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(1, 1)
    def state_dict(self, *args, **kwargs):
        state = super().state_dict(*args, **kwargs)
        return {k: v for k, v in state.items() if 'bias' not in k}
class Extra(nn.Module):
    def get_extra_state(self):
        return {'n': 1}
    def set_extra_state(self, state):
        pass
print(list(Net().state_dict()))
print(list(nn.Sequential(Extra(), nn.Linear(1, 1)).state_dict()))
# --- hooks inside of decoders and whole transformers
import torch
from torch import nn
log = []
def note(name):
    return lambda m, a, o: log.append(name)
dec = nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)
for name, module in dec.named_modules():
    module.register_forward_hook(note(name))
dec(torch.zeros(1, 3, 8), torch.zeros(1, 4, 8))
print(log)
log.clear()
net = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
for name, module in net.named_modules():
    module.register_forward_hook(note(name))
net(torch.zeros(1, 3, 8), torch.zeros(1, 4, 8))
print(log)
# --- hooks inside of other layers of several parts
import torch
from torch import nn
log = []
def note(name):
    return lambda m, a, o: log.append(name)
soft = nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10])
for name, module in soft.named_modules():
    module.register_forward_hook(note(name))
soft.log_prob(torch.zeros(2, 8))
print(log)
log.clear()
cell = nn.LSTMCell(3, 4)
cell.register_forward_hook(note('cell'))
cell(torch.zeros(1, 3))
emb = nn.Embedding(5, 3)
emb.register_forward_hook(note('emb'))
emb(torch.tensor([1, 2]))
bil = nn.Bilinear(2, 3, 4)
bil.register_forward_pre_hook(lambda m, a: (a[0], a[1]))
print(log, bil(torch.zeros(1, 2), torch.zeros(1, 3)).shape)
# --- hooks under checkpoint, compile and no_grad
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
fc = nn.Linear(2, 3)
fc.register_forward_hook(lambda m, a, o: o[:, :1])
print(checkpoint(fc, torch.zeros(1, 2), use_reentrant=False).shape)
with torch.no_grad():
    print(fc(torch.zeros(1, 2)).shape)
# --- a hook that runs other modules
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(2, 3), nn.Linear(3, 4)
        self.a.register_forward_hook(lambda m, a, o: self.b(o))
    def forward(self, x):
        return self.a(x)
print(Net()(torch.zeros(1, 2)).shape)
# --- hooks through nn.ModuleList, ModuleDict and slices of Sequential
import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 4))
net[0].register_forward_hook(lambda m, a, o: o + 1)
net.register_forward_hook(lambda m, a, o: o[:, :1])
print(net[:2](torch.zeros(1, 2)).shape, net(torch.zeros(1, 2)).shape, len(net[0]._forward_hooks), len(net[:2]._forward_hooks))
x = torch.zeros(1, 2)
for layer in nn.ModuleList(net):
    x = layer(x)
print(x.shape)
# --- removing all hooks of a tree
import torch
from torch import nn
from collections import OrderedDict
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
for m in net.modules():
    m.register_forward_hook(lambda m, a, o: o[:, :1])
print(net(torch.zeros(1, 2)).shape)
for m in net.modules():
    m._forward_hooks = OrderedDict()
print(net(torch.zeros(1, 2)).shape)
# --- load_state_dict checks keys and shapes
import torch
from torch import nn
a, b = nn.Linear(2, 3), nn.Linear(2, 3)
print(a.load_state_dict(b.state_dict()))
show(lambda: a.load_state_dict({'weight': torch.zeros(3, 2)}))
show(lambda: a.load_state_dict({'weight': torch.zeros(3, 2), 'bias': torch.zeros(4)}))
show(lambda: a.load_state_dict({**b.state_dict(), 'more': torch.zeros(1)}))
r = a.load_state_dict({'weight': torch.zeros(3, 2), 'more': torch.zeros(1)}, strict=False)
print(r.missing_keys, r.unexpected_keys)
show(lambda: a.load_state_dict({'weight': torch.zeros(9, 9)}, strict=False))
# --- load_state_dict hooks
import torch
from torch import nn
fc = nn.Linear(2, 3)
def rename(module, state_dict, prefix, *args):
    for key in list(state_dict):
        if key.startswith(prefix + 'old_'):
            state_dict[prefix + key[len(prefix) + 4:]] = state_dict.pop(key)
fc.register_load_state_dict_pre_hook(rename)
net = nn.Sequential(fc)
print(net.load_state_dict({'0.old_weight': torch.zeros(3, 2), '0.old_bias': torch.zeros(3)}))
fc.register_load_state_dict_post_hook(lambda m, keys: keys.missing_keys.clear())
print(fc.load_state_dict({}))
# --- a module that loads in its own way
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
    def _load_from_state_dict(self, state_dict, prefix, *args):
        print('loads', prefix, sorted(state_dict))
        super()._load_from_state_dict(state_dict, prefix, *args)
net = nn.Sequential(Net(), nn.BatchNorm1d(2))
print(net.load_state_dict(net.state_dict()))
