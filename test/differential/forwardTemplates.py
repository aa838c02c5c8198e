"""Templates that add a statement to the forward of a random program: views, arithmetic, indexing, reductions and so on.

Each takes the program under construction (programs.py) and returns the statement; it raises LookupError where no
value fits. `p.edge(3)` is 3, or now and then a value that the argument should not have.
"""

from layerTemplates import divisor, optional


def put(p, text):
    return f"{p.fresh('v')} = {text}"


def shape_of(p, name):
    return tuple(p.value(name).shape)


def factors(p, number, count):
    """So many sizes whose product is the number."""
    sizes = []
    for _ in range(count - 1):
        size = divisor(p, number) if number else p.int(0, 2)
        sizes.append(size)
        number = number // size if size else number
    return sizes + [number]


def view(p):
    x = p.tensor()
    sizes = factors(p, p.value(x).numel(), p.int(1, 4))
    if p.chance(0.4):
        sizes[p.int(0, len(sizes) - 1)] = -1
    sizes = [p.edge(size) for size in sizes]
    text = ", ".join(map(repr, sizes))
    method = p.pick("view", "view", "reshape")
    return put(p, f"{x}.{method}({p.pick(text, f'({text},)')})")


def view_from_shape(p):
    x = p.tensor(lambda t: t.dim() >= 2)
    rank = p.value(x).dim()
    return put(p, f"{x}.{p.pick('view', 'view', 'reshape')}({x}.{p.pick('size(0)', 'shape[0]', f'shape[{rank - 1}]')}, -1)")


def flatten(p):
    x = p.tensor()
    return put(p, p.pick(f"{x}.flatten({p.dim(x)})", f"torch.flatten({x}, {p.dim(x)}, {p.dim(x)})", f"{x}.ravel()"))


def transpose(p):
    x = p.tensor(lambda t: t.dim() > 0)
    return put(p, f"{x}.{p.pick('transpose', 'transpose', 'swapaxes')}({p.dim(x)}, {p.dim(x)})")


def permute(p):
    x = p.tensor(lambda t: t.dim() > 0)
    dims = list(range(p.value(x).dim()))
    p.rng.shuffle(dims)
    dims = [p.edge(dim) for dim in dims]
    return put(p, p.pick(f"{x}.permute({', '.join(map(repr, dims))})", f"torch.permute({x}, {tuple(dims)!r})", f"{x}.mT"))


def matrix_transpose(p):
    x = p.tensor(lambda t: t.dim() >= 2)
    return put(p, f"{x}.{p.pick('mT', 't()', 'T')}")


def squeeze(p):
    x = p.tensor()
    return put(p, p.pick(f"{x}.squeeze()", f"{x}.squeeze({p.dim(x)})", f"{x}.unsqueeze({p.edge(p.dim(x))!r})", f"{x}.unsqueeze(0)"))


def expand(p):
    x = p.tensor()
    shape = list(shape_of(p, x)) or [1]
    sizes = [p.edge(p.pick(-1, size) if size != 1 else p.int(1, 3)) for size in shape]
    if p.chance(0.4):
        sizes = [p.int(1, 3), *sizes]
    return put(p, f"{x}.expand({', '.join(map(repr, sizes))})")


def repeat(p):
    x = p.tensor()
    sizes = [p.edge(p.int(1, 2)) for _ in range(max(1, p.value(x).dim()) + p.int(0, 1))]
    text = ", ".join(map(repr, sizes))
    return put(p, p.pick(f"{x}.repeat({text})", f"{x}.tile({text})", f"{x}.repeat_interleave({p.edge(p.int(1, 2))!r}, dim={p.dim(x)})"))


def contiguous(p):
    x = p.tensor()
    return put(p, f"{x}.{p.pick('contiguous()', 'clone()', 'detach()', 'contiguous().view(-1)', 'is_contiguous() * ' + x)}")


def channels_last(p):
    x = p.float(lambda t: t.dim() == 4)
    return put(p, f"{x}.{p.pick('contiguous', 'to')}(memory_format=torch.channels_last)")


