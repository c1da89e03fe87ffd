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
    torch, transformer = _libraries()
    if len({text.topic for text in texts if text.is_question}) < 2:
        raise EmbedderError("Training needs questions of at least two topics.")
    torch.manual_seed(recipe.seed)
    model = transformer(str(source), device="cpu", local_files_only=True)
    encoder = _Encoder(torch, model, recipe.layers)
    before = {name: value.detach().clone() for name, value in encoder.bert.state_dict().items()}
    encoder.remember(texts, lambda share: progress("reading the texts", share))
    batches = Batches(texts, encoder.vectors(), recipe.batch, recipe.seed)
    losses = _train(torch, encoder, batches, recipe, progress)
    encoder.bert.load_state_dict(_average(torch, before, encoder.bert.state_dict(), recipe.keep))
    model.save(str(target))
    tenth = max(1, len(losses) // 10)
    return {"loss_start": float(np.mean(losses[:tenth])), "loss_end": float(np.mean(losses[-tenth:])), "steps": len(losses)}


def _libraries() -> tuple[Any, Any]:
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderError("sentence-transformers is not installed: run `pip install 'hocvuso[models]'`.") from error
    return torch, SentenceTransformer


def _average(torch: Any, before: dict[str, Any], after: dict[str, Any], keep: float) -> dict[str, Any]:
    return {name: torch.lerp(before[name], value, keep) if value.is_floating_point() else value for name, value in after.items()}


class _Encoder:
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
        prompts = dict(model.prompts or {})
        self._question_prefix, self._passage_prefix = prompts.get("query", "query: "), prompts.get("passage", "passage: ")

    @property
    def trained(self) -> list[Any]:
        return [parameter for parameter in self.bert.parameters() if parameter.requires_grad]

    def remember(self, texts: Sequence[TrainingText], progress: Callable[[float], None], size: int = 64) -> None:
        """Run the frozen half over all texts, the short ones together."""
        prefixed = [(self._question_prefix if text.is_question else self._passage_prefix) + text.text for text in texts]
        order = sorted(range(len(prefixed)), key=lambda n: len(prefixed[n]))
        self._kept = [None] * len(prefixed)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            with self._torch.inference_mode():
                found = self._tokens([prefixed[n] for n in rows])
                hidden = self.bert.embeddings(input_ids=found["input_ids"])
                hidden = self._through(self._lower, hidden, found["attention_mask"])
            for row, n in enumerate(rows):
                length = int(found["attention_mask"][row].sum())
                self._kept[n] = hidden[row, :length].to(self._torch.float16).clone()
            progress((start + len(rows)) / len(order))

    def _tokens(self, texts: Sequence[str]) -> Any:
        return self._model.tokenizer(
            list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt", return_token_type_ids=False
        )

    def _through(self, blocks: Sequence[Any], hidden: Any, mask: Any) -> Any:
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for block in blocks:
            given = block(hidden, bias)
            hidden = given[0] if isinstance(given, tuple) else given
        return hidden

    def embed(self, rows: Sequence[int]) -> Any:
        """Unit vectors of the remembered texts with those numbers, with gradients; shape (rows, dimension)."""
        torch = self._torch
        kept = [self._kept[n] for n in rows]
        hidden = torch.nn.utils.rnn.pad_sequence(kept, batch_first=True).float()
        lengths = torch.tensor([len(one) for one in kept])
        mask = (torch.arange(hidden.shape[1])[None, :] < lengths[:, None]).float()
        hidden = self._through(self._upper, hidden, mask)
        mean = (hidden * mask[:, :, None]).sum(dim=1) / lengths[:, None]
        return torch.nn.functional.normalize(mean, dim=1)

    def vectors(self, size: int = 128) -> np.ndarray[Any, np.dtype[np.float32]]:
        """All remembered texts as they are embedded now."""
        with self._torch.inference_mode():
            rows = range(len(self._kept))
            parts = [self.embed(rows[start : start + size]).numpy() for start in range(0, len(rows), size)]
        return np.concatenate(parts)


def _train(torch: Any, encoder: _Encoder, batches: Batches, recipe: Recipe, progress: Progress) -> list[float]:
    steps = max(1, round(len(batches) * recipe.epochs))
    optimiser = torch.optim.AdamW(encoder.trained, lr=recipe.rate, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / (0.1 * steps), 1.0) * (1 - step / steps))
    losses: list[float] = []
    for step in range(steps):
        pairs = batches.draw()
        loss = _loss(torch, encoder, pairs, recipe.temperature)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.trained, 1.0)
        optimiser.step()
        plan.step()
        losses.append(float(loss))
        progress(f"training, loss {np.mean(losses[-20:]):.3f}", (step + 1) / steps)
    return losses


def _loss(torch: Any, encoder: _Encoder, pairs: Sequence[Pair], temperature: float) -> Any:
    """InfoNCE in both directions; other texts of a pair's own topic are neither near nor far."""
    questions, partners = encoder.embed([p.question for p in pairs]), encoder.embed([p.partner for p in pairs])
    topics = torch.tensor([p.topic for p in pairs])
    same = (topics[:, None] == topics[None, :]) & ~torch.eye(len(pairs), dtype=torch.bool)
    scores = (questions @ partners.T / temperature).masked_fill(same, -1e4)
    right = torch.arange(len(pairs))
    return (torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)) / 2
