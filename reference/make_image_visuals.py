"""Writes attribution/src/test/resources/golden/image-visuals.{json,safetensors}: captum's pictures by matplotlib."""

import matplotlib
import numpy as np
from captum.attr._utils.visualization import (
    _cumulative_sum_threshold,
    _initialize_cmap_and_vmin_vmax,
    _normalize_attr,
    visualize_image_attr,
)
from limpid_reference import ATTRIBUTION_GOLDEN
from limpid_reference.writing import versions, write_json, write_tensors
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SIGNS = ("all", "positive", "negative", "absolute_value")
OUTLIERS = (2, 3, 10, 50)
SHOWN = 3
DPI = 100

# Distance that the scaled colours keep from an edge between two entries of a table, in entries.
MARGIN = 1e-4


def attributions(name: str, generator: np.random.Generator, height: int, width: int) -> np.ndarray:
    """(3,height,width) float32: heavy tails everywhere, and in `large` a smooth bump with a field of zeros."""
    values = generator.standard_t(3, (3, height, width))
    if name == "large":
        rows, columns = np.mgrid[:height, :width]
        values = 0.1 * values + 2 * np.exp(-((rows - 12) ** 2 + (columns - 19) ** 2) / 60)
        values[:, 26:, :9] = 0
    return values.astype(np.float32)


def photo(generator: np.random.Generator, height: int, width: int) -> np.ndarray:
    """(height,width,3) bytes whose mean over the channels does not reach from black to white."""
    return generator.integers(20, 221, (height, width, 3)).astype(np.uint8)


def drawn(values: np.ndarray, image: np.ndarray, method: str, sign: str, alpha: float = 0.5) -> np.ndarray:
    """The picture as bytes (height,width,3): one figure pixel for each of the map, no margin, no frame."""
    height, width, _ = image.shape
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set_axis_off()
    visualize_image_attr(
        values, image, method=method, sign=sign, plt_fig_axis=(figure, axis), outlier_perc=SHOWN, alpha_overlay=alpha,
        use_pyplot=False)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    assert pixels.shape == (height, width, 4) and bool((pixels[:, :, 3] == 255).all())
    return pixels[:, :, :3].copy()


def table(colour_map: str | matplotlib.colors.Colormap) -> tuple[str, np.ndarray]:
    """The name of a colour map, and its 256 entries as bytes."""
    colours = matplotlib.colormaps.get_cmap(colour_map)
    assert colours.N == 256
    return colours.name, colours(np.arange(256), bytes=True)[:, :3]


def threshold(totals: np.ndarray, sign: str, outlier: int) -> float:
    """The magnitude that captum maps to 1."""
    side = {"positive": 1, "negative": -1}
    magnitudes = np.maximum(side[sign] * totals, 0) if sign in side else abs(totals)
    return float(_cumulative_sum_threshold(magnitudes, 100.0 - outlier))


def check_margin(norm: np.ndarray, sign: str, name: str) -> None:
    """Stops where rounding could choose the neighbouring colour, which may differ by two; 0, 1 and -1 are exact."""
    position = 256 * ((norm + 1) / 2 if sign == "all" else norm)
    exact = (norm == 0) | (abs(norm) == 1)
    assert bool((abs(position - np.round(position)) > MARGIN)[~exact].all()), f"{name}, {sign}: choose another seed"


def visuals(name: str, seed: int, height: int, width: int, tensors: dict) -> dict:
    """All that is stored of one map, its tensors put into `tensors` under `<name>.…`."""
    generator = np.random.default_rng(seed)
    stored, image = attributions(name, generator, height, width), photo(generator, height, width)
    tensors[f"{name}.attributions"], tensors[f"{name}.image"] = stored, image
    values = stored.astype(np.float64).transpose(1, 2, 0)
    scales = []
    for sign in SIGNS:
        for outlier in OUTLIERS:
            tensors[f"{name}.norm.{sign}.{outlier}"] = _normalize_attr(values, sign, outlier, reduction_axis=2)
            scales.append({"sign": sign, "outlier": outlier, "threshold": threshold(values.sum(axis=2), sign, outlier)})
        check_margin(tensors[f"{name}.norm.{sign}.{SHOWN}"], sign, name)
        for method in ("heat_map", "blended_heat_map"):
            tensors[f"{name}.rgb.{method}.{sign}"] = drawn(values, image, method, sign)
        if sign != "all":
            for method in ("masked_image", "alpha_scaling"):
                tensors[f"{name}.rgb.{method}.{sign}"] = drawn(values, image, method, sign)
    tensors[f"{name}.rgb.blended_heat_map.all.alpha-0.25"] = drawn(values, image, "blended_heat_map", "all", 0.25)
    tensors[f"{name}.rgb.original_image.all"] = drawn(values, image, "original_image", "all")
    return {"map": name, "height": height, "width": width, "scales": scales}


def main() -> None:
    used = versions("captum", "matplotlib", "numpy", "safetensors")
    tensors: dict = {}
    names = {}
    for sign in SIGNS:
        names[sign], colours = table(_initialize_cmap_and_vmin_vmax(sign)[0])
        tensors[f"table.{names[sign]}"] = colours
    tensors["table.gray"] = table("gray")[1]
    maps = [
        visuals(name, seed, height, width, tensors)
        for name, seed, height, width in (("small", 61, 12, 12), ("oblong", 62, 8, 12), ("large", 63, 32, 32))
    ]
    write_tensors(ATTRIBUTION_GOLDEN / "image-visuals.safetensors", tensors)
    write_json(ATTRIBUTION_GOLDEN / "image-visuals.json", {
        "versions": used,
        "about": {
            "<map>.attributions": "(3,height,width) F32; captum is given them in float64, the channels last",
            "<map>.image": "(height,width,3) U8, red, green, blue",
            "<map>.norm.<sign>.<outlier>": "(height,width) F64: the sum over the channels, of that sign, divided by"
            " the threshold and clipped; outlier in percent",
            "<map>.rgb.<method>.<sign>": f"(height,width,3) U8: captum's picture with an outlier percentage of {SHOWN},"
            " drawn by matplotlib with one figure pixel for each of the map; blended_heat_map with alpha 0.5 unless its"
            " name ends with another; alpha_scaling over white",
            "table.<name>": "(256,3) U8: a colour table, red, green, blue",
            "threshold": "the magnitude that becomes 1 (of `negative` too)",
            "compositing": "floor(a x heat + (1 - a) x grey) with a = floor(255 alpha) / 255 (matplotlib keeps alpha as"
            " a byte and truncates) is within 1 everywhere, and so is floor(heat/2 + grey/2) with entries of"
            " table.gray; sums that are rounded, or greys that are, are up to 3 away. grey = the mean of the channels,"
            " stretched to [0,1], of index floor(256 grey). alpha_scaling: likewise, truncated",
            "margin": f"no scaled value but 0, 1 and -1 is nearer than {MARGIN} of an entry to the edge of its table"
            " entry, so that rounding does not choose another colour",
        },
        "tables": names,
        "maps": maps,
    })
    print(len(tensors), "tensors")


if __name__ == "__main__":
    main()
