"""Image files that Pillow does not write: PNG, BMP, GIF and JPEG put together or changed byte by byte."""

import struct
import zlib

import numpy as np

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed_rows(samples, depth):
    """The rows of samples (H, W, C), each of `depth` bits, with the byte of filter 0 before each."""
    out = b""
    for row in samples:
        if depth == 16:
            out += b"\0" + row.astype(">u2").tobytes()
        elif depth == 8:
            out += b"\0" + row.astype("u1").tobytes()
        else:
            bits = ((row.reshape(-1, 1) >> np.arange(depth - 1, -1, -1)) & 1).astype("u1")
            out += b"\0" + np.packbits(bits.reshape(-1)).tobytes()
    return out


def png(samples, depth, colour, before=b"", interlaced=False, after=b"", end=True):
    samples = np.asarray(samples)
    if samples.ndim == 2:
        samples = samples[:, :, None]
    height, width = samples.shape[:2]
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        raw = b"".join(packed_rows(part, depth) for part in passes if part.size)
    else:
        raw = packed_rows(samples, depth)
    data = zlib.compress(raw, 9)
    half = len(data) // 2
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data[:half])
            + chunk(b"IDAT", data[half:]) + after + (chunk(b"IEND", b"") if end else b""))


def bmp(width, height, bits, rows, palette=b"", masks=b"", compression=0, os2=False, extra=b"", header=40):
    """A BMP file; `rows` are the bytes of the pixels as they stand in the file."""
    if os2:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(rows), 2835, 2835, 0, 0)
    start = 14 + len(info) + len(masks) + len(palette) + len(extra)
    return (b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + info + masks + extra + palette + rows)


def padded(row):
    return row + b"\0" * (-len(row) % 4)


def segments(jpeg):
    """(marker, position, length with marker) of the segments before the first scan."""
    at = 2
    while True:
        marker = jpeg[at + 1]
        if marker == 0xDA:
            return
        length = 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        yield marker, at, length
        at += length


def without(jpeg, markers):
    out = jpeg
    for marker, at, length in reversed(list(segments(jpeg))):
        if marker in markers:
            out = out[:at] + out[at + length:]
    return out


def with_segment(jpeg, marker, data):
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def patched(jpeg, marker, offset, value):
    """One byte of the first segment with this marker, `offset` counted from the marker."""
    at = next(at for found, at, _ in segments(jpeg) if found == marker)
    return jpeg[:at + offset] + bytes([value]) + jpeg[at + offset + 1:]


def frame_names(jpeg, names):
    """Other names for the components, in the frame and in the scan."""
    at = next(at for found, at, _ in segments(jpeg) if found == 0xC0)
    out = bytearray(jpeg)
    scan = max(at + length for _, at, length in segments(jpeg))
    for i, name in enumerate(names):
        out[at + 10 + 3 * i] = name
        out[scan + 5 + 2 * i] = name
    return bytes(out)


def swapped_profile():
    """An sRGB-like ICC profile whose primaries for red and green are exchanged: whoever applies it turns the colours round."""
    def s15(value):
        return struct.pack(">i", round(value * 65536))

    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(s15(v) for v in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, int(2.2 * 256)) + b"\0\0"
    text = b"text\0\0\0\0swapped\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", 8) + b"swapped\0" + b"\0" * 78
    red, green, blue = (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)
    tags = [(b"desc", description), (b"cprt", text), (b"wtpt", xyz(0.9642, 1.0, 0.8249)), (b"rXYZ", xyz(*green)),
            (b"gXYZ", xyz(*red)), (b"bXYZ", xyz(*blue)), (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags:
        table += name + struct.pack(">II", start + len(data), len(content))
        data += content + b"\0" * (-len(content) % 4)
    size = start + len(data)
    header = (struct.pack(">I", size) + b"\0" * 4 + struct.pack(">I", 0x02400000) + b"mntrRGB XYZ "
              + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28 + s15(0.9642) + s15(1.0) + s15(0.8249))
    return header + b"\0" * (128 - len(header)) + table + data


def exif(orientation, little=False):
    """EXIF data with orientation and, in a second directory, that of a thumbnail, which must not count."""
    order = "<" if little else ">"
    def directory(value, following):
        return struct.pack(order + "HHHIHHI", 1, 0x112, 3, 1, value, 0, following)
    head = (b"II*\0" if little else b"MM\0*") + struct.pack(order + "I", 8)
    return b"Exif\0\0" + head + directory(orientation, 8 + 18) + directory(1 + orientation % 8, 0)


def xmp(orientation):
    return (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description tiff:Orientation="%d" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"/></rdf:RDF></x:xmpmeta>'
            % orientation)