def narrow(p):
    x = p.tensor(lambda t: t.dim() > 0)
    dim = p.dim(x)
    return put(p, p.pick(f"{x}.narrow({dim}, {p.edge(0)!r}, {p.edge(1)!r})", f"{x}.select({dim}, {p.edge(0)!r})"))


def unfold_dim(p):
    x = p.tensor(lambda t: t.dim() > 0)
    return put(p, f"{x}.unfold({p.dim(x)}, {p.edge(p.int(1, 3))!r}, {p.edge(p.int(1, 2))!r})")


def as_strided(p):
    x = p.tensor(lambda t: t.dim() > 0 and t.numel() > 6)
    return put(p, f"{x}.as_strided({p.edge((2, 2))!r}, {p.edge((1, 2))!r})")


def roll(p):
    x = p.tensor(lambda t: t.dim() > 0)
    return put(p, p.pick(f"{x}.roll({p.edge(1)!r}, {p.dim(x)})", f"{x}.flip({p.dim(x)})", f"torch.rot90({x}, 1, ({p.dim(x)}, {p.dim(x)}))"))


def binary(p):
    x = p.tensor()
    shape = shape_of(p, x)
    others = p.tensors(lambda t: all(a == b or a == 1 or b == 1 for a, b in zip(reversed(t.shape), reversed(shape))))
    scalars = ["2", "1.5", "-1", "True", "0.5", f"{x}.size(0)" if shape else "3", f"{x}.mean()", "torch.tensor(3)"]
    other = p.rng.choice(others) if others and p.chance(0.6) else p.pick(*scalars)
    if p.chance(p.edge_share):
        other = p.tensor()
    operator = p.pick("+", "-", "*", "/", "+", "*", "//", "**", "%", "<", ">=", "==", "&", "|")
    return put(p, f"{x} {operator} {other}" if p.chance(0.7) else f"{other} {operator} {x}")


def named_binary(p):
    x = p.tensor()
    others = p.tensors(lambda t: t.shape == p.value(x).shape)
    y = p.rng.choice(others) if others else p.tensor()
    function = p.pick("add", "sub", "mul", "div", "maximum", "minimum", "pow", "atan2", "fmod", "remainder", "eq", "gt",
                      "logical_and", "logical_or", "logaddexp", "where", "lerp", "addcmul", "dist", "floor_divide")
    if function == "where":
        return put(p, p.pick(f"torch.where({x} > 0, {x}, {y})", f"torch.where({x} > 0, {x}, 0.0)", f"torch.where({x}, {x}, {y})", f"torch.where({x} > 0.5, 1, 0)"))
    if function == "lerp":
        return put(p, f"torch.lerp({x}, {y}, 0.3)")
    if function == "addcmul":
        return put(p, f"torch.addcmul({x}, {y}, {y}, value=0.5)")
    return put(p, f"torch.{function}({x}, {y})")


def unary(p):
    x = p.tensor()
    function = p.pick("relu", "sigmoid", "tanh", "exp", "log1p", "sqrt", "abs", "neg", "floor", "round", "sin", "square",
                      "erf", "reciprocal", "sign", "logical_not", "isnan", "bitwise_not", "trunc", "rsqrt")
    return put(p, p.pick(f"torch.{function}({x})", f"{x}.{function}()", f"-{x}", f"~{x}", f"{x}.clamp(0, {p.edge(1)!r})", f"{x}.abs()"))


def functional_activation(p):
    x = p.tensor()
    dim = p.dim(x)
    call = p.pick("F.relu({x})", "F.gelu({x})", "F.silu({x})", "F.softmax({x}, dim={d})", "F.log_softmax({x}, {d})",
                  "F.leaky_relu({x}, 0.2)", "F.elu({x})", "F.softplus({x})", "F.normalize({x}, dim={d})", "F.glu({x}, {d})",
                  "torch.softmax({x}, {d})", "{x}.softmax({d})", "F.hardtanh({x})", "F.relu6({x})", "F.dropout({x}, 0.5, False)",
                  "F.gumbel_softmax({x})", "F.mish({x})", "F.softmax({x}, {d}, dtype=torch.float64)", "F.prelu({x}, torch.ones(1))")
    return put(p, call.format(x=x, d=dim))


