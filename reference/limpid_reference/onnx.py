"""Reads the weights of an ONNX file: just enough of protobuf's wire format for initialisers and nodes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

# Field numbers of onnx.proto.
MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER = 1, 5
NODE_INPUT, NODE_OUTPUT, NODE_OP_TYPE = 1, 2, 4
TENSOR_DIMS, TENSOR_DATA_TYPE, TENSOR_NAME, TENSOR_RAW_DATA = 1, 2, 8, 9
DATA_TYPES = {1: "<f4", 7: "<i8"}

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Node:
    op: str
    inputs: list[str]
    outputs: list[str]


def _varint(data, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _fields(data) -> Iterator[tuple[int, object]]:
    """(field number, value) of one message: an int, or the bytes of a length-delimited field."""
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind == LENGTH:
            length, at = _varint(data, at)
            value, at = data[at:at + length], at + length
        elif kind in (FIXED32, FIXED64):
            width = 4 if kind == FIXED32 else 8
            value, at = data[at:at + width], at + width
        else:
            raise ValueError(f"wire type {kind} is not one of protobuf's")
        yield key >> 3, value


def _text(value) -> str:
    return bytes(value).decode("utf-8")


def _node(data) -> Node:
    parts = list(_fields(data))
    inputs, outputs, ops = (
        [_text(value) for number, value in parts if number == wanted]
        for wanted in (NODE_INPUT, NODE_OUTPUT, NODE_OP_TYPE)
    )
    return Node(ops[0], inputs, outputs)


def _tensor(data) -> tuple[str, np.ndarray]:
    name, dims, data_type, raw = "", [], 0, b""
    for number, value in _fields(data):
        if number == TENSOR_DIMS:
            if isinstance(value, int):
                dims.append(value)
            else:
                at = 0
                while at < len(value):
                    dim, at = _varint(value, at)
                    dims.append(dim)
        elif number == TENSOR_DATA_TYPE:
            data_type = value
        elif number == TENSOR_NAME:
            name = _text(value)
        elif number == TENSOR_RAW_DATA:
            raw = value
    if data_type not in DATA_TYPES:
        raise ValueError(f"initialiser {name} has data type {data_type}; known are {sorted(DATA_TYPES)}")
    return name, np.frombuffer(bytes(raw), DATA_TYPES[data_type]).reshape(dims)


def read(data: bytes) -> tuple[dict[str, np.ndarray], list[Node]]:
    """The initialisers by name and the nodes in file order."""
    graph = next(value for number, value in _fields(memoryview(data)) if number == MODEL_GRAPH)
    parts = list(_fields(graph))
    initialisers = dict(_tensor(value) for number, value in parts if number == GRAPH_INITIALIZER)
    return initialisers, [_node(value) for number, value in parts if number == GRAPH_NODE]


def named_weights(data: bytes) -> dict[str, np.ndarray]:
    """The parameters under their names in the model that was exported.

    The exporter folds each Linear into MatMul + Add and keeps the weight as an anonymous [in,out] initialiser: its
    name is that of the bias which the Add brings in, and it is transposed back to [out,in].
    """
    initialisers, nodes = read(data)
    weights = {name: array for name, array in initialisers.items() if not name.startswith("onnx::")}
    bias_added_to = {
        source: other
        for node in nodes if node.op == "Add"
        for source, other in (node.inputs, node.inputs[::-1])
        if other.endswith(".bias")
    }
    for node in nodes:
        if node.op == "MatMul" and node.inputs[1] in initialisers:
            bias = bias_added_to[node.outputs[0]]
            weights[bias.removesuffix("bias") + "weight"] = np.ascontiguousarray(initialisers[node.inputs[1]].T)
    return weights
