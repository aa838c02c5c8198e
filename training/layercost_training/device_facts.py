"""What vendors and the tables' authors say of each measured device: kind, batch, peak float32 rate, memory bandwidth.

fact_vector("titan_rtx_32") -> a row for the network in device_network.py. A figure that is not published, or that we could not tell for
sure, is None: the network sees that it is not known. Sources: NVIDIA's and Intel's data sheets; peak rates of Xeons are
cores × base clock × 32 (one AVX-512 unit) or 64 (two); bandwidths are channels × transfer rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np

KINDS = ("gpu", "cpu", "phoneCpu", "phoneGpu", "dsp", "edgeGpu", "edgeAccelerator", "boardCpu", "fpga", "asic")


@dataclass(frozen=True)
class DeviceFacts:
    kind: str
    batch: int = 1
    peak_gflops: float | None = None
    bandwidth_gb_per_s: float | None = None


CHIPS = {
    "1080ti": (11_340, 484.0),
    "2080ti": (13_450, 616.0),
    "titanx": (10_974, 480.0),  # the Pascal one
    "titanxp": (12_150, 547.6),
    "titan_rtx": (16_312, 672.0),
}
"""GPUs that were measured at several batch sizes."""

FACTS = {
    **{f"{chip}_{batch}": DeviceFacts("gpu", batch, *CHIPS[chip]) for chip in CHIPS for batch in (1, 32, 256)},
    "silver_4114": DeviceFacts("cpu", 1, 704, 115.2),
    "silver_4210r": DeviceFacts("cpu", 1, 768, 115.2),
    "gold_6226": DeviceFacts("cpu", 1, 2_074, 140.8),
    "gold_6240": DeviceFacts("cpu", 1, 2_995, 140.8),
    **{name: DeviceFacts("phoneCpu") for name in ("samsung_a50", "samsung_s7", "essential_ph_1", "pixel2", "pixel3")},
    **{name: DeviceFacts("phoneCpu") for name in ("eagle_cpu_855", "true_a76")},
    **{name: DeviceFacts("phoneGpu") for name in ("eagle_gpu_855", "true_630", "true_640")},
    "eagle_dsp_855": DeviceFacts("dsp"),
    **{name: DeviceFacts("edgeGpu") for name in ("eagle_jetson", "eagle_jetson_16", "rice_edgegpu")},
    **{name: DeviceFacts("edgeAccelerator") for name in ("eagle_tpu", "rice_edgetpu", "true_vpu")},
    "raspi4": DeviceFacts("boardCpu", 1, None, 12.8),
    "fpga": DeviceFacts("fpga"),
    "eyeriss": DeviceFacts("asic"),
}


def fact_vector(device: str) -> np.ndarray:
    """One-hot kind; logarithms of batch, peak and bandwidth, about 0 and about 1 wide; and which of the last two are known."""
    facts = FACTS[device]
    numbers = [log2(facts.batch) / 4]
    for value, middle in ((facts.peak_gflops, 12.0), (facts.bandwidth_gb_per_s, 8.0)):
        numbers += [0.0, 0.0] if value is None else [(log2(value) - middle) / 2, 1.0]
    return np.array([*(facts.kind == kind for kind in KINDS), *numbers], dtype=float)