def in_place(p):
    x = p.tensor()
    others = p.tensors(lambda t: t.shape == p.value(x).shape)
    y = p.rng.choice(others) if others and p.chance(0.5) else p.pick("2", "1.5", "0.5")
    # Of a tensor that no input shares, so that the inputs stay as they are.
    copy = p.fresh("v")
    return f"{copy} = {x}.clone()\n" + p.pick(
        f"{copy} += {y}", f"{copy} *= {y}", f"{copy} /= {y}", f"{copy} -= {y}", f"{copy}.add_({y})", f"{copy}.mul_({y})",
        f"{copy}.relu_()", f"{copy}.zero_()", f"{copy}.fill_(1)", f"{copy}.clamp_(0, 1)", f"{copy}.sqrt_()", f"{copy}.div_({y})",
        f"{copy}.copy_({y if not y[0].isdigit() else x})", f"{copy}.transpose_({p.dim(x)}, {p.dim(x)})", f"{copy}.unsqueeze_(0)",
        f"{copy}.squeeze_()", f"{copy}.masked_fill_({copy} > 0.5, {p.pick('0', '1.5')})", f"{copy}.sigmoid_()", f"{copy}.pow_({y})",
    )


def assign_index(p):
    x = p.tensor(lambda t: t.dim() > 0 and t.numel() > 0)
    copy = p.fresh("v")
    y = p.tensor()
    return f"{copy} = {x}.clone()\n" + p.pick(
        f"{copy}[0] = {p.pick('0', '1.5', y)}", f"{copy}[..., :1] = {p.pick('2', y)}", f"{copy}[{copy} > 0] = {p.pick('0', '1.5')}",
        f"{copy}[:, 0] = {p.pick('1', y)}", f"{copy}[0] += 1", f"{copy}[{p.edge(0)!r}] = 3",
    )


def index(p):
    x = p.tensor(lambda t: t.dim() > 0 and t.numel() > 0)
    keys = []
    for size in shape_of(p, x)[: p.int(1, p.value(x).dim())]:
        keys.append(p.pick(
            "0", "-1", ":", ":", f":{p.int(0, size)}", f"{p.int(0, size)}:", f"::{p.int(1, 3)}", "None", "...", f"-{p.int(1, size)}:",
            repr(p.edge(0)), "[0, 0]", "torch.tensor([0, 0, 0])", "True", "torch.zeros(2, 1, dtype=torch.long)", "torch.tensor(0)", "1:1",
        ))
    if keys.count("...") > 1:
        raise LookupError
    return put(p, f"{x}[{', '.join(keys)}]")


def mask_index(p):
    x = p.tensor(lambda t: t.dim() > 0)
    return put(p, p.pick(f"{x}.masked_fill({x} > 0.5, {p.pick('0', '-1e9', '2', 'True')})", f"{x}.masked_fill({x} > 0, float('-inf'))",
                         f"{x} * ({x} > 0)", f"({x} > 0).sum()", f"({x} > 0).float().mean({p.dim(x)})", f"{x}.nonzero().shape[1] * {x}"))


def reduce(p):
    x = p.tensor()
    function = p.pick("sum", "mean", "amax", "amin", "std", "var", "prod", "logsumexp", "any", "all", "norm", "argmax", "count_nonzero")
    arguments = []
    if p.chance(0.75) or function == "logsumexp":
        arguments.append(repr(p.edge(p.dim(x))) if p.chance(0.6) or function in ("argmax", "prod") else repr((p.dim(x), p.dim(x))))
        arguments += optional(p, 0.3, "keepdim=True") if function != "count_nonzero" else []
    if function == "norm" and arguments:
        arguments[0] = f"dim={arguments[0]}"
    if function in ("sum", "mean", "prod"):
        arguments += optional(p, 0.1, f"dtype={p.pick('torch.float64', 'torch.int64')}")
    return put(p, f"{x}.{function}({', '.join(arguments)})")


