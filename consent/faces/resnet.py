"""dlib's face network, read from the file that face_recognition brings and run by onnxruntime.

dlib's wheel computes it without a linear algebra library: 62 ms for a face where this takes 3, for the same numbers to
six decimals. The file names the layers one after the other, from the picture to the vector; a residual block is closed
by `add_prev`, and one that halves the picture has an `avg_pool` before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

MODEL_DIGEST = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
"""SHA-256 of the file that can be read here; dlib's format is not described for others."""

SIDE = 150
# dlib's input layer: what is taken off red, green and blue, after which all are divided by 256.
_AVERAGE = np.array([122.782, 117.001, 104.298], np.float32)
_LAYER = re.compile(rb"con_4|affine_|relu_|max_pool_2|avg_pool_2|add_prev_|fc_2")


class Network:
    """The network, ready to run on one thread."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def __call__(self, chips: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
        """128 numbers for each upright face of 150 × 150 pixels; any number of them at once."""
        pictures = (np.asarray(chips, np.float32) - _AVERAGE) / 256
        return np.asarray(self._session.run(None, {"faces": pictures.transpose(0, 3, 1, 2)})[0], np.float64)


def read(file: Path) -> Network | None:
    """The network of that file; None where it is not the file known here."""
    content = file.read_bytes()
    if sha256(content).hexdigest() != MODEL_DIGEST:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = _translate(content).SerializeToString()
    return Network(onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]))


@dataclass(frozen=True)
class _Maps:
    """What one layer gives: `channels` maps of `side` × `side`, under a name."""

    name: str
    channels: int
    side: int


class _Reader:
    """dlib's serialised numbers, from a place in the file onwards."""

    def __init__(self, content: bytes, place: int) -> None:
        self._content, self._place = content, place

    def integer(self) -> int:
        """A byte that holds the sign and the length, then as many bytes, the lowest first."""
        length = self._content[self._place] & 0x0F
        start = self._place + 1
        self._place = start + length
        # None of the numbers wanted here is negative.
        return int.from_bytes(self._content[start : self._place], "little")

    def integers(self, count: int) -> list[int]:
        return [self.integer() for _ in range(count)]

    def tensor(self) -> NDArray[np.float32]:
        """A version, four sides, then plain floats; flat."""
        _, *sides = self.integers(5)
        start, count = self._place, int(np.prod(sides))
        self._place += 4 * count
        return np.frombuffer(self._content, "<f4", count, start).astype(np.float32)


class _Graph:
    """The same layers as an ONNX graph, built from the picture upwards."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.here = _Maps("faces", 3, SIDE)
        self._entry = self.here  # where the present residual block began
        self._shortcut: _Maps | None = None  # past it, where it halves the picture
        self._closes_block = False
        self._convolution: tuple[NDArray[np.float32], NDArray[np.float32], int, int] | None = None

    def con(self, reader: _Reader) -> None:
        """Kept until the `affine` that always follows, which is folded into it."""
        numbers = reader.tensor()
        filters, height, width, stride, _, padding, _ = reader.integers(7)
        kernel = numbers[: filters * self.here.channels * height * width]
        shaped = kernel.reshape(filters, self.here.channels, height, width)
        self._convolution = shaped, numbers[kernel.size :], stride, padding

    def affine(self, reader: _Reader) -> None:
        assert self._convolution is not None  # noqa: S101 - so it is in the one file that is read
        kernel, bias, stride, padding = self._convolution
        scale, shift = np.split(reader.tensor(), 2)
        inputs = [kernel * scale[:, None, None, None], bias * scale + shift]
        side = (self.here.side + 2 * padding - kernel.shape[2]) // stride + 1
        self.here = self._add(
            "Conv",
            [self.here.name, *map(self._weigh, inputs)],
            len(bias),
            side,
            strides=[stride] * 2,
            pads=[padding] * 4,
        )

    def relu(self, _: _Reader) -> None:
        self.here = self._add("Relu", [self.here.name], self.here.channels, self.here.side)
        if self._closes_block:
            self._entry, self._closes_block = self.here, False

    def max_pool(self, reader: _Reader) -> None:
        self.here = self._entry = self._pool("MaxPool", self.here, *reader.integers(4))

    def avg_pool(self, reader: _Reader) -> None:
        kernel = reader.integers(4)
        if kernel[0]:
            self._shortcut = self._pool("AveragePool", self._entry, *kernel)
        else:  # over everything, at the end
            self.here = self._add("GlobalAveragePool", [self.here.name], self.here.channels, 1)

    def add_prev(self, _: _Reader) -> None:
        """The block and its shortcut; the smaller of the two is filled up with zeros."""
        parts = self.here, self._shortcut or self._entry
        channels, side = max(part.channels for part in parts), max(part.side for part in parts)
        names = [self._fill_up(part, channels, side) for part in parts]
        self.here = self._add("Add", names, channels, side)
        self._shortcut, self._closes_block = None, True

    def fc(self, reader: _Reader) -> None:
        outputs, inputs = reader.integers(2)
        flat = self._add("Flatten", [self.here.name], inputs, 1)
        weights = self._weigh(reader.tensor().reshape(inputs, outputs))
        self.here = self._add("MatMul", [flat.name, weights], outputs, 1)

    def _pool(self, kind: str, maps: _Maps, height: int, width: int, stride: int, _: int) -> _Maps:
        side = (maps.side - height) // stride + 1
        return self._add(kind, [maps.name], maps.channels, side, kernel_shape=[height, width], strides=[stride] * 2)

    def _fill_up(self, maps: _Maps, channels: int, side: int) -> str:
        if (maps.channels, maps.side) == (channels, side):
            return maps.name
        ends = [0, 0, 0, 0, 0, channels - maps.channels, side - maps.side, side - maps.side]
        return self._add("Pad", [maps.name, self._weigh(np.array(ends, np.int64))], channels, side).name

    def _add(self, kind: str, inputs: list[str], channels: int, side: int, **settings: list[int]) -> _Maps:
        name = f"{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, inputs, [name], **settings))
        return _Maps(name, channels, side)

    def _weigh(self, numbers: NDArray[np.float32] | NDArray[np.int64]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(onnx.numpy_helper.from_array(np.ascontiguousarray(numbers), name))
        return name


def _translate(content: bytes) -> onnx.ModelProto:
    graph = _Graph()
    layers = {
        b"con_4": graph.con,
        b"affine_": graph.affine,
        b"relu_": graph.relu,
        b"max_pool_2": graph.max_pool,
        b"avg_pool_2": graph.avg_pool,
        b"add_prev_": graph.add_prev,
        b"fc_2": graph.fc,
    }
    for found in _LAYER.finditer(content):
        layers[found.group()](_Reader(content, found.end()))
    batch = onnx.helper.make_tensor_value_info("faces", onnx.TensorProto.FLOAT, ["count", 3, SIDE, SIDE])
    result = onnx.helper.make_tensor_value_info(graph.here.name, onnx.TensorProto.FLOAT, ["count", graph.here.channels])
    whole = onnx.helper.make_graph(graph.nodes, "face", [batch], [result], graph.weights)
    model = onnx.helper.make_model(whole, opset_imports=[onnx.helper.make_opsetid("", 13)])
    model.ir_version = 8  # the oldest with this operator set; a newer one than onnxruntime's would be refused
    return model
