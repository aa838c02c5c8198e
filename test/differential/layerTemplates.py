"""Templates that add a layer of torch.nn to a random program and call it in forward.

Each takes the program under construction (programs.py) and returns the line of forward; it raises LookupError where
no value fits. `p.edge(3)` is 3, or now and then a value that the argument should not have.
"""


def ranks(*allowed):
    return lambda t: t.dim() in allowed


def call(p, layer, *arguments):
    result = p.fresh("v")
    return f"{result} = {layer}({', '.join(arguments)})"


def divisor(p, number):
    options = [n for n in range(1, number + 1) if number % n == 0] or [1]
    return p.rng.choice(options)


def optional(p, share, *texts):
    return [text for text in texts if p.chance(share)]


def factory(p, x):
    dtype = str(p.value(x).dtype)
    return [f"dtype={dtype}"] if dtype != "torch.float32" and p.chance(0.9) else []


def convolution(p):
    axes = p.pick(1, 1, 2, 2, 2, 3)
    x = p.float(ranks(axes + 2, axes + 2, axes + 1))
    value = p.value(x)
    channels = value.shape[-axes - 1]
    groups = p.pick(1, 1, divisor(p, channels))
    out = p.pick(groups, groups * 2, groups * 3, 4)
    kernel = p.pick(1, 2, 3, tuple(p.int(1, 3) for _ in range(axes)))
    arguments = [str(p.edge(channels)), str(p.edge(out)), repr(p.edge(kernel))]
    arguments += optional(p, 0.4, f"stride={p.edge(p.pick(1, 2, 3, tuple(p.int(1, 2) for _ in range(axes))))!r}")
    arguments += optional(p, 0.5, f"padding={p.edge(p.pick(0, 1, 2, 'same', 'valid', (1,) * axes))!r}")
    arguments += optional(p, 0.2, f"dilation={p.edge(p.pick(1, 2))!r}")
    arguments += [f"groups={p.edge(groups)!r}"] if groups != 1 or p.chance(0.1) else []
    arguments += optional(p, 0.3, f"bias={p.edge(p.pick(True, False))!r}")
    arguments += optional(p, 0.15, f"padding_mode={p.pick('zeros', 'reflect', 'replicate', 'circular')!r}")
    arguments += factory(p, x)
    return call(p, p.add_layer(f"nn.Conv{axes}d({', '.join(arguments)})"), x)


def transposed_convolution(p):
    axes = p.pick(1, 2, 2, 3)
    x = p.float(ranks(axes + 2, axes + 1))
    channels = p.value(x).shape[-axes - 1]
    groups = p.pick(1, 1, divisor(p, channels))
    arguments = [str(p.edge(channels)), str(p.edge(groups * p.int(1, 2))), repr(p.edge(p.pick(1, 2, 3)))]
    arguments += optional(p, 0.5, f"stride={p.edge(p.int(1, 3))!r}")
    arguments += optional(p, 0.4, f"padding={p.edge(p.int(0, 2))!r}")
    arguments += optional(p, 0.3, f"output_padding={p.edge(p.int(0, 2))!r}")
    arguments += [f"groups={groups}"] if groups != 1 else []
    arguments += optional(p, 0.2, f"dilation={p.edge(p.int(1, 2))!r}") + optional(p, 0.2, "bias=False") + factory(p, x)
    return call(p, p.add_layer(f"nn.ConvTranspose{axes}d({', '.join(arguments)})"), x)


def linear(p):
    x = p.float(lambda t: t.dim() > 0)
    arguments = [repr(p.edge(p.value(x).shape[-1])), repr(p.edge(p.int(1, 9)))]
    arguments += optional(p, 0.3, f"bias={p.edge(p.pick(True, False))!r}") + factory(p, x)
    return call(p, p.add_layer(f"nn.Linear({', '.join(arguments)})"), x)


def bilinear(p):
    x = p.float(lambda t: t.dim() > 0)
    size = p.value(x).shape[-1]
    return call(p, p.add_layer(f"nn.Bilinear({p.edge(size)!r}, {size}, {p.edge(p.int(1, 4))!r})"), x, x)