def reduce_pair(p):
    x = p.tensor(lambda t: t.dim() > 0)
    values, indices = p.fresh("v"), p.fresh("i")
    call = p.pick("max({d})", "min({d}, keepdim=True)", "sort({d})", "topk({k}, {d})", "median({d})", "kthvalue({k}, {d})",
                  "mode({d})", "cummax({d})", "sort(descending=True)", "topk({k})")
    return f"{values}, {indices} = {x}.{call.format(d=p.dim(x), k=repr(p.edge(p.int(1, 2))))}"


def scan(p):
    x = p.tensor()
    return put(p, p.pick(f"{x}.cumsum({p.dim(x)})", f"{x}.cumprod({p.dim(x)})", f"torch.logcumsumexp({x}, {p.dim(x)})", f"{x}.diff()",
                         f"{x}.argsort({p.dim(x)})", f"{x}.cumsum({p.dim(x)}, dtype=torch.float64)"))


def join(p):
    x = p.tensor()
    same = p.tensors(lambda t: t.dim() == p.value(x).dim())
    names = [x, p.rng.choice(same)] if same else [x, x]
    names += [x] * p.int(0, 1)
    function = p.pick("cat", "cat", "stack", "concat", "hstack", "vstack", "dstack")
    if function in ("hstack", "vstack", "dstack"):
        return put(p, f"torch.{function}([{', '.join(names)}])")
    return put(p, f"torch.{function}([{', '.join(names)}], dim={p.edge(p.dim(x))!r})")


def split(p):
    x = p.tensor(lambda t: t.dim() > 0)
    dim = p.dim(x)
    rank = p.value(x).dim()
    size = p.value(x).shape[dim] if -rank <= dim < rank else 2
    first = p.int(0, size)
    call = p.pick(f"chunk({p.edge(p.int(1, 3))!r}, {dim})", f"split({p.edge(p.int(1, 3))!r}, dim={dim})",
                  f"split([{first}, {p.edge(size - first)!r}], {dim})", f"tensor_split({p.edge(p.int(1, 3))!r}, {dim})", f"unbind({dim})")
    parts = p.fresh("parts")
    result = p.fresh("v")
    return f"{parts} = {x}.{call}\n{result} = {parts}[{p.pick(0, -1)}]" + (f" * len({parts})" if p.chance(0.5) else "")


def unpack(p):
    x = p.tensor(lambda t: t.dim() > 0)
    dim = p.dim(x)
    a, b = p.fresh("v"), p.fresh("v")
    return f"{a}, {b} = {x}.chunk(2, {dim})"


def matmul(p):
    x = p.tensor(lambda t: t.dim() > 0)
    inner = p.value(x).shape[-1]
    others = p.tensors(lambda t: (t.dim() > 1 and t.shape[-2] == inner))
    y = p.rng.choice(others) if others and p.chance(0.5) else p.pick(f"{x}.transpose(-1, -2)", f"torch.ones({p.edge(inner)!r}, 3)")
    operator = p.pick("@", "@", "matmul", "mm", "bmm")
    if operator == "@":
        return put(p, f"{x} @ {y}")
    return put(p, f"torch.{operator}({x}, {y})")


def fused_matmul(p):
    x = p.float(lambda t: t.dim() in (2, 3))
    rank = p.value(x).dim()
    inner = p.value(x).shape[-1]
    if rank == 2:
        return put(p, f"torch.addmm(torch.zeros({p.edge(3)!r}), {x}, torch.ones({inner}, 3))")
    return put(p, f"torch.baddbmm(torch.zeros(1, 1, 1), {x}, {x}.transpose(1, 2))")


def einsum(p):
    x = p.float(lambda t: 1 < t.dim() < 5)
    letters = "abcd"[: p.value(x).dim()]
    out = "".join(p.rng.sample(letters, p.int(0, len(letters))))
    equation = p.pick(f"{letters},{letters}->{out}", f"{letters}->{out}", f"...{letters[-1]},{letters[-1]}z->...z", f"...i,...j->...ij" if len(letters) < 3 else f"{letters}->{out}")
    if equation.count(",") == 0:
        return put(p, f"torch.einsum({equation!r}, {x})")
    second = f"torch.ones({p.value(x).shape[-1]}, 2)" if "z" in equation else x
    return put(p, f"torch.einsum({equation!r}, {x}, {second})")


