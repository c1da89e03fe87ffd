"""Contrastive fine-tuning with Sentence Transformers, made to end within an hour on two cores (extra `models`).

Word embeddings and the lower layers stay frozen: what they give for a text is computed once and kept, so a step costs
only the upper layers. The loss is the usual one with in-batch negatives (InfoNCE, both directions), texts of the same
topic left out. At the end the weights are averaged with those from before, which keeps what the model knew of
everything it was not trained on (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedders.base import EmbedderError
from retrieval.training.texts import Batches, Pair, TrainingText

Progress = Callable[[str, float], None]
MAX_TOKENS = 64  # of one text: questions are far shorter, and a lesson's text is known by its first lines


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `keep`: share of the new weights in the average with the old ones."""

    epochs: float = 1.0
    batch: int = 32
    rate: float = 3e-5
    layers: int = 3  # upper layers that are trained
    temperature: float = 0.05
    keep: float = 0.5
    seed: int = 7


def tune(source: Path, texts: Sequence[TrainingText], target: Path, recipe: Recipe, progress: Progress) -> dict[str, float]:
    """Train the Sentence Transformers folder `source` on `texts` and save the result as folder `target`.

    Returns the loss at the start and at the end. Raises EmbedderError without the extra, or with fewer than two topics.
    """
    torch, transformer = libraries()
    if len({text.topic for text in texts if text.is_question}) < 2:
        raise EmbedderError("Training needs questions of at least two topics.")
    torch.manual_seed(recipe.seed)
    model = transformer(str(source), device="cpu", local_files_only=True)
    encoder = Encoder(torch, model, recipe.layers)
    before = {name: value.detach().clone() for name, value in encoder.bert.state_dict().items()}
    encoder.remember(texts, lambda share: progress("reading the texts", share))
    losses = fit(torch, encoder, texts, recipe, progress)
    encoder.bert.load_state_dict(average(torch, before, encoder.bert.state_dict(), recipe.keep))
    model.save(str(target))
    tenth = max(1, len(losses) // 10)
    return {"loss_start": float(np.mean(losses[:tenth])), "loss_end": float(np.mean(losses[-tenth:])), "steps": len(losses)}


def libraries() -> tuple[Any, Any]:
    """PyTorch and the class of models. Raises EmbedderError without the extra `models`."""
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderError("sentence-transformers is not installed: run `pip install 'hocvuso[models]'`.") from error
    return torch, SentenceTransformer


def average(torch: Any, before: dict[str, Any], after: dict[str, Any], keep: float) -> dict[str, Any]:
    """The weights between those two states, `keep` of the way to the later one."""
    return {name: torch.lerp(before[name], value, keep) if value.is_floating_point() else value for name, value in after.items()}


class Encoder:
    """The model in two halves: the frozen one, whose output is kept for every text, and the one that is trained."""

    def __init__(self, torch: Any, model: Any, layers: int) -> None:
        self._torch, self._model = torch, model
        self.bert = model[0].auto_model
        blocks = list(self.bert.encoder.layer)
        self._lower, self._upper = blocks[:-layers], blocks[-layers:]
        self.bert.requires_grad_(False)
        for block in self._upper:
            block.requires_grad_(True)
        self.bert.eval()  # no dropout: the kept halves must fit, and few steps need little of it
        self._kept: list[Any] = []
        self._read: dict[tuple[int, str], Any] = {}
        prompts = dict(model.prompts or {})
        self._question_prefix, self._passage_prefix = prompts.get("query", "query: "), prompts.get("passage", "passage: ")

    @property
    def trained(self) -> list[Any]:
        return [parameter for parameter in self.bert.parameters() if parameter.requires_grad]

    def remember(
        self, texts: Sequence[TrainingText], progress: Callable[[float], None], tokens: int = MAX_TOKENS, size: int = 64
    ) -> None:
        """Run the frozen half over all texts, the short ones together; what was read before is not read again."""
        prefixed = [(self._question_prefix if text.is_question else self._passage_prefix) + text.text for text in texts]
        keys = list(zip(map(len, self._tokens(prefixed, tokens, padding=False)["input_ids"]), prefixed, strict=True))
        order = sorted({key for key in keys if key not in self._read})
        for start in range(0, len(order), size):
            some = order[start : start + size]
            with self._torch.inference_mode():
                found = self._tokens([text for _, text in some], tokens, return_tensors="pt")
                hidden = self.bert.embeddings(input_ids=found["input_ids"])
                hidden = self._through(self._lower, hidden, found["attention_mask"])
            for row, (length, text) in enumerate(some):
                self._read[length, text] = hidden[row, :length].to(self._torch.float16).clone()
            progress((start + len(some)) / len(order))
        self._kept = [self._read[key] for key in keys]

    def _tokens(self, texts: Sequence[str], tokens: int, padding: bool = True, **more: Any) -> Any:
        return self._model.tokenizer(
            list(texts), padding=padding, truncation=True, max_length=tokens, return_token_type_ids=False, **more
        )

    def _through(self, blocks: Sequence[Any], hidden: Any, mask: Any) -> Any:
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for block in blocks:
            given = block(hidden, bias)
            hidden = given[0] if isinstance(given, tuple) else given
        return hidden

    def embed(self, rows: Sequence[int], parts: int = 4) -> Any:
        """Unit vectors of the remembered texts with those numbers, with gradients; shape (rows, dimension).

        Short and long texts go through apart, which saves most of the padding.
        """
        order = np.argsort([len(self._kept[n]) for n in rows], kind="stable")
        found = self._torch.cat(
            [self._embed([self._kept[rows[n]] for n in part]) for part in np.array_split(order, parts) if len(part)]
        )
        return found[np.argsort(order)]

    def _embed(self, kept: Sequence[Any]) -> Any:
        torch = self._torch
        hidden = torch.nn.utils.rnn.pad_sequence(list(kept), batch_first=True).float()
        lengths = torch.tensor([len(one) for one in kept])
        mask = (torch.arange(hidden.shape[1])[None, :] < lengths[:, None]).float()
        hidden = self._through(self._upper, hidden, mask)
        mean = (hidden * mask[:, :, None]).sum(dim=1) / lengths[:, None]
        return torch.nn.functional.normalize(mean, dim=1)

    def vectors(self, size: int = 128) -> np.ndarray[Any, np.dtype[np.float32]]:
        """All remembered texts as they are embedded now, those of like length together."""
        order = sorted(range(len(self._kept)), key=lambda n: len(self._kept[n]))
        with self._torch.inference_mode():
            parts = [self.embed(order[start : start + size], 1).numpy() for start in range(0, len(order), size)]
        found = np.concatenate(parts)
        vectors = np.empty_like(found)
        vectors[order] = found
        return vectors


def fit(torch: Any, encoder: Encoder, texts: Sequence[TrainingText], recipe: Recipe, progress: Progress) -> list[float]:
    """Train the upper layers on the texts that `encoder` remembers. Returns the losses."""
    batches = Batches(texts, encoder.vectors(), recipe.batch, recipe.seed)
    steps = max(1, round(len(batches) * recipe.epochs))
    optimiser = torch.optim.AdamW(encoder.trained, lr=recipe.rate, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / (0.1 * steps), 1.0) * (1 - step / steps))
    losses: list[float] = []
    for step in range(steps):
        loss = _loss(torch, encoder, batches.draw(), recipe.temperature)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.trained, 1.0)
        optimiser.step()
        plan.step()
        losses.append(loss.item())
        progress(f"training, loss {np.mean(losses[-20:]):.3f}", (step + 1) / steps)
    return losses


def _loss(torch: Any, encoder: Encoder, pairs: Sequence[Pair], temperature: float) -> Any:
    """InfoNCE in both directions; other texts of a pair's own topic are neither near nor far."""
    questions, partners = encoder.embed([p.question for p in pairs]), encoder.embed([p.partner for p in pairs])
    topics = torch.tensor([p.topic for p in pairs])
    same = (topics[:, None] == topics[None, :]) & ~torch.eye(len(pairs), dtype=torch.bool)
    scores = (questions @ partners.T / temperature).masked_fill(same, -1e4)
    right = torch.arange(len(pairs))
    return (torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)) / 2