def batch_norm(p):
    axes = p.pick(1, 2, 3)
    x = p.float(ranks(*((2, 3) if axes == 1 else (axes + 2,))))
    kind = p.pick("BatchNorm", "BatchNorm", "InstanceNorm")
    channels = p.value(x).shape[1]
    arguments = [repr(p.edge(channels))]
    arguments += optional(p, 0.3, f"affine={p.pick(True, False)}")
    arguments += optional(p, 0.3, f"track_running_stats={p.pick(True, False)}")
    arguments += optional(p, 0.1, f"momentum={p.pick(0.1, None)}") + optional(p, 0.1, f"eps={p.edge(1e-3)!r}")
    return call(p, p.add_layer(f"nn.{kind}{axes}d({', '.join(arguments)})"), x)


def group_norm(p):
    x = p.float(lambda t: t.dim() >= 2)
    channels = p.value(x).shape[1]
    arguments = [repr(p.edge(divisor(p, channels))), repr(p.edge(channels))] + optional(p, 0.3, "affine=False")
    return call(p, p.add_layer(f"nn.GroupNorm({', '.join(arguments)})"), x)


def layer_norm(p):
    x = p.float(lambda t: t.dim() > 0)
    shape = tuple(p.value(x).shape)
    last = p.int(1, min(2, len(shape)))
    given = p.edge(p.pick(shape[-last:], list(shape[-last:]), shape[-1]))
    kind = p.pick("LayerNorm", "LayerNorm", "RMSNorm")
    arguments = [repr(given)] + optional(p, 0.2, "elementwise_affine=False")
    if kind == "LayerNorm":
        arguments += optional(p, 0.2, "bias=False")
    return call(p, p.add_layer(f"nn.{kind}({', '.join(arguments + factory(p, x))})"), x)


def other_norm(p):
    x = p.float(lambda t: t.dim() >= 3)
    return call(p, p.add_layer(f"nn.LocalResponseNorm({p.edge(p.int(1, 3))!r})"), x)


def pooling(p):
    axes = p.pick(1, 2, 2, 3)
    x = p.float(ranks(axes + 2, axes + 1))
    kind = p.pick("Max", "Avg")
    arguments = [repr(p.edge(p.pick(1, 2, 3, tuple(p.int(1, 3) for _ in range(axes)))))]
    arguments += optional(p, 0.5, f"stride={p.edge(p.pick(1, 2, 3, None))!r}")
    arguments += optional(p, 0.4, f"padding={p.edge(p.pick(0, 1))!r}")
    arguments += optional(p, 0.4, f"ceil_mode={p.pick(True, False)}")
    if kind == "Max":
        arguments += optional(p, 0.2, f"dilation={p.edge(p.pick(1, 2))!r}") + optional(p, 0.1, "return_indices=True")
    else:
        arguments += optional(p, 0.2, f"count_include_pad={p.pick(True, False)}")
    layer = p.add_layer(f"nn.{kind}Pool{axes}d({', '.join(arguments)})")
    result = p.fresh("v")
    if "return_indices=True" in arguments:
        return f"{result}, {p.fresh('i')} = {layer}({x})"
    return f"{result} = {layer}({x})"


def lp_pooling(p):
    axes = p.pick(1, 2)
    x = p.float(ranks(axes + 2, axes + 1))
    arguments = [repr(p.pick(1, 2, 2.0)), repr(p.edge(p.pick(1, 2, 3)))]
    arguments += optional(p, 0.4, f"stride={p.edge(p.pick(1, 2))!r}") + optional(p, 0.3, "ceil_mode=True")
    return call(p, p.add_layer(f"nn.LPPool{axes}d({', '.join(arguments)})"), x)


def adaptive_pooling(p):
    axes = p.pick(1, 2, 2, 3)
    x = p.float(ranks(axes + 2, axes + 1))
    size = p.edge(p.pick(1, 2, 3, 5, tuple(p.pick(1, 2, None) for _ in range(axes))))
    return call(p, p.add_layer(f"nn.Adaptive{p.pick('Avg', 'Avg', 'Max')}Pool{axes}d({size!r})"), x)


def activation(p):
    x = p.float()
    layer = p.pick(
        "ReLU()", "ReLU(inplace=True)", "GELU()", "GELU(approximate='tanh')", "SiLU()", "Sigmoid()", "Tanh()", "ELU()",
        "LeakyReLU(0.1)", "Softplus()", "Hardswish()", "Hardsigmoid()", "Mish()", "ReLU6()", "SELU()", "CELU()",
        "Hardtanh(-2, 2)", "Softsign()", "LogSigmoid()", "Threshold(0.1, 0.2)", "Identity()", "Dropout(0.5)",
        "Dropout2d(0.2)", "Tanhshrink()", "Softshrink()", "Hardshrink()", f"Dropout({p.edge(0.1)!r})",
    )
    return call(p, p.add_layer(f"nn.{layer}"), x)