def attention(p):
    x = p.float(lambda t: t.dim() >= 2)
    options = optional(p, 0.3, "is_causal=True") + optional(p, 0.2, "scale=0.5")
    return put(p, f"F.scaled_dot_product_attention({', '.join([x, x, x, *options])})")


def functional_linear(p):
    x = p.float(lambda t: t.dim() > 0)
    out = p.int(1, 5)
    dtype = str(p.value(x).dtype)
    bias = p.pick("", f", torch.zeros({p.edge(out)!r}, dtype={dtype})")
    return put(p, f"F.linear({x}, torch.ones({out}, {p.edge(p.value(x).shape[-1])!r}, dtype={p.pick(dtype, dtype, 'torch.float64')}){bias})")


def functional_convolution(p):
    x = p.float(lambda t: t.dim() == 4)
    channels = p.value(x).shape[1]
    options = optional(p, 0.4, f"stride={p.edge(p.int(1, 2))!r}") + optional(p, 0.4, f"padding={p.edge(p.pick(0, 1, 'same'))!r}")
    options += optional(p, 0.2, f"dilation={p.edge(2)!r}") + optional(p, 0.2, f"groups={p.edge(1)!r}")
    return put(p, f"F.conv2d({', '.join([x, f'torch.ones(2, {p.edge(channels)!r}, {p.int(1, 3)}, {p.int(1, 3)})', *options])})")


def pad(p):
    x = p.tensor(lambda t: t.dim() > 0)
    count = p.int(1, min(p.value(x).dim(), 3))
    amounts = tuple(p.edge(p.int(-1, 2)) for _ in range(2 * count))
    mode = p.pick("", "", "", ", mode='reflect'", ", mode='replicate'", ", mode='circular'", ", value=1.0")
    return put(p, f"F.pad({x}, {amounts!r}{mode})")


def interpolate(p):
    x = p.float(lambda t: t.dim() in (3, 4, 5))
    rank = p.value(x).dim()
    mode = p.pick("nearest", {3: "linear", 4: "bilinear", 5: "trilinear"}[rank], "bicubic", "area", "nearest-exact")
    size = p.pick(f"scale_factor={p.edge(p.pick(2, 0.5, 0.3, 1.7))!r}", f"size={p.edge(p.pick(3, (4,) * (rank - 2)))!r}",
                  f"size={p.fresh('v')[:0]}{x}.shape[2:]")
    return put(p, f"F.interpolate({x}, {size}, mode={mode!r}{p.pick('', '', ', align_corners=False')})")


def functional_pool(p):
    x = p.float(lambda t: t.dim() == 4)
    kernel = p.edge(p.pick(1, 2, 3, (2, 1)))
    call = p.pick(f"F.max_pool2d({x}, {kernel!r}", f"F.avg_pool2d({x}, {kernel!r}", f"F.adaptive_avg_pool2d({x}, {p.edge(p.pick(1, (1, None), (2, 3)))!r})")
    if call.endswith(")") and "adaptive" in call:
        return put(p, call)
    options = optional(p, 0.4, f"stride={p.edge(p.int(1, 3))!r}") + optional(p, 0.4, f"padding={p.edge(p.int(0, 1))!r}") + optional(p, 0.3, "ceil_mode=True")
    return put(p, ", ".join([call, *options]) + ")")


def functional_norm(p):
    x = p.float(lambda t: t.dim() >= 2)
    shape = shape_of(p, x)
    call = p.pick("F.layer_norm({x}, {s})", "F.group_norm({x}, {g})", "F.instance_norm({x})", "F.batch_norm({x}, torch.zeros({c}), torch.ones({c}))",
                  "F.batch_norm({x}, None, None, training=True)", "F.local_response_norm({x}, 2)", "F.layer_norm({x}, {s}, torch.ones({s}))")
    return put(p, call.format(x=x, s=repr(p.edge(shape[-1:])), g=repr(p.edge(divisor(p, shape[1]))), c=repr(p.edge(shape[1]))))


