"""Writes a BERT sentence encoder as an ONNX graph, with the `onnx` package alone.

Input `ids`: int64 (1, tokens). Output `embedding`: float32 (1, hidden), mean of all tokens, length 1.

Matrices are int8 in blocks of 32 weights and multiplied in int8 (`MatMulNBits`). Measured against one scale
per output (`DynamicQuantizeMatMul`): half the speed, but a cosine to float32 of 0.9999 instead of 0.991–0.998,
and no overflow on processors without VNNI. One text at a time: padding would cost more than batching gains.

The tensors lie in a file of their own, which ONNX Runtime maps into memory: of the word table only the
rows in use become resident, and processes share them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from retrieval.embedders.model_store import MODEL_FILE
from retrieval.embedders.weights import BLOCK, Blocks, EncoderWeights, Floats

TENSORS_FILE = "tensors.bin"
_PAGE = 65_536  # Windows maps files in steps of 64 kB
_MICROSOFT = "com.microsoft"
_INLINE = 16_384
_INT8_COMPUTE = 4  # MatMulNBits accuracy level: activations in int8, one scale per block of each row


def write_graph(weights: EncoderWeights, folder: Path, *, int8: bool = True) -> None:
    """Write `model.onnx` and `tensors.bin` into an existing folder.

    Args:
        weights: the encoder.
        folder: where to.
        int8: matrices in int8; False keeps float32 (a reference for tests).
    """
    with (folder / TENSORS_FILE).open("wb") as tensors:
        model = _Writer(weights, int8, tensors).model()
    (folder / MODEL_FILE).write_bytes(model.SerializeToString())


class _Writer:
    """Nodes and tensors of the graph in the making; methods take and return names of values."""

    def __init__(self, weights: EncoderWeights, int8: bool, file: BinaryIO) -> None:
        self._weights = weights
        self._int8 = int8
        self._file = file
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def model(self) -> ModelProto:
        hidden = self._weights.shape.hidden
        last = self._encoder()
        mean = self._node("ReduceMean", last, self._constant("pool.axes", np.array([1])), keepdims=0)
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["embedding"], axis=-1, p=2))
        graph = helper.make_graph(
            self._nodes,
            "sentence-encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, hidden])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="hocvuso")

    def _encoder(self) -> str:
        value = self._norm(self._embeddings(), "emb.ln")
        for layer in range(self._weights.shape.layers):
            value = self._norm(self._add(self._attention(value, f"l{layer}."), value), f"l{layer}.aln")
            value = self._norm(self._add(self._feed_forward(value, f"l{layer}."), value), f"l{layer}.oln")
        return value

    def _embeddings(self) -> str:
        words, tensors = self._weights.words, self._weights.tensors
        values = self._looked_up(self._constant("word.values", words.values))
        scales = self._looked_up(self._constant("word.scales", words.scales[:, :, None]))
        target = self._constant("word.shape", np.array([1, -1, self._weights.shape.hidden]))
        words_used = self._node("Reshape", self._node("Mul", values, scales), target)
        # With one token type in use, its vector is part of every position.
        positions = self._constant("positions", tensors["emb.pos"] + tensors["emb.type"][0])
        zero = self._constant("zero", np.array([0]))
        count = self._node("Shape", "ids", start=1, end=2)
        return self._add(words_used, self._node("Slice", positions, zero, count, zero))

    def _looked_up(self, table: str) -> str:
        return self._node("Cast", self._node("Gather", table, "ids"), to=TensorProto.FLOAT)

    def _attention(self, value: str, layer: str) -> str:
        heads = self._weights.shape.heads
        tensors = self._weights.tensors
        matrix = np.concatenate([tensors[f"{layer}{part}.w"] for part in "qkv"])
        bias = np.concatenate([tensors[f"{layer}{part}.b"] for part in "qkv"])
        joined = self._linear(value, f"{layer}qkv", matrix, bias)
        parts = self._nodes_out("Split", 3, joined, num_outputs=3, axis=-1)
        mixed = self._node("MultiHeadAttention", *parts, domain=_MICROSOFT, num_heads=heads)
        return self._linear(mixed, f"{layer}ao", tensors[f"{layer}ao.w"], tensors[f"{layer}ao.b"])

    def _feed_forward(self, value: str, layer: str) -> str:
        tensors = self._weights.tensors
        wide = self._linear(value, f"{layer}fi", tensors[f"{layer}fi.w"], tensors[f"{layer}fi.b"])
        return self._linear(self._node("Gelu", wide), f"{layer}fo", tensors[f"{layer}fo.w"], tensors[f"{layer}fo.b"])

    def _linear(self, value: str, name: str, matrix: Floats, bias: Floats) -> str:
        bias_name = self._constant(f"{name}.b", bias)
        if not self._int8:
            return self._add(self._node("MatMul", value, self._constant(f"{name}.w", matrix.T.copy())), bias_name)
        return self._blocked(value, name, Blocks.from_floats(matrix), bias_name)

    def _blocked(self, value: str, name: str, matrix: Blocks, bias: str) -> str:
        outputs, blocks, _ = matrix.values.shape
        shifted = (matrix.values.astype(np.int16) + 128).astype(np.uint8)  # the operator's zero point
        tensors = (self._constant(f"{name}.w", shifted), self._constant(f"{name}.s", matrix.scales.astype(np.float32)))
        sizes = {"N": outputs, "K": blocks * BLOCK, "bits": 8, "block_size": BLOCK, "accuracy_level": _INT8_COMPUTE}
        return self._node("MatMulNBits", value, *tensors, "", "", bias, domain=_MICROSOFT, **sizes)

    def _norm(self, value: str, name: str) -> str:
        tensors = self._weights.tensors
        ends = [self._constant(f"{name}.{end}", tensors[f"{name}.{end}"]) for end in "wb"]
        return self._node("LayerNormalization", value, *ends, axis=-1, epsilon=self._weights.shape.epsilon)

    def _add(self, left: str, right: str) -> str:
        return self._node("Add", left, right)

    def _constant(self, name: str, array: NDArray[Any]) -> str:
        if name not in self._constants:
            small = array.nbytes < _INLINE
            self._constants[name] = numpy_helper.from_array(array, name) if small else self._in_file(name, array)
        return name

    def _in_file(self, name: str, array: NDArray[Any]) -> TensorProto:
        """Append a tensor to the file at a page boundary and describe where it lies."""
        self._file.write(b"\0" * (-self._file.tell() % _PAGE))
        place = {"location": TENSORS_FILE, "offset": self._file.tell(), "length": array.nbytes}
        self._file.write(np.ascontiguousarray(array).data)
        tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self._nodes_out(kind, 1, *inputs, **attributes)[0]

    def _nodes_out(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        outputs = [f"{kind}.{len(self._nodes)}.{index}" for index in range(count)]
        self._nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))
        return outputs