def prelu(p):
    x = p.float()
    value = p.value(x)
    size = value.shape[1] if value.dim() > 1 and p.chance(0.6) else 1
    return call(p, p.add_layer(f"nn.PReLU({p.edge(size)!r})"), x)


def softmax_layer(p):
    x = p.float(lambda t: t.dim() > 0)
    return call(p, p.add_layer(f"nn.{p.pick('Softmax', 'LogSoftmax', 'Softmin')}(dim={p.dim(x)})"), x)


def glu(p):
    x = p.float(lambda t: t.dim() > 0)
    return call(p, p.add_layer(f"nn.GLU(dim={p.dim(x)})"), x)


def embedding(p):
    x = p.tensor(lambda t: t.dtype.__str__() in ("torch.int64", "torch.int32"))
    kind = p.pick("Embedding", "Embedding", "EmbeddingBag")
    arguments = [repr(p.edge(p.int(900, 999))), repr(p.edge(p.int(1, 8)))]
    arguments += optional(p, 0.2, f"padding_idx={p.edge(0)!r}")
    arguments += optional(p, 0.3, f"mode={p.pick('sum', 'mean', 'max')!r}") if kind == "EmbeddingBag" else []
    return call(p, p.add_layer(f"nn.{kind}({', '.join(arguments)})"), f"{x} % 100")


def recurrent(p):
    x = p.float(ranks(2, 3))
    mode = p.pick("RNN", "GRU", "LSTM")
    arguments = [repr(p.edge(p.value(x).shape[-1])), repr(p.edge(p.int(1, 5)))]
    arguments += optional(p, 0.3, f"num_layers={p.edge(p.int(1, 2))!r}") + optional(p, 0.4, "batch_first=True")
    arguments += optional(p, 0.3, "bidirectional=True") + optional(p, 0.2, "bias=False")
    arguments += optional(p, 0.2, f"dropout={p.edge(0.1)!r}")
    arguments += optional(p, 0.2, f"proj_size={p.edge(1)!r}") if mode == "LSTM" else []
    arguments += optional(p, 0.2, f"nonlinearity={p.pick('tanh', 'relu', 'gelu')!r}") if mode == "RNN" else []
    layer = p.add_layer(f"nn.{mode}({', '.join(arguments)})")
    return f"{p.fresh('v')}, {p.fresh('h')} = {layer}({x})"


def recurrent_cell(p):
    x = p.float(ranks(1, 2))
    mode = p.pick("RNNCell", "GRUCell", "LSTMCell")
    arguments = [repr(p.edge(p.value(x).shape[-1])), repr(p.edge(p.int(1, 5)))] + optional(p, 0.2, "bias=False")
    layer = p.add_layer(f"nn.{mode}({', '.join(arguments)})")
    result = p.fresh("v")
    if mode == "LSTMCell":
        return f"{result}, {p.fresh('c')} = {layer}({x})"
    if p.chance(0.4):
        return f"{result} = {layer}({x})\n{result} = {layer}({x}, {result})"
    return f"{result} = {layer}({x})"


def attention(p):
    x = p.float(ranks(2, 3))
    width = p.value(x).shape[-1]
    arguments = [repr(p.edge(width)), repr(p.edge(divisor(p, width)))]
    arguments += optional(p, 0.5, "batch_first=True") + optional(p, 0.2, "bias=False")
    arguments += optional(p, 0.1, "add_bias_kv=True") + optional(p, 0.1, "add_zero_attn=True")
    arguments += optional(p, 0.1, f"kdim={p.edge(width)!r}")
    layer = p.add_layer(f"nn.MultiheadAttention({', '.join(arguments)})")
    options = optional(p, 0.4, "need_weights=False") + optional(p, 0.2, "average_attn_weights=False")
    return f"{p.fresh('v')}, {p.fresh('w')} = {layer}({', '.join([x, x, x, *options])})"


def transformer_layer(p):
    x = p.float(ranks(2, 3))
    width = p.value(x).shape[-1]
    arguments = [repr(p.edge(width)), repr(p.edge(divisor(p, width))), f"dim_feedforward={p.edge(p.int(1, 12))!r}"]
    arguments += optional(p, 0.5, "batch_first=True") + optional(p, 0.3, "norm_first=True")
    arguments += optional(p, 0.3, f"activation={p.pick('relu', 'gelu', 'silu')!r}")
    text = f"nn.TransformerEncoderLayer({', '.join(arguments)})"
    if p.chance(0.4):
        text = f"nn.TransformerEncoder({text}, {p.edge(p.int(1, 2))!r}, enable_nested_tensor=False)"
    return call(p, p.add_layer(text), x)


