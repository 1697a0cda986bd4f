"""Writes what the tests of dev.limpid.vit.image compare with: files of every format, and images resized, cropped and normalised.

    python reference/images/make_image_fixtures.py PHOTOS vit/src/test/resources/images

PHOTOS has chelsea.png, coffee.png and astronaut.png of scikit-image. Files are decoded by Pillow as transformers' load_image
does it; resizing and normalising are those of the PIL-based processors of transformers. Results stand as SHA-256 of their bytes in
JSON files, those that may differ a little or that locate a failure in full.
"""

import hashlib
import io
import json
import shutil
import struct
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from safetensors.numpy import save_file
from transformers.models.deit.image_processing_pil_deit import DeiTImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

import containers as raw

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from limpid_reference.writing import versions  # noqa: E402

RESAMPLINGS = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def photographs(folder):
    chelsea = Image.open(folder / "chelsea.png").convert("RGB")
    coffee = Image.open(folder / "coffee.png").convert("RGB").resize((300, 200), Image.Resampling.LANCZOS)
    astronaut = Image.open(folder / "astronaut.png").convert("RGB").resize((211, 211), Image.Resampling.LANCZOS)
    return chelsea, coffee, astronaut


def synthetic():
    generator = np.random.default_rng(2026)
    yield "noise-97x61", generator.integers(0, 256, (61, 97, 3))
    yield "noise-40x40", generator.integers(0, 256, (40, 40, 3))
    x, y = np.meshgrid(np.arange(128), np.arange(96))
    yield "gradient-128x96", np.stack([2 * x, (y * 255) // 95, (x + y) % 256], axis=2)
    yield "stripes-64x48", np.stack([255 * (x % 2), 255 * (y % 2), 255 * ((x + y) % 2)], axis=2)[:48, :64]
    sparse = np.zeros((29, 31, 3), dtype=int)
    sparse[generator.integers(0, 29, 40), generator.integers(0, 31, 40)] = 255
    yield "sparks-31x29", sparse
    yield "one-1x1", np.array([[[200, 1, 77]]])
    yield "row-37x1", generator.integers(0, 256, (1, 37, 3))
    yield "column-1x53", generator.integers(0, 256, (53, 1, 3))
    yield "corners-2x2", np.array([[[0, 255, 0], [255, 0, 1]], [[254, 255, 128], [0, 0, 255]]])


def sizes(width, height):
    """Up and down, one axis alone, both at once in different directions; (height, width)."""
    return [(max(1, height // 3), max(1, width * 2 // 5)), (height + 17, width * 2 + 3), (32, 32),
            (height, width + 5), (height * 2 - 1, width)]


def resized(image, size, resample):
    processor = ViTImageProcessorPil(
        size=dict(height=size[0], width=size[1]), resample=resample, do_rescale=False, do_normalize=False)
    return processor(image)["pixel_values"][0].transpose(1, 2, 0)


def write_resampling(photos, out):
    out.mkdir()
    images = dict(zip(["chelsea", "coffee", "astronaut"], photos))
    images |= {name: Image.fromarray(values.astype(np.uint8)) for name, values in synthetic()}
    cases = []
    for name, image in images.items():
        image.save(out / f"{name}.png", optimize=True)
        for size in sizes(*image.size):
            for resample in RESAMPLINGS:
                pixels = resized(image, size, resample)
                assert pixels.dtype == np.uint8 and pixels.shape == (*size, 3)
                cases.append(dict(image=name, resample=resample, height=size[0], width=size[1], sha256=sha256(pixels)))
    write_json(out / "cases.json", cases)
    for resample, label in RESAMPLINGS.items():
        for direction, size in [("down", (20, 38)), ("up", (61, 70))]:
            source = images["chelsea"] if direction == "down" else images["sparks-31x29"]
            Image.fromarray(resized(source, size, resample)).save(out / f"full-{label}-{direction}.png", optimize=True)


PROCESSORS = {
    "vit-defaults": dict(image_processor_type="ViTImageProcessor"),
    "vit-fast": dict(image_processor_type="ViTImageProcessorFast", size=dict(height=20, width=24), resample=3),
    "vit-extractor": dict(feature_extractor_type="ViTFeatureExtractor", size=24, resample=2,
                          image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225], do_normalize=True),
    "no-type": dict(size=[17, 23], resample=1, image_mean=0.3, image_std=0.7),
    "nulls": dict(image_processor_type="DeiTImageProcessor", size=26, do_center_crop=None, do_rescale=None,
                  default_to_square=None, do_normalize=None),
    "shortest-edge": dict(image_processor_type="ViTImageProcessor", size=dict(shortest_edge=19), resample=3),
    "not-square": dict(image_processor_type="ViTImageProcessor", size=21, default_to_square=False),
    "edge-range": dict(image_processor_type="ViTImageProcessor", size=dict(shortest_edge=20, longest_edge=25)),
    "edge-range-wide": dict(image_processor_type="ViTImageProcessor", size=dict(shortest_edge=20, longest_edge=99)),
    "crop": dict(image_processor_type="ViTImageProcessor", size=31, do_center_crop=True, crop_size=20),
    "crop-odd": dict(image_processor_type="ViTImageProcessor", size=dict(shortest_edge=30), do_center_crop=True,
                     crop_size=dict(height=25, width=33)),
    "crop-larger": dict(image_processor_type="ViTImageProcessor", size=dict(height=14, width=17), do_center_crop=True,
                        crop_size=dict(height=21, width=20)),
    "crop-taller": dict(image_processor_type="ViTImageProcessor", size=dict(height=14, width=27), do_center_crop=True,
                        crop_size=[19, 20]),
    "deit-defaults": dict(image_processor_type="DeiTImageProcessor"),
    "deit-extractor": dict(feature_extractor_type="DeiTFeatureExtractor", size=26, crop_size=22, resample=0),
    "no-rescale": dict(image_processor_type="ViTImageProcessor", size=16, do_rescale=False, image_mean=[100, 110.5, 3],
                       image_std=[3, 70, 1.7]),
    "no-normalize": dict(image_processor_type="ViTImageProcessor", size=16, do_normalize=False,
                         rescale_factor=0.00784313725490196),
    "nothing": dict(image_processor_type="ViTImageProcessor", size=16, do_normalize=False, do_rescale=False),
    "no-resize": dict(image_processor_type="ViTImageProcessor", do_resize=False),
    "grey": dict(image_processor_type="ViTImageProcessor", size=18, image_mean=[0.1307], image_std=[0.3081]),
    "grey-scalar": dict(image_processor_type="ViTImageProcessor", size=18, image_mean=0.5, image_std=0.25, resample=3),
}


def write_processors(photo, out):
    out.mkdir()
    photo = photo.resize((113, 75), Image.Resampling.LANCZOS)
    photo.save(out / "photo.png", optimize=True)
    cases, tensors = [], {}
    for name, config in PROCESSORS.items():
        (out / name).mkdir()
        write_json(out / name / "preprocessor_config.json", config)
        kind = config.get("image_processor_type", config.get("feature_extractor_type", "ViT"))
        loaded = DeiTImageProcessorPil if kind.startswith("DeiT") else ViTImageProcessorPil
        # The type is what AutoImageProcessor chooses the class by; the class itself does not know it.
        processor = loaded.from_dict({key: value for key, value in config.items() if key != "image_processor_type"})
        channels = 1 if name.startswith("grey") else 3
        image = photo.convert("L") if channels == 1 else photo
        values = processor(image)["pixel_values"][0]
        before = processor(image, do_rescale=False, do_normalize=False)["pixel_values"][0].transpose(1, 2, 0)
        assert before.dtype == np.uint8
        before = np.repeat(before, 3, axis=2) if channels == 1 else before
        values = np.ascontiguousarray(values.astype(np.float32))
        cases.append(dict(name=name, channels=channels, height=values.shape[1], width=values.shape[2],
                          bytes=sha256(before), floats=sha256(values)))
        if values.size < 4000:
            tensors[name] = values
    write_json(out / "cases.json", cases)
    save_file(tensors, out / "expected.safetensors")


def loaded(data):
    """transformers' load_image."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.array(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_files(photo):
    rgb = np.array(photo)
    grey = np.array(photo.convert("L"))
    alpha = np.add.outer(np.arange(grey.shape[0]) * 5, np.arange(grey.shape[1]) * 3) % 256
    deep = rgb.astype(int) * 257 + np.add.outer(np.arange(grey.shape[0]), np.arange(grey.shape[1]))[:, :, None] * 3
    deep = np.minimum(deep, 65535)
    yield "rgb", saved(photo, "PNG")
    yield "grey", saved(photo.convert("L"), "PNG")
    yield "grey-alpha", saved(Image.merge("LA", (photo.convert("L"), Image.fromarray(alpha.astype(np.uint8)))), "PNG")
    yield "rgba", saved(Image.merge("RGBA", (*photo.split(), Image.fromarray(alpha.astype(np.uint8)))), "PNG")
    yield "one-bit", saved(photo.convert("1"), "PNG")
    for bits in (1, 2, 4, 8):
        indexed = photo.quantize(2 ** bits)
        yield f"palette-{bits}", saved(indexed, "PNG", bits=bits)
        yield f"grey-{bits}-by-hand", raw.png(grey >> (8 - bits), bits, raw.GREY)
        yield f"grey-{bits}-interlaced", raw.png(grey >> (8 - bits), bits, raw.GREY, interlaced=True)
    palette = raw.chunk(b"PLTE", bytes((37 * i + 11) % 256 for i in range(3 * 11)))
    index = (grey >> 4).astype(int)
    yield "palette-too-short", raw.png(index, 4, raw.PALETTE, palette)
    yield "palette-transparent", raw.png(
        index % 11, 4, raw.PALETTE, palette + raw.chunk(b"tRNS", bytes([0, 128, 255, 7, 0])))
    yield "palette-interlaced", raw.png(index % 11, 8, raw.PALETTE, palette, interlaced=True)
    yield "grey-key", raw.png(grey, 8, raw.GREY, raw.chunk(b"tRNS", struct.pack(">H", int(grey[3, 4]))))
    yield "rgb-key", raw.png(rgb, 8, raw.RGB, raw.chunk(b"tRNS", struct.pack(">3H", *map(int, rgb[3, 4]))))
    yield "rgb-suggested-palette", raw.png(rgb, 8, raw.RGB, palette)
    yield "rgb16", raw.png(deep, 16, raw.RGB)
    yield "rgb16-interlaced", raw.png(deep, 16, raw.RGB, interlaced=True)
    yield "rgb16-key", raw.png(deep, 16, raw.RGB, raw.chunk(b"tRNS", struct.pack(">3H", *map(int, deep[3, 4]))))
    yield "rgba16", raw.png(np.dstack([deep, alpha * 257]), 16, raw.RGBA)
    yield "grey-alpha16", raw.png(np.dstack([deep[:, :, 0], alpha * 257]), 16, raw.GREY_ALPHA)
    yield "grey16", raw.png(deep[:, :, 0], 16, raw.GREY)
    yield "rgb-interlaced", raw.png(rgb, 8, raw.RGB, interlaced=True)
    yield "rgba-interlaced", raw.png(np.dstack([rgb, alpha]), 8, raw.RGBA, interlaced=True)
    yield "profile", saved(photo, "PNG", icc_profile=raw.swapped_profile())
    yield "grey-profile", saved(photo.convert("L"), "PNG", icc_profile=raw.swapped_profile())
    yield "gamma", raw.png(rgb, 8, raw.RGB, raw.chunk(b"gAMA", struct.pack(">I", 100000)) + raw.chunk(
        b"cHRM", struct.pack(">8I", 31270, 32900, 30000, 60000, 64000, 33000, 15000, 6000)))
    yield "no-end", raw.png(rgb, 8, raw.RGB, end=False)
    yield "strange-chunks", raw.png(rgb, 8, raw.RGB, raw.chunk(b"zTXt", b"\0\0nothing") + raw.chunk(b"iCCP", b"x\0\0y")
                                    + raw.chunk(b"sBIT", b"") + raw.chunk(b"tIME", b"1"), after=raw.chunk(b"abCd", b""))
    yield "exif", saved(photo, "PNG", exif=raw.exif(6))
    yield "exif-after", raw.png(rgb, 8, raw.RGB, after=raw.chunk(b"eXIf", raw.exif(8, True)[6:]))
    profile = b"\nexif\n      %d\n" % len(raw.exif(7)) + raw.exif(7).hex().encode() + b"\n"
    yield "exif-as-text", raw.png(rgb, 8, raw.RGB, raw.chunk(b"tEXt", b"Raw profile type exif\0" + profile))
    yield "exif-as-packed-text", raw.png(
        rgb, 8, raw.RGB, raw.chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile)))
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", raw.xmp(5).decode())
    yield "xmp", saved(photo, "PNG", pnginfo=info)
    yield "animated", saved(photo, "PNG", save_all=True, append_images=[photo.rotate(90)])
    yield "one-pixel", saved(photo.crop((5, 5, 6, 6)), "PNG")
    yield "one-column", saved(photo.crop((5, 0, 6, 40)), "PNG")


def jpeg_files(photo):
    plain = saved(photo, "JPEG", quality=90, subsampling=0)
    yield "444", plain
    yield "422", saved(photo, "JPEG", quality=90, subsampling=1)
    yield "420", saved(photo, "JPEG", quality=90, subsampling=2)
    yield "420-poor", saved(photo, "JPEG", quality=8)
    yield "progressive-420", saved(photo, "JPEG", quality=85, progressive=True)
    yield "progressive-444", saved(photo, "JPEG", quality=85, progressive=True, subsampling=0)
    yield "restarts", saved(photo, "JPEG", restart_marker_blocks=3)
    yield "grey", saved(photo.convert("L"), "JPEG", quality=90)
    yield "grey-progressive", saved(photo.convert("L"), "JPEG", quality=90, progressive=True)
    square = saved(photo.crop((0, 0, 32, 32)), "JPEG", quality=95, subsampling=1)
    # Sixteen by eight pixels a unit, or eight by sixteen: as many units in a square. What is seen is scrambled, but the same for all.
    yield "440", raw.patched(square, 0xC0, 11, 0x12)
    yield "rgb", saved(photo, "JPEG", quality=90, keep_rgb=True)
    bare = raw.without(plain, [0xE0])
    yield "no-markers-444", bare
    yield "no-markers-420", raw.without(saved(photo, "JPEG", subsampling=2), [0xE0])
    yield "no-markers-named-rgb", raw.frame_names(bare, b"RGB")
    yield "jfif-named-rgb", raw.frame_names(plain, b"RGB")
    yield "adobe-ycc", raw.with_segment(bare, 0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 1))
    yield "adobe-rgb", raw.with_segment(bare, 0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 0))
    yield "adobe-unknown", raw.with_segment(bare, 0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 2))
    cmyk = saved(photo.convert("CMYK"), "JPEG", quality=92)
    inks = np.array(photo.convert("CMYK"))
    inks[:, :, 3] = inks[:, :, :3].min(axis=2) // 2 + np.arange(inks.shape[1])[None, :]
    black = saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=92)
    yield "cmyk", cmyk
    yield "cmyk-black", black
    yield "cmyk-no-marker", raw.without(black, [0xEE])
    yield "ycck", raw.patched(black, 0xEE, 4 + 11, 2)
    yield "ycck-profile", raw.with_segment(raw.patched(cmyk, 0xEE, 4 + 11, 2), 0xE2, b"ICC_PROFILE\0\1\1nonsense")
    for orientation in range(1, 9):
        yield f"exif-{orientation}", saved(photo, "JPEG", exif=raw.exif(orientation, orientation % 2 == 0))
    yield "exif-broken", saved(photo, "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xff")
    yield "exif-without-orientation", raw.with_segment(
        saved(photo, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"), 0xE1,
        b"http://ns.adobe.com/xap/1.0/\0" + raw.xmp(3))
    yield "profile", saved(photo, "JPEG", quality=90, icc_profile=raw.swapped_profile())
    yield "broken-segments", raw.with_segment(raw.with_segment(plain, 0xE2, b"ICC_PROFILE\0\1\1nonsense"), 0xE0, b"")
    yield "trailing-bytes", plain + b"\0\xff\xd8 and more"
    yield "one-pixel", saved(photo.crop((5, 5, 6, 6)), "JPEG")


def gif_files(photo):
    indexed = photo.quantize(64)
    plain = saved(indexed, "GIF", interlace=0)
    yield "plain", plain
    yield "interlaced", saved(indexed, "GIF", interlace=1)
    yield "sixteen", saved(photo.quantize(16), "GIF")
    yield "two", saved(photo.convert("1"), "GIF")
    yield "grey", saved(photo.convert("L"), "GIF")
    yield "transparent", saved(indexed, "GIF", transparency=7)
    yield "animated", saved(indexed, "GIF", save_all=True, append_images=[photo.rotate(180).quantize(32)], duration=100)
    # The colours of all, moved to those of the image.
    colours = 3 * (2 << (plain[10] & 7))
    descriptor = plain.index(b",", 13 + colours)
    own = bytearray(plain[:10] + bytes([plain[10] & 0x70]) + plain[11:13] + plain[13 + colours:descriptor + 10]
                    + plain[13:13 + colours] + plain[descriptor + 10:])
    own[descriptor - colours + 9] |= 0x80 | plain[10] & 7
    yield "own-colours", bytes(own)
    none = bytearray(plain[:10] + bytes([plain[10] & 0x70]) + plain[11:13] + plain[13 + colours:])
    yield "no-colours", bytes(none)

    def placed(data, screen, corner):
        data = bytearray(data)
        start = data.index(b",", 13 + 3 * (2 << (data[10] & 7)))
        data[6:10] = struct.pack("<HH", *screen)
        data[start + 1:start + 5] = struct.pack("<HH", *corner)
        return bytes(data)

    yield "smaller-than-screen", placed(plain, (80, 70), (11, 13))
    yield "smaller-transparent", placed(saved(indexed, "GIF", transparency=7), (80, 70), (11, 13))
    yield "larger-than-screen", placed(plain, (20, 21), (3, 0))


def bmp_files(photo):
    rgb = np.array(photo)
    height, width = rgb.shape[:2]
    yield "rgb", saved(photo, "BMP")
    yield "grey", saved(photo.convert("L"), "BMP")
    yield "palette", saved(photo.quantize(200), "BMP")
    yield "one-bit", saved(photo.convert("1"), "BMP")
    yield "rgba", saved(photo.convert("RGBA"), "BMP")
    bgr = rgb[:, :, ::-1]
    yield "top-down", raw.bmp(width, -height, 24, b"".join(raw.padded(row.tobytes()) for row in bgr))
    yield "os2", raw.bmp(width, height, 24, b"".join(raw.padded(row.tobytes()) for row in bgr[::-1]), os2=True)
    four = rgb.astype(np.uint16)
    five = (four[:, :, 0] >> 3) << 10 | (four[:, :, 1] >> 3) << 5 | four[:, :, 2] >> 3
    six = (four[:, :, 0] >> 3) << 11 | (four[:, :, 1] >> 2) << 5 | four[:, :, 2] >> 3
    yield "555", raw.bmp(width, height, 16, b"".join(raw.padded(row.tobytes()) for row in five[::-1]))
    yield "565", raw.bmp(width, height, 16, b"".join(raw.padded(row.tobytes()) for row in six[::-1]),
                         masks=struct.pack("<3I", 0xF800, 0x7E0, 0x1F), compression=3)
    wide = np.dstack([bgr, np.full((height, width), 77, np.uint8)])
    yield "32", raw.bmp(width, height, 32, wide[::-1].tobytes())
    palette = bytes((41 * i + 5) % 256 if i % 4 != 3 else 0 for i in range(64))
    index = rgb[:, :, 1] >> 4
    index = np.pad(index, ((0, 0), (0, width % 2)))
    yield "sixteen", raw.bmp(width, height, 4, b"".join(
        raw.padded((row[0::2] << 4 | row[1::2]).tobytes()) for row in index[::-1]), palette)
    runs = b""
    for row in (rgb[:, :, 1] >> 4)[::-1]:
        runs += b"".join(bytes([1, value]) for value in row[:3]) + bytes([0, 5]) + row[3:8].tobytes() + b"\0"
        runs += bytes([width - 8, row[9]]) + b"\0\0"
    yield "run-length", raw.bmp(width, height, 8, runs + b"\0\1", palette + b"\0" * (1024 - 64), compression=1)


def webp_files(photo):
    alpha = Image.fromarray((np.add.outer(np.arange(photo.height) * 9, np.arange(photo.width) * 7) % 256).astype(np.uint8))
    transparent = Image.merge("RGBA", (*photo.split(), alpha))
    yield "lossless", saved(photo, "WEBP", lossless=True)
    yield "lossless-alpha", saved(transparent, "WEBP", lossless=True, exact=True)
    yield "lossless-palette", saved(photo.quantize(9).convert("RGB"), "WEBP", lossless=True)
    yield "lossless-exif", saved(photo, "WEBP", lossless=True, exif=raw.exif(6))
    yield "lossless-xmp", saved(photo, "WEBP", lossless=True, xmp=raw.xmp(8))
    yield "lossless-profile", saved(photo, "WEBP", lossless=True, icc_profile=raw.swapped_profile())
    yield "lossy", saved(photo, "WEBP", quality=90)
    yield "lossy-poor", saved(photo, "WEBP", quality=10)
    yield "lossy-alpha", saved(transparent, "WEBP", quality=90, exact=True)
    yield "lossy-profile", saved(photo, "WEBP", quality=90, icc_profile=raw.swapped_profile())
    yield "animated", saved(photo, "WEBP", lossless=True, save_all=True, append_images=[photo.rotate(180)])


def write_decoding(photo, out):
    out.mkdir()
    photo = photo.crop((110, 60, 333, 231)).resize((61, 47), Image.Resampling.LANCZOS)
    cases = []
    for kind, files in [("png", png_files), ("jpg", jpeg_files), ("gif", gif_files), ("bmp", bmp_files),
                        ("webp", webp_files)]:
        for name, data in files(photo):
            file = f"{name}.{kind}"
            (out / file).write_bytes(data)
            try:
                pixels = loaded(data)
            except Exception as problem:
                raise RuntimeError(f"Pillow does not read {file}") from problem
            if file == "grey16.png":
                # Pillow makes every sample above 255 white; the upper byte is what it takes of all other 16-bit samples.
                samples = np.repeat(np.array(Image.open(io.BytesIO(data)))[:, :, None], 3, axis=2)
                assert (pixels == np.minimum(samples, 255)).all()
                pixels = (samples >> 8).astype(np.uint8)
            case = dict(file=file, height=pixels.shape[0], width=pixels.shape[1], sha256=sha256(pixels))
            if kind == "jpg" or "lossy" in name:
                case["pixels"] = f"{kind}-{name}.expected.png"
                Image.fromarray(pixels).save(out / case["pixels"], optimize=True)
            cases.append(case)
    write_json(out / "cases.json", cases)


def main(photos, out):
    versions("numpy", "pillow", "safetensors", "transformers")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    images = photographs(photos)
    write_resampling(images, out / "resampling")
    write_processors(images[0], out / "processors")
    write_decoding(images[0], out / "decoding")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