def fold(p):
    x = p.float(lambda t: t.dim() == 4)
    kernel = p.pick(1, 2, 3, (2, 3))
    options = optional(p, 0.3, f"stride={p.edge(p.int(1, 2))!r}") + optional(p, 0.3, f"padding={p.edge(1)!r}")
    return put(p, f"F.unfold({', '.join([x, repr(p.edge(kernel)), *options])})")


def gather(p):
    x = p.tensor(lambda t: t.dim() > 0 and t.numel() > 0)
    dim = p.dim(x)
    index = p.pick(f"torch.zeros({shape_of(p, x)!r}, dtype=torch.{p.pick('int64', 'int64', 'int32')})", f"torch.zeros({tuple(1 for _ in shape_of(p, x))!r}, dtype=torch.int64)")
    return put(p, p.pick(
        f"{x}.gather({dim}, {index})", f"torch.zeros_like({x}).scatter({dim}, {index}, {x})", f"{x}.scatter({dim}, {index}, 1)",
        f"{x}.index_select({dim}, torch.tensor([0, 0]))", f"torch.zeros_like({x}).scatter_add({dim}, {index}, {x})", f"{x}.take_along_dim({index}, {dim})",
        f"{x}.index_add({dim}, torch.tensor([0]), {x}.narrow({dim}, 0, 1))", f"{x}.take(torch.tensor([0, 1, 0]))",
    ))


def one_hot(p):
    x = p.tensor(lambda t: str(t.dtype) == "torch.int64")
    return put(p, f"F.one_hot({x} % 3, {p.edge(3)!r})")


def functional_embedding(p):
    x = p.tensor(lambda t: not t.is_floating_point())
    return put(p, f"F.embedding({p.pick(x, f'{x}.long() % 4', f'{x} % 4')}, torch.ones({p.int(900, 950)}, {p.int(1, 4)}))")


def cast(p):
    x = p.tensor()
    y = p.tensor()
    return put(p, f"{x}." + p.pick("double()", "float()", "long()", "bool()", "int()", "to(torch.float64)", "to(torch.int64)",
                                   "type(torch.float32)", f"to({y}.dtype)", f"type_as({y})", "half()", "bfloat16()", f"to({y})"))


def create(p):
    x = p.tensor()
    rank = p.value(x).dim()
    n = p.edge(p.int(1, 4))
    return put(p, p.pick(
        f"torch.zeros({n!r}, 3)", f"torch.arange({n!r})", f"torch.arange(0, {p.edge(6)!r}, {p.edge(2)!r})", f"torch.eye({n!r})", f"torch.linspace(0, 1, {n!r})",
        f"torch.zeros_like({x})", f"torch.full(({n!r}, 2), {p.pick('1', '1.5', 'True')})", f"{x}.new_zeros({n!r}, 2)", f"torch.ones({x}.shape)",
        f"torch.rand({n!r}, {n!r})", f"torch.randint(0, 5, ({n!r}, 2))", f"torch.tensor([{n!r}, 1])", f"torch.empty({x}.shape, dtype=torch.int64)",
        f"torch.arange({x}.shape[0])" if rank else "torch.arange(3)", f"{x}.new_tensor([1, 2])", f"torch.tril(torch.ones({n!r}, {n!r}))", f"torch.ones_like({x}, dtype=torch.bool)",
        f"torch.randperm({n!r})", f"torch.full_like({x}, 2)", f"torch.meshgrid(torch.arange({n!r}), torch.arange(2), indexing='ij')[0]",
    ))


def triangle(p):
    x = p.tensor(lambda t: t.dim() >= 2)
    return put(p, p.pick(f"{x}.tril()", f"torch.triu({x}, {p.edge(1)!r})", f"{x}.diagonal()", f"torch.diag_embed({x})", f"{x}.diagonal(0, {p.dim(x)}, {p.dim(x)})",
                         f"torch.diag({x})", f"{x}.trace()"))