def upsample(p):
    x = p.float(ranks(3, 4, 5))
    rank = p.value(x).dim()
    mode = p.pick("nearest", "nearest", {3: "linear", 4: "bilinear", 5: "trilinear"}[rank], "bicubic", "area")
    size = p.pick(
        f"scale_factor={p.edge(p.pick(2, 0.5, 1.5))!r}",
        f"size={p.edge(p.pick(3, 5, tuple(p.int(1, 6) for _ in range(rank - 2))))!r}",
    )
    arguments = [size, f"mode={mode!r}"] + optional(p, 0.2, "align_corners=True")
    return call(p, p.add_layer(f"nn.Upsample({', '.join(arguments)})"), x)


def pixel_shuffle(p):
    x = p.float(lambda t: t.dim() >= 3)
    kind = p.pick("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
    return call(p, p.add_layer(f"nn.{kind}({p.edge(p.pick(1, 2, 3))!r})"), x)


def padding_layer(p):
    axes = p.pick(1, 2, 2, 3)
    x = p.float(ranks(axes + 2, axes + 1))
    kind = p.pick("Zero", "Reflection", "Replication", "Circular", "Constant")
    amount = p.edge(p.pick(1, 2, tuple(p.int(-1, 2) for _ in range(2 * axes))))
    extra = ", 0.5" if kind == "Constant" else ""
    return call(p, p.add_layer(f"nn.{kind}Pad{axes}d({amount!r}{extra})"), x)


def flatten_layer(p):
    x = p.tensor()
    if p.chance(0.5):
        return call(p, p.add_layer(f"nn.Flatten({p.dim(x)}, {p.dim(x)})"), x)
    dim = p.dim(x)
    size = p.value(x).shape[dim] if p.value(x).dim() and -p.value(x).dim() <= dim < p.value(x).dim() else 1
    first = divisor(p, max(size, 1))
    return call(p, p.add_layer(f"nn.Unflatten({dim}, {(first, p.pick(-1, size // first))!r})"), x)


def fold_layer(p):
    x = p.float(ranks(3, 4))
    arguments = [repr(p.edge(p.pick(1, 2, 3)))] + optional(p, 0.4, f"stride={p.edge(p.pick(1, 2))!r}")
    arguments += optional(p, 0.3, f"padding={p.edge(1)!r}") + optional(p, 0.2, f"dilation={p.edge(2)!r}")
    if p.chance(0.7):
        return call(p, p.add_layer(f"nn.Unfold({', '.join(arguments)})"), x)
    return call(p, p.add_layer(f"nn.Fold({p.edge((4, 4))!r}, {', '.join(arguments)})"), x)


def similarity(p):
    x = p.float(lambda t: t.dim() > 0)
    return call(p, p.add_layer(f"nn.{p.pick('CosineSimilarity', 'PairwiseDistance')}()"), x, x)


def loss_layer(p):
    x = p.float(lambda t: t.dim() > 0)
    kind = p.pick("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "KLDivLoss", "BCEWithLogitsLoss", "PoissonNLLLoss")
    reduction = p.pick("mean", "sum", "none", "mean")
    other = x if p.chance(0.7) else p.float()
    return call(p, p.add_layer(f"nn.{kind}(reduction={reduction!r})"), x, other)


def sequential(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    layers = []
    for _ in range(p.int(1, 4)):
        out = p.int(1, 8)
        layers += [f"nn.Linear({width}, {out})"] + optional(p, 0.5, p.pick("nn.ReLU()", "nn.GELU()", "nn.Dropout(0.1)"))
        width = out
    layer = p.add_layer(f"nn.Sequential({', '.join(layers)})")
    form = p.int(0, 5)
    if form == 0:
        return call(p, f"{layer}[:{p.int(0, len(layers))}]", x)
    if form == 1:
        return call(p, f"{layer}[{p.edge(0)!r}]", x)
    if form == 2:
        result = p.fresh("v")
        return f"{result} = {x}\nfor each in {layer}:\n    {result} = each({result})"
    if form == 3:
        result = p.fresh("v")
        return f"{result} = {x}\nfor i in range(len({layer})):\n    {result} = {layer}[i]({result})"
    return call(p, layer, x)


def module_list(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    count = p.int(1, 4)
    shared = p.chance(0.3)
    layer = p.add_layer(
        f"nn.ModuleList([nn.Linear({width}, {width})] * {count})" if shared
        else f"nn.ModuleList(nn.Linear({width}, {width}) for _ in range({p.edge(count)!r}))"
    )
    result = p.fresh("v")
    form = p.int(0, 3)
    loop = [f"for each in {layer}:", f"for each in {layer}[{p.int(-2, 2)}:]:", f"for each in reversed({layer}):",
            f"for i, each in enumerate({layer}):"][form]
    body = f"    {result} = each({result})" + p.pick("", f" + {result}", f".relu()")
    return f"{result} = {x}\n{loop}\n{body}"


def module_dict(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    layer = p.add_layer(f"nn.ModuleDict({{'a': nn.Linear({width}, {p.int(1, 6)}), 'b': nn.Identity()}})")
    key = p.pick("'a'", "'b'", "'a' if self.training else 'b'", "'c'" if p.chance(p.edge_share) else "'a'")
    return call(p, f"{layer}[{key}]", x)


def parameter(p):
    x = p.float()
    shape = tuple(p.value(x).shape)
    kind = p.pick(f"torch.ones({shape!r})", "torch.zeros(1)", "torch.tensor(2.0)", f"torch.randn({shape[-1] if shape else 1})")
    name = f"self.{p.fresh('weight')}"
    if p.chance(0.7):
        p.add_init(f"{name} = nn.Parameter({kind})")
    else:
        p.add_init(f"self.register_buffer({name[5:]!r}, {kind}{p.pick('', ', persistent=False')})")
    return f"{p.fresh('v')} = {x} {p.pick('+', '*', '-', '/')} {name}"


def shared_weight(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    first, second = p.add_layer(f"nn.Linear({width}, {width})"), p.add_layer(f"nn.Linear({width}, {width})")
    p.add_init(f"{second}.weight = {first}.weight")
    return call(p, second, f"{first}({x})")


def stateful(p):
    x = p.float()
    name = f"self.{p.fresh('calls')}"
    p.add_init(f"{name} = 0")
    result = p.fresh("v")
    return (
        f"{name} += 1\nif {name} > {p.int(0, 2)}:\n    {result} = {x}.sum({p.dim(x)})\nelse:\n    {result} = {x}"
    )


def layer_in_loop(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    layer = p.add_layer(f"nn.Linear({width}, {width})")
    result = p.fresh("v")
    return f"{result} = {x}\nfor _ in range({p.int(0, 3)}):\n    {result} = {layer}({result})"


def hook(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    layer = p.add_layer(f"nn.Linear({width}, {width})")
    p.add_init(f"{layer}.register_forward_hook(lambda module, args, output: {p.pick('None', 'output * 2', 'output[..., :1]')})")
    return call(p, layer, x)


def nested_module(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    name = f"Block{p.fresh('')}"
    p.add_helper(
        f"\nclass {name}(nn.Module):\n    def __init__(self, width, out={p.int(1, 6)}, act=nn.ReLU):\n"
        f"        super().__init__()\n        self.fc = nn.Linear(width, out)\n        self.act = act()\n"
        f"        self.skip = nn.Identity() if width == out else nn.Linear(width, out, bias=False)\n\n"
        f"    def forward(self, x):\n        return self.act(self.fc(x)) + self.skip(x)\n"
    )
    return call(p, p.add_layer(f"{name}({p.edge(width)!r})"), x)


def cast_layer(p):
    x = p.float(lambda t: t.dim() > 0)
    width = p.value(x).shape[-1]
    layer = p.add_layer(f"nn.Linear({width}, {p.int(1, 5)}){p.pick('.double()', '.to(torch.float64)', '.float()')}")
    return call(p, layer, p.pick(x, f"{x}.double()", f"{x}.to({layer}.weight.dtype)"))


LAYER_TEMPLATES = [
    convolution, convolution, convolution, convolution, transposed_convolution, linear, linear, linear, bilinear,
    batch_norm, batch_norm, group_norm, layer_norm, layer_norm, other_norm, pooling, pooling, lp_pooling,
    adaptive_pooling, activation, activation, prelu, softmax_layer, glu, embedding, embedding, recurrent, recurrent,
    recurrent_cell, attention, attention, transformer_layer, upsample, pixel_shuffle, padding_layer, padding_layer,
    flatten_layer, fold_layer, similarity, loss_layer, sequential, sequential, module_list, module_dict, parameter,
    parameter, shared_weight, stateful, layer_in_loop, hook, nested_module, cast_layer,
]