def branch(p):
    x = p.tensor()
    result = p.fresh("v")
    condition = p.pick(f"{x}.dim() > {p.int(0, 4)}", f"{x}.numel() > {p.int(0, 100)}", f"{x}.dtype == torch.float32", "self.training",
                       f"{x}.shape[0] == {p.int(1, 3)}" if p.value(x).dim() else "True", f"{x}.is_floating_point()", f"len({x}.shape) == {p.int(1, 4)}")
    return f"if {condition}:\n    {result} = {x} * 2\nelse:\n    {result} = {x}.{p.pick('sum()', 'float()', 'unsqueeze(0)')}"


def loop(p):
    x = p.tensor(lambda t: t.dim() > 0 and 0 < t.shape[0] < 9)
    items, result = p.fresh("items"), p.fresh("v")
    body = p.pick("each * 2", "each.sum()", "each.unsqueeze(0)", "each.flatten()")
    source = p.pick(f"each in {x}", f"each in {x}.unbind(0)", f"i, each in enumerate({x})")
    return f"{items} = []\nfor {source}:\n    {items}.append({body})\n{result} = torch.stack({items})"


def caught(p):
    x = p.tensor(lambda t: t.dim() > 0)
    result = p.fresh("v")
    attempt = p.pick(f"{x}.view(-1, {p.int(1, 7)})", f"{x} @ {x}", f"{x}.transpose(0, -1).view(-1)", f"{x} + torch.ones({p.int(1, 4)})")
    return f"try:\n    {result} = {attempt}\nexcept RuntimeError:\n    {result} = {x}"


def sizes(p):
    x = p.tensor(lambda t: t.dim() > 0)
    rank = p.value(x).dim()
    return put(p, p.pick(
        f"{x} * {x}.shape[-1] / {x}.numel()", f"torch.zeros({x}.size())", f"{x}.reshape(*{x}.shape[:-1], {x}.shape[-1])", f"{x}.sum() / math.prod({x}.shape)",
        f"{x}.view({x}.shape)", f"torch.zeros(sum({x}.shape))", f"{x}.expand({x}.shape)", f"{x}.new_ones({x}.shape[0], {x}.dim())",
        f"torch.arange(int({x}.shape[0] / 2))", f"torch.zeros({x}.shape[0] // 2, {rank})",
    ))


def loss(p):
    x = p.float(lambda t: t.dim() > 0)
    y = p.pick(x, p.tensor())
    call = p.pick("F.mse_loss({x}, {y})", "F.l1_loss({x}, {y}, reduction='none')", "F.binary_cross_entropy_with_logits({x}, {y})", "F.kl_div({x}, {y}, reduction='batchmean')",
                  "F.cross_entropy({x}, torch.zeros({n}, dtype=torch.long))", "F.nll_loss({x}, torch.zeros({n}, dtype=torch.long))", "F.smooth_l1_loss({x}, {y}, reduction='sum')",
                  "F.cosine_similarity({x}, {y}, dim={d})", "F.cross_entropy({x}, {y})", "F.pairwise_distance({x}, {y})")
    return put(p, call.format(x=x, y=y, n=p.edge(p.value(x).shape[0]), d=p.dim(x)))


FORWARD_TEMPLATES = [
    view, view, view, view_from_shape, flatten, transpose, transpose, permute, permute, matrix_transpose, squeeze, squeeze, expand,
    repeat, contiguous, contiguous, channels_last, narrow, unfold_dim, as_strided, roll, binary, binary, binary, named_binary, unary,
    unary, functional_activation, functional_activation, in_place, in_place, assign_index, index, index, index, mask_index, reduce,
    reduce, reduce, reduce_pair, scan, join, join, split, split, unpack, matmul, matmul, fused_matmul, einsum, attention,
    functional_linear, functional_convolution, pad, interpolate, functional_pool, functional_norm, fold, gather, gather, one_hot,
    functional_embedding, cast, cast, create, create, triangle, branch, branch, loop, caught, sizes, sizes, loss,
]
